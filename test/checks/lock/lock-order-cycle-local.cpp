// RUN: %check %s
// Locks that are main's locals, given to threads by capture and by reference.
#include <functional>
#include <mutex>
#include <thread>

static void both(std::mutex &first, std::mutex &second, int &count) {
  std::lock_guard<std::mutex> a(first);
  std::lock_guard<std::mutex> b(second);
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: {{.*}} is locked while {{.*}} is held; {{.*}}[heddle-lock-order-cycle]
  // CHECK: [[@LINE-3]]:3: note: fix: std::scoped_lock a(first, second)
  ++count;
}

int main() {
  std::mutex one, two;
  int count = 0;
  std::thread t1([&] { both(one, two, count); });
  std::thread t2(both, std::ref(two), std::ref(one), std::ref(count));
  t1.join();
  t2.join();
  return count;
}
