// RUN: %check %s
// A load, a computation and a store of one atomic, which several threads do.
#include <atomic>
#include <thread>
#include <vector>

static std::atomic<long> hits{0};
static std::atomic<int> highest{0};

struct Statistics {
  std::atomic<unsigned> bytes{0};
  void add(unsigned count) {
    unsigned now = bytes.load(std::memory_order_relaxed);
    now += count;
    bytes.store(now, std::memory_order_relaxed);
    // CHECK: [[@LINE-1]]:5: error: 'statistics.bytes' is loaded and stored again in two steps; what another thread writes in between is lost [heddle-nonatomic-update]
  }
};

static void serve(Statistics &statistics, int size) {
  hits = hits + 1;
  // CHECK: [[@LINE-1]]:3: error: 'hits' is loaded and stored again in two steps; what another thread writes in between is lost [heddle-nonatomic-update]
  // CHECK: note: thread 1: reads 'hits'
  // CHECK: note: thread 1: writes 'hits'
  statistics.add(size);
  highest = size; // whatever it was
}

int main() {
  Statistics statistics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&statistics, i] { serve(statistics, i); });
  for (std::thread &thread : threads)
    thread.join();
  hits = hits * 2; // after the joins
  return highest;
}
