// RUN: %check %s
// A gate that both hold in shared mode lets both in; elements with constant indices are two locks.
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex gate;
std::mutex slots[2];
int count;

void forwards() {
  std::shared_lock<std::shared_mutex> g(gate);
  std::lock_guard<std::mutex> a(slots[0]);
  std::lock_guard<std::mutex> b(slots[1]);
  // CHECK: [[@LINE-1]]:31: error: 'slots[1]' is locked while 'slots[0]' is held; 'backwards' takes the two the other way round [heddle-lock-order-cycle]
  // CHECK: note: fix: std::scoped_lock a(slots[0], slots[1])
  ++count;
}

void backwards() {
  std::shared_lock<std::shared_mutex> g(gate);
  std::lock_guard<std::mutex> b(slots[1]);
  std::lock_guard<std::mutex> a(slots[0]);
  --count;
}

// A std::function runs what it was given.
#include <functional>
std::mutex left, right;
void callBack() {
  std::function<void()> task = [] { std::lock_guard<std::mutex> b(right); };
  // CHECK: [[@LINE-1]]:65: error: 'right' is locked while 'left' is held; 'direct' locks them in the opposite order [heddle-lock-order-cycle]
  std::lock_guard<std::mutex> a(left);
  task();
}
void direct() {
  std::lock_guard<std::mutex> b(right);
  std::lock_guard<std::mutex> a(left);
}

int main() {
  std::thread t1(forwards), t2(backwards), t3(callBack), t4(direct);
  t1.join();
  t2.join();
  t3.join();
  t4.join();
}
