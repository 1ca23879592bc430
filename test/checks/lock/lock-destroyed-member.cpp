// RUN: %check %s -- -std=c++20
// Members end in reverse order: the lock is gone before the thread is joined.
#include <mutex>
#include <thread>

class Sampler {
public:
  Sampler()
      : thread_([this] {
          std::lock_guard<std::mutex> guard(mutex_);
          ++samples_;
        }) {}
  ~Sampler() {}
  // CHECK: [[@LINE-1]]:3: error: 'this->mutex_' is destroyed before 'this->thread_' is joined, while a lambda in 'Sampler::Sampler' may still lock it [heddle-lock-destroyed]
  // CHECK: note: the thread that started it: 'this->mutex_' ends here
  // CHECK: note: the thread: locks it

private:
  int samples_ = 0;
  std::jthread thread_;
  std::mutex mutex_;
};

int main() { Sampler sampler; }
