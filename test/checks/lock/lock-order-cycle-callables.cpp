// RUN: %check %s
// A guard made by make_unique, a functor given to std::thread and a generic lambda given to std::async are all seen.
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

std::mutex left, right;
int total;

class Section { // a guard, found from its bodies
public:
  explicit Section(std::mutex &m) : mutex_(m) { mutex_.lock(); }
  ~Section() { mutex_.unlock(); }
  Section(const Section &) = delete;

private:
  std::mutex &mutex_;
};

struct Functor {
  void operator()() const {
    auto first = std::make_unique<Section>(left);
    Section second(right);
    // CHECK: [[@LINE-1]]:13: error: 'right' is locked while 'left' is held; 'main()::lambda' locks them in the opposite order [heddle-lock-order-cycle]
    // CHECK: [[@LINE-3]]:18: note: thread 1: locks 'left'
    // CHECK: [[@LINE-3]]:13: note: thread 1: waits for 'right'
    // CHECK: [[@LINE+9]]:21: note: thread 2: locks 'right'
    // CHECK: [[@LINE+9]]:21: note: thread 2: waits for 'left'
    ++total;
  }
};

int main() {
  std::thread worker{Functor{}};
  auto task = std::async(std::launch::async, [](auto step) {
    std::lock_guard first(right);
    std::lock_guard second(left);
    total += step;
  }, 2);
  task.get();
  worker.join();
}
