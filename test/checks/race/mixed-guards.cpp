// RUN: %check %s
// Two locks, each in its own half of the class. Both held at every write is in order: a reader needs one of them.
#include <mutex>

class Account {
public:
  void deposit(long amount) {
    std::lock_guard<std::mutex> lock(in_);
    balance_ += amount;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'balance_' is written here holding 'in_' and {{written|read}} in 'Account::withdraw' holding 'out_'; neither lock keeps both out [heddle-mixed-guards]
  }
  bool withdraw(long amount) {
    std::lock_guard<std::mutex> lock(out_);
    if (balance_ < amount)
      return false;
    balance_ -= amount;
    return true;
  }

  void rate(int value) {
    std::scoped_lock lock(in_, out_);
    rate_ = value;
  }
  int rateIn() {
    std::lock_guard<std::mutex> lock(in_);
    return rate_;
  }
  int rateOut() {
    std::lock_guard<std::mutex> lock(out_);
    return rate_;
  }

private:
  std::mutex in_, out_;
  long balance_ = 0;
  int rate_ = 1;
};

int use(Account &account) {
  account.rate(2);
  account.deposit(10);
  return account.withdraw(account.rateIn() + account.rateOut());
}
