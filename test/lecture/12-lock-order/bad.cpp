// The lecture's locks a and b: foo takes a then b, bar takes b then a; and two objects of one class, locked in the order of the
// arguments. ThreadSanitizer sees both inversions; started a little apart, the program ends by itself.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.bad
// RUN: %not env TSAN_OPTIONS=detect_deadlocks=1:second_deadlock_stack=1 %t.bad 2> %t.err
// RUN: %FileCheck %s --check-prefix=TSAN --input-file=%t.err
// TSAN: WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock)
// TSAN: WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock)
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex a, b;
int shared = 0;

void foo() {
  std::lock_guard<std::mutex> first(a);
  std::lock_guard<std::mutex> second(b);
  // CHECK: [[@LINE-1]]:31: error: 'b' is locked while 'a' is held; 'bar' locks them in the opposite order [heddle-lock-order-cycle]
  // CHECK: [[@LINE-3]]:31: note: thread 1: locks 'a'
  // CHECK: [[@LINE-3]]:31: note: thread 1: waits for 'b'
  // CHECK: [[@LINE+6]]:31: note: thread 2: locks 'b'
  // CHECK: [[@LINE+6]]:31: note: thread 2: waits for 'a'
  ++shared;
}

void bar() {
  std::lock_guard<std::mutex> first(b);
  std::lock_guard<std::mutex> second(a);
  --shared;
}

class Account {
public:
  void transfer(Account &to, int amount) {
    mutex_.lock();
    to.mutex_.lock();
    // CHECK: [[@LINE-1]]:5: error: 'Account::mutex_' of 'to' is locked while 'Account::mutex_' of '*this' is held; 'Account::transfer' takes the two the other way round [heddle-lock-order-cycle]
    // CHECK: note: thread 1: calls 'Account::transfer'
    // CHECK: note: thread 1: locks 'this->mutex_'
    // CHECK: note: thread 1: waits for 'to.mutex_'
    // CHECK: note: thread 2: calls 'Account::transfer'
    // CHECK: note: thread 2: locks 'this->mutex_'
    // CHECK: note: thread 2: waits for 'to.mutex_'
    balance_ -= amount;
    to.balance_ += amount;
    to.mutex_.unlock();
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  int balance_ = 100;
};

Account alice, bob;

void pay() { alice.transfer(bob, 10); }
void payBack() { bob.transfer(alice, 5); }

int main() {
  // A little apart, so that the program ends: nothing but luck keeps them from meeting.
  auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); };
  std::thread t1(foo);
  pause();
  std::thread t2(bar);
  pause();
  std::thread t3(pay);
  pause();
  std::thread t4(payBack);
  t1.join();
  t2.join();
  t3.join();
  t4.join();
  std::printf("%d\n", shared);
}
