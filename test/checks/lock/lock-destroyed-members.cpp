// RUN: %check %s -- -std=c++20
// The lock is declared behind the thread that takes it, and so destroyed before that is joined.
#include <mutex>
#include <thread>

class Counter {
public:
  Counter()
      : worker_([this] {
          std::lock_guard<std::mutex> hold(mutex_);
          ++count_;
        }) {}

private:
  int count_ = 0;
  std::jthread worker_;
  std::mutex mutex_;
};

int main() {
  Counter counter;
} // CHECK: [[@LINE]]:1: error: 'counter.mutex_' is destroyed while a lambda in 'Counter::Counter' may still lock it [heddle-lock-destroyed]
