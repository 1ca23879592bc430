// RUN: %check %s
// A lock that only one side takes guards nothing.
#include <memory>
#include <mutex>
#include <thread>

class Account {
public:
  void transfer(long amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    debit_ -= amount;
    credit_ = credit_ + amount;
    last_ = amount;
    total_ = debit_ + credit_;
    // CHECK: [[@LINE-2]]:{{[0-9]+}}: error: 'last_' and 'total_' of 'Account' are written here holding 'Account.mutex_' while 'Account::report' reads both with no lock; it can see one new and one old [heddle-torn-update]
  }
  long report() const { return last_ - total_; }

private:
  mutable std::mutex mutex_;
  long debit_ = 0, credit_ = 0, last_ = 0, total_ = 0;
};

int main() {
  auto account = std::make_shared<Account>();
  std::thread teller([account] {
    for (long amount = 0; amount < 100; ++amount)
      account->transfer(amount);
  });
  long seen = 0;
  for (int i = 0; i < 100; ++i)
    seen += account->report();
  teller.join();
  return seen > 0;
}
