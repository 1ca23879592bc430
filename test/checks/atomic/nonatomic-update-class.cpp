// RUN: %check %s
// No thread is seen: a member that is atomic and that two functions write is shared.
#include <atomic>
#include <mutex>

class Gauge {
public:
  Gauge() { level_ = level_ + 1; } // nobody else has it yet
  void raise(int by) {
    level_ = level_ + by; // CHECK: [[@LINE]]:5: warning: 'this->level_' is loaded and stored again in two steps; what another thread writes in between is lost [heddle-nonatomic-update]
  }
  void reset() { level_ = 0; }
  void count() { once_ = once_ + 1; } // the only function that writes it
  void add(int by) {
    std::lock_guard<std::mutex> guard(mutex_);
    sum_ = sum_ + by;
  }
  // One writer at a time, who spares the locked instruction.
  void note() { notes_.store(notes_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  void forget() { notes_.store(0, std::memory_order_relaxed); }
  void clear() {
    std::lock_guard<std::mutex> guard(mutex_);
    sum_ = 0;
  }

private:
  std::mutex mutex_;
  std::atomic<int> level_{0}, once_{0}, sum_{0}, notes_{0};
};

void use(Gauge &gauge) {
  gauge.raise(1);
  gauge.reset();
  gauge.count();
  gauge.add(2);
  gauge.clear();
  gauge.note();
  gauge.forget();
}
