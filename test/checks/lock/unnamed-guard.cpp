// RUN: %check %s
// Guards that guard nothing: of the library, of the project, through a wrapper of the lock; declared by mistake; of no lock.
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

class Ledger {
public:
  void add(int amount) {
    std::lock_guard<std::mutex>{mutex_};
    // CHECK: [[@LINE-1]]:5: error: the guard of 'this->mutex_' has no name and is destroyed at once; what follows runs without the lock [heddle-unnamed-guard]
    // CHECK: [[@LINE-2]]:5: note: this thread: locks 'this->mutex_'
    // CHECK: [[@LINE-3]]:5: note: this thread: releases it at the end of the statement
    // CHECK: [[@LINE+1]]:5: note: this thread: goes on with 'this->mutex_' unlocked
    entries_.push_back(amount);
    // CHECK: [[@LINE-6]]:5: note: fix: std::lock_guard<std::mutex> guard{{[0-9]*}}{mutex_}
    total_ += amount;
  }

  int total() {
    std::unique_lock<std::mutex>(this->mutex_);
    // CHECK: [[@LINE-1]]:5: error: the guard of 'this->mutex_' has no name {{.*}}[heddle-unnamed-guard]
    // CHECK: note: this thread: locks
    // CHECK: note: this thread: releases
    // CHECK: note: this thread: goes on
    // CHECK: note: fix: std::unique_lock<std::mutex> guard{{[0-9]*}}(this->mutex_)
    return total_;
  }

  void clear() {
    std::unique_lock<std::mutex>(mutex_);
    // CHECK: [[@LINE-1]]:34: error: this declares a guard named 'mutex_', which hides the lock of that name and locks nothing [heddle-unnamed-guard]
    // CHECK: [[@LINE-2]]:34: note: this thread: declares 'mutex_', a guard without a lock
    // CHECK: [[@LINE+4]]:3: note: this thread: the scope ends, in which nothing was locked
    // CHECK: [[@LINE-4]]:5: note: fix: std::unique_lock<std::mutex> guard{{[0-9]*}}(mutex_)
    entries_.clear();
    total_ = 0;
  }

private:
  std::mutex mutex_;
  std::vector<int> entries_;
  int total_ = 0;
};

// A project's own lock and guard: what they do stands in their bodies.
namespace port {
class Mutex {
public:
  void Lock() { mu_.lock(); }
  void Unlock() { mu_.unlock(); }

private:
  std::mutex mu_;
};

class MutexLock {
public:
  explicit MutexLock(Mutex *mu) : mu_(mu) { mu_->Lock(); }
  ~MutexLock() { mu_->Unlock(); }

private:
  Mutex *const mu_;
};
} // namespace port

port::Mutex table_lock;
int table_size;

void grow(bool twice) {
  if (twice) {
    port::MutexLock{&table_lock};
    // CHECK: [[@LINE-1]]:5: error: the guard of 'table_lock' has no name {{.*}}[heddle-unnamed-guard]
    // CHECK: note: this thread: locks 'table_lock'
    // CHECK: note: this thread: releases
    // CHECK: note: this thread: goes on
    // CHECK: note: fix: port::MutexLock guard{{[0-9]*}}{&table_lock}
    table_size *= 2;
  }
}

// A member of a base class, and a global, are hidden the same way; a shared guard too.
std::shared_mutex names_lock;
std::string name;
using Reading = std::shared_lock<std::shared_mutex>;

std::string read_name() {
  Reading(names_lock);
  // CHECK: [[@LINE-1]]:11: error: this declares a guard named 'names_lock', {{.*}}[heddle-unnamed-guard]
  // CHECK: note: this thread: declares 'names_lock'
  // CHECK: note: this thread: the scope ends
  // CHECK: note: fix: Reading guard{{[0-9]*}}(names_lock)
  return name;
}

void rename(const std::string &to) {
  std::scoped_lock writing;
  // CHECK: [[@LINE-1]]:20: error: the guard 'writing' is given no lock and locks nothing [heddle-unnamed-guard]
  // CHECK: [[@LINE-2]]:20: note: this thread: makes 'writing' of no lock
  // CHECK: [[@LINE-4]]:6: note: this thread: all of 'rename(const std::string &)' runs without it
  name = to;
}
