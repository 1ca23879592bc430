// RUN: %check %s
// A guard of one's own that keeps a pointer to what has the lock, and releases it if there is one: who has locked through the pointer
// has one.
#include <mutex>

struct Account {
  std::mutex mutex;
  int balance = 0;
};

class Locked {
public:
  explicit Locked(Account &account) : account_(&account) { account_->mutex.lock(); }
  Locked(Locked &&other) noexcept : account_(other.account_) { other.account_ = nullptr; }
  ~Locked() {
    if (account_)
      account_->mutex.unlock();
  }
  Account *operator->() { return account_; }

private:
  Account *account_;
};

static Locked lock(Account &account) { return Locked(account); }

void deposit(Account &account) {
  Locked locked(account);
  ++locked->balance;
}
void withdraw(Account &account) {
  auto locked = lock(account);
  --locked->balance;
}
