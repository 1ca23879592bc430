// RUN: %check %s
// Threads that have an object each: what they do to it without its lock meets nobody but who comes to all of them.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// Each thread is the only one to write its own; others read under the lock.
class Worker {
public:
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  int done() {
    std::lock_guard<std::mutex> hold(mutex_);
    return done_;
  }
  int doneTwice() {
    std::lock_guard<std::mutex> hold(mutex_);
    return 2 * done_;
  }
  void join() { thread_.join(); }

private:
  void run() {
    for (int i = 0; i < 1000; ++i) {
      {
        std::lock_guard<std::mutex> hold(mutex_);
        ++done_;
      }
      if (done_ > 100)
        return;
    }
  }
  std::mutex mutex_;
  std::thread thread_;
  int done_ = 0;
};

struct Slot {
  std::mutex mutex;
  long sum = 0;
  long peak = 0;
};
static Slot slots[4];

static void add(Slot &slot, long amount) {
  std::lock_guard<std::mutex> hold(slot.mutex);
  slot.sum += amount;
  slot.peak = slot.sum;
}
static void report(Slot &slot, long &total) {
  std::lock_guard<std::mutex> hold(slot.mutex);
  total += slot.sum + slot.peak;
}
static void reset(Slot &slot) {
  std::lock_guard<std::mutex> hold(slot.mutex);
  slot.peak = 0;
}
static void serve(Slot *slot) {
  while (slot->sum < 1000)
    add(*slot, 3);
  if (slot->peak > 900)
    // CHECK: [[@LINE-1]]:7: warning: 'peak' is read here without 'mutex', which 3 of 4 accesses hold, in 'reset' to write it [heddle-inconsistent-guard]
    add(*slot, -900);
}

// One object that all have: each of them may meet any other.
struct Total {
  std::mutex mutex;
  long sum = 0;
};
static void count(Total *total) {
  for (int i = 0; i < 100; ++i) {
    {
      std::lock_guard<std::mutex> hold(total->mutex);
      total->sum += i;
    }
    if (total->sum > 1000)
      // CHECK: [[@LINE-1]]:9: error: 'sum' is read here without 'mutex', which 1 of 2 accesses hold, in 'count' to write it [heddle-inconsistent-guard]
      return;
  }
}
static long result(Total &total) {
  std::lock_guard<std::mutex> hold(total.mutex);
  return total.sum;
}

int main() {
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 4; ++i) {
    workers.push_back(std::make_unique<Worker>());
    workers.back()->start();
  }
  int done = 0;
  for (auto &worker : workers)
    done += worker->done() + worker->doneTwice();
  for (auto &worker : workers)
    worker->join();

  std::vector<std::thread> threads;
  for (Slot &slot : slots)
    threads.emplace_back(serve, &slot);
  long total = 0;
  for (Slot &slot : slots) {
    report(slot, total);
    reset(slot);
  }
  for (auto &thread : threads)
    thread.join();

  Total common;
  std::vector<std::thread> counters;
  for (int i = 0; i < 4; ++i)
    counters.emplace_back(count, &common);
  total += result(common);
  for (auto &thread : counters)
    thread.join();
  return done + total > 0;
}
