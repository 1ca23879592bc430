// RUN: %check %s
// Atomics, once, static locals, tests under the lock alone, and a test after the lock that sets nothing.
#include <atomic>
#include <cstdio>
#include <mutex>

struct Config {
  int size = 0;
};

static std::mutex mutex;
static std::atomic<Config *> config{nullptr};
static Config *second;
static std::once_flag once;

Config *byAtomic() {
  Config *seen = config.load(std::memory_order_acquire);
  if (!seen) {
    std::lock_guard<std::mutex> guard(mutex);
    seen = config.load(std::memory_order_relaxed);
    if (!seen) {
      seen = new Config;
      config.store(seen, std::memory_order_release);
    }
  }
  return seen;
}

Config *byOnce() {
  std::call_once(once, [] { second = new Config; });
  return second;
}

Config *byStatic() {
  static Config own;
  return &own;
}

class Queue {
public:
  int take() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (size_ == 0)
      return -1;
    lock.unlock();
    prepare(); // something else
    lock.lock();
    if (size_ == 0)
      return -1;
    return --size_;
  }
  int local(int limit) {
    bool full = limit > 3;
    if (full) {
      std::lock_guard<std::mutex> lock(mutex_);
      if (full)
        size_ = 0;
    }
    return limit;
  }

private:
  static void prepare() { std::puts("taking"); }
  std::mutex mutex_;
  int size_ = 0;
};

int use(Queue &queue) { return queue.take() + queue.local(2) + byAtomic()->size + byOnce()->size + byStatic()->size; }
