// RUN: %check %s
// The same member of two objects, locked in the order of the arguments.
#include <mutex>
#include <thread>

class Account {
public:
  explicit Account(long balance) : balance_(balance) {}

  void transfer(Account &to, long amount) {
    std::lock_guard<std::mutex> mine(mutex_);
    std::lock_guard<std::mutex> theirs(to.mutex_);
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: {{error|warning}}: 'Account::mutex_' of 'to' is locked while 'Account::mutex_' of '*this' is held; {{.*}}[heddle-lock-order-cycle]
    // CHECK: note: thread 1: {{.*}}locks 'this->mutex_'
    // CHECK: note: thread 1: waits for 'to.mutex_'
    // CHECK: note: thread 2: {{.*}}locks 'this->mutex_'
    // CHECK: note: thread 2: waits for 'to.mutex_'
    balance_ -= amount;
    to.balance_ += amount;
  }

private:
  std::mutex mutex_;
  long balance_;
};

Account alice(100), bob(100);

int main() {
  std::thread pay([] { alice.transfer(bob, 10); });
  std::thread back([] { bob.transfer(alice, 20); });
  pay.join();
  back.join();
}
