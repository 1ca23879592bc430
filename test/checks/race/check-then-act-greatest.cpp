// RUN: %check %s
// The greatest value of several threads: another one's may be greater by the time it is stored.
#include <atomic>
#include <thread>

static std::atomic<long> peak{0}, estimate{0}, exact{0};

static void observe(long value) {
  if (value > peak.load()) // CHECK: [[@LINE]]:15: warning: 'peak' is tested here and changed in a second step; another thread can pass the same test in between [heddle-check-then-act]
    peak.store(value);
  // Who asks for no order wants an estimate.
  if (value > estimate.load(std::memory_order_relaxed))
    estimate.store(value, std::memory_order_relaxed);
  for (long seen = exact.load(); seen < value && !exact.compare_exchange_weak(seen, value);)
    ;
}

int main() {
  std::thread a([] {
    for (long i = 0; i < 9; ++i)
      observe(i);
  });
  std::thread b([] {
    for (long i = 0; i < 9; ++i)
      observe(2 * i);
  });
  a.join();
  b.join();
  return peak + estimate + exact != 48;
}
