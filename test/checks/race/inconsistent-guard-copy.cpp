// RUN: %check %s
// Two objects of one class: who holds his own lock reads the other's data without its lock. Who fills another may have it to himself.
#include <deque>
#include <mutex>

class Tracer {
public:
  void take(const Tracer &other) {
    std::lock_guard<std::mutex> lock(mutex_);
    queue_ = other.queue_; // CHECK: [[@LINE]]:5: warning: 'queue_' is read here without 'mutex_'
  }
  void add(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(value);
    ++count_;
  }
  void drain() {
    std::lock_guard<std::mutex> lock(mutex_);
    while (!queue_.empty())
      queue_.pop_front();
    count_ = 0;
  }
  void copyTo(Tracer &snapshot) {
    std::lock_guard<std::mutex> lock(mutex_);
    snapshot.count_ = count_;
  }

private:
  std::mutex mutex_;
  std::deque<int> queue_;
  int count_ = 0;
};
