// RUN: %check %s -- -std=c++20
// A destructor that takes the object's own lock says that others are still there.
#include <condition_variable>
#include <functional>
#include <mutex>

void later(std::function<void()> work);

class Store {
public:
  ~Store() {
    std::unique_lock<std::mutex> lock(mutex_);
    closing_ = true;
    while (running_)
      done_.wait(lock);
  }
  void schedule() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || running_)
      return;
    running_ = true;
    later([this] { compact(); });
  }

private:
  void compact() {
    for (int i = 0; i < 1000 && !closing_; ++i) // CHECK: [[@LINE]]:34: warning: 'closing_' is read here without 'mutex_'
      ++steps_;
    std::lock_guard<std::mutex> lock(mutex_);
    running_ = false;
    done_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable done_;
  bool closing_ = false, running_ = false;
  int steps_ = 0;
};
