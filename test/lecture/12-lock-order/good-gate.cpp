// Both orders, under a gate lock that lets one thread at a time get there. ThreadSanitizer's graph has no gates, so this one is
// run to its end and no more.
//
// RUN: %check %s
// RUN: %clangxx -std=c++17 -pthread %s -o %t.good
// RUN: %bounded 20 %t.good
#include <mutex>
#include <thread>

std::mutex gate;
std::mutex c, d;
int guarded = 0;
void forwards() {
  std::lock_guard<std::mutex> outer(gate);
  std::lock_guard<std::mutex> first(c);
  std::lock_guard<std::mutex> second(d);
  ++guarded;
}
void backwards() {
  std::lock_guard<std::mutex> outer(gate);
  std::lock_guard<std::mutex> first(d);
  std::lock_guard<std::mutex> second(c);
  --guarded;
}

int main() {
  std::thread t1([] {
    for (int i = 0; i < 10000; ++i)
      forwards();
  });
  std::thread t2([] {
    for (int i = 0; i < 10000; ++i)
      backwards();
  });
  t1.join();
  t2.join();
  return guarded;
}
