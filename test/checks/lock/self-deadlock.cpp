// RUN: %check %s
// A lock that its holder takes again: directly, through calls, guards, wrappers and parameters.
#include <mutex>
#include <shared_mutex>
#include <vector>

class Cache {
public:
  void put(int value) {
    std::lock_guard<std::mutex> guard(mutex_);
    values_.push_back(value);
    if (values_.size() > 100)
      clear(); // CHECK: [[@LINE]]:7: error: 'Cache::mutex_' of '*this' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  }
  void clear() {
    std::lock_guard<std::mutex> guard(mutex_);
    values_.clear();
  }
  size_t size() {
    mutex_.lock();
    size_t n = values_.size();
    mutex_.lock(); // typed for unlock: // CHECK: [[@LINE]]:5: error: {{.*}}[heddle-self-deadlock]
    return n;
  }

private:
  std::mutex mutex_;
  std::vector<int> values_;
};

std::shared_mutex table;
int rows;
void upgrade() {
  std::shared_lock<std::shared_mutex> reader(table);
  if (rows == 0) {
    std::unique_lock<std::shared_mutex> writer(table); // CHECK: [[@LINE]]:41: error: 'table' is locked again while it is held in shared mode; {{.*}}[heddle-self-deadlock]
    rows = 1;
  }
}

// A callee gets two locks; here they are one.
struct Account {
  std::mutex mutex;
  int balance = 0;
};
void move(Account &from, Account &to, int amount) {
  std::lock_guard<std::mutex> a(from.mutex);
  std::lock_guard<std::mutex> b(to.mutex);
  from.balance -= amount;
  to.balance += amount;
}
void fee(Account &account) { move(account, account, 1); } // CHECK: [[@LINE]]:30: error: {{.*}}[heddle-self-deadlock]

// The lock is kept on a path of a loop.
std::mutex jobs;
int pending;
bool take(int limit) {
  for (int i = 0; i < limit; ++i) {
    jobs.lock(); // CHECK: [[@LINE]]:5: error: {{.*}}[heddle-self-deadlock]
    if (pending == 0)
      continue;
    --pending;
    jobs.unlock();
  }
  return false; // CHECK: [[@LINE]]:3: error: {{.*}}[heddle-lock-leak]
}

int main() {
  Cache cache;
  cache.put(1);
  upgrade();
  Account account;
  fee(account);
  return take(3) + cache.size();
}
