// The lecture's locks, taken so that no order is needed: together, by address, and one recursive lock twice.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.good
// RUN: env TSAN_OPTIONS=detect_deadlocks=1 %t.good
#include <mutex>
#include <thread>

std::mutex a, b;
std::recursive_mutex again;
int shared = 0;

void foo() {
  std::scoped_lock both(a, b);
  ++shared;
}

void bar() {
  std::lock(b, a);
  std::lock_guard<std::mutex> first(b, std::adopt_lock);
  std::lock_guard<std::mutex> second(a, std::adopt_lock);
  --shared;
}

class Account {
public:
  void transfer(Account &to, int amount) {
    std::lock_guard<std::mutex> first(this < &to ? mutex_ : to.mutex_);
    std::lock_guard<std::mutex> second(this < &to ? to.mutex_ : mutex_);
    balance_ -= amount;
    to.balance_ += amount;
  }

private:
  std::mutex mutex_;
  int balance_ = 100;
};

int guarded = 0;
void inner() {
  std::lock_guard<std::recursive_mutex> second(again);
  ++guarded;
}
void outer() {
  std::lock_guard<std::recursive_mutex> first(again);
  inner();
}

int main() {
  Account alice, bob;
  std::thread t1(foo), t2(bar);
  t1.join();
  t2.join();
  std::thread t3([&] { alice.transfer(bob, 10); }), t4([&] { bob.transfer(alice, 5); });
  t3.join();
  t4.join();
  std::thread t5(outer);
  t5.join();
}
