// RUN: %check %s
// A class that owns a lock: no thread has to be seen. One getter forgot it, one statement comes after the unlock, one is in a log line.
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

class Queue {
public:
  explicit Queue(size_t limit) : limit_(limit) { items_.reserve(limit); }
  ~Queue() { items_.clear(); }

  void push(int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (items_.size() < limit_)
      items_.push_back(item);
    ++pushed_;
    open_ = true;
  }
  bool pop(int &item) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (items_.empty())
      return false;
    item = items_.back();
    items_.pop_back();
    lock.unlock();
    ++popped_;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'popped_' is written here without 'mutex_', which 2 of 3 accesses hold, in 'Queue::reset' to write it [heddle-inconsistent-guard]
    return true;
  }
  bool empty() const { return items_.empty(); }
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'items_' is read here without 'mutex_', which 6 of 7 accesses hold, in 'Queue::reset' to write it [heddle-inconsistent-guard]
  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.clear();
    pushed_ = popped_ = 0;
  }
  long balance() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return pushed_ - popped_;
  }
  void show() const {
    std::printf("%ld\n", pushed_);
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'pushed_' is read here without 'mutex_', which 3 of 4 accesses hold, in 'Queue::reset' to write it [heddle-inconsistent-guard]
  }
  size_t limit() const { return limit_; } // set for good by the constructor
  bool isOpen() {
    std::lock_guard<std::mutex> lock(mutex_);
    return open_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> items_;
  const size_t limit_;
  long pushed_ = 0, popped_ = 0;
  bool open_ = false;
};

int use(Queue &queue) {
  int item = 0;
  queue.push(1);
  queue.show();
  return queue.pop(item) && queue.empty() && queue.isOpen() && queue.limit() && queue.balance();
}
