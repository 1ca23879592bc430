// RUN: %check %s
// Guards that have a lock and never take it.
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <string>

class Journal {
public:
  void append(int line) {
    std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    // CHECK: [[@LINE-1]]:34: error: 'lock' is made without locking 'this->mutex_' and never locked; 'this->lines_' is used without the lock [heddle-unlocked-guard]
    // CHECK: [[@LINE-2]]:34: note: this thread: leaves 'this->mutex_' unlocked
    // CHECK: [[@LINE+1]]:5: note: this thread: uses 'this->lines_'
    lines_ += line;
  }

  void retry(int line) {
    std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    // CHECK: [[@LINE-1]]:34: error: 'lock' tries to lock 'this->mutex_' and is never asked whether it did; 'this->lines_' may be used without the lock [heddle-unlocked-guard]
    // CHECK: [[@LINE-2]]:34: note: this thread: tries to lock 'this->mutex_'
    // CHECK: [[@LINE+1]]:5: note: this thread: uses 'this->lines_'
    lines_ = line;
  }

  void wait(int line) {
    std::unique_lock<std::timed_mutex> lock(slow_, std::chrono::milliseconds(5));
    // CHECK: [[@LINE-1]]:40: error: 'lock' tries to lock 'this->slow_' and is never asked {{.*}}[heddle-unlocked-guard]
    // CHECK: note: this thread: tries to lock
    // CHECK: note: this thread: uses
    lines_ = line;
  }

  int size() const {
    std::shared_lock<std::shared_mutex> lock(names_, std::defer_lock);
    // CHECK: [[@LINE-1]]:41: error: 'lock' is made without locking 'this->names_' {{.*}}[heddle-unlocked-guard]
    // CHECK: note: this thread: leaves
    // CHECK: note: this thread: uses 'this->lines_'
    return lines_;
  }

private:
  std::mutex mutex_;
  std::timed_mutex slow_;
  mutable std::shared_mutex names_;
  int lines_ = 0;
};

// The inner guard takes the lock over and releases it.
std::mutex stage;
int scene, act;

void play() {
  std::unique_lock<std::mutex> lock(stage);
  scene = 1;
  {
    std::unique_lock<std::mutex> inner = std::move(lock);
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'scene' is written after the lock of 'lock' was moved to another guard and released with it, though 'stage' is held where it is used before [heddle-unlocked-guard]
    // CHECK: note: this thread: moves the lock out of 'lock'
    // CHECK: [[@LINE+3]]:3: note: this thread: releases 'stage'
    // CHECK: [[@LINE+3]]:3: note: this thread: writes 'scene'
    act = 1;
  }
  scene = 2;
}
