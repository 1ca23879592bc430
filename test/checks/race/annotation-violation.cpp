// RUN: %check %s
// Attributes over std types, which Clang reads but doesn't follow: std::mutex isn't a capability to it.
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define PT_GUARDED_BY(x) __attribute__((pt_guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define REQUIRES_SHARED(...) __attribute__((requires_shared_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

class Account {
public:
  void deposit(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += amount;
    history_.push_back(amount);
  }
  int balance() const {
    return balance_;
    // CHECK: [[@LINE-1]]:12: error: 'balance_' is read here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  int last() {
    std::unique_lock<std::mutex> lock(mutex_);
    bool empty = history_.empty();
    lock.unlock();
    return empty ? 0 : history_.back();
    // CHECK: [[@LINE-1]]:24: error: 'history_' is read here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ = 0;
    settle();
    notify();
    // CHECK: [[@LINE-1]]:5: error: 'Account::notify' is called here while 'this->mutex_' is held, but is declared to be called without it [heddle-annotation-violation]
  }
  void audit() {
    settle();
    // CHECK: [[@LINE-1]]:5: error: 'Account::settle' is called here without 'this->mutex_', but is declared to require it [heddle-annotation-violation]
  }
  void transfer(Account &other) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ -= 1;
    other.balance_ += 1;
    // CHECK: [[@LINE-1]]:5: error: 'balance_' is written here without 'other.mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  void note(int value) {
    *last_ = value;
    // CHECK: [[@LINE-1]]:5: error: what 'last_' points at is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }
  void rename(const std::string &name) {
    std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    name_ = name;
    // CHECK: [[@LINE-1]]:5: error: 'name_' is written here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
    lock.lock();
    name_ += '.';
  }

private:
  void settle() REQUIRES(mutex_) { balance_ += *last_; }
  void notify() EXCLUDES(mutex_);

  mutable std::mutex mutex_;
  int balance_ GUARDED_BY(mutex_) = 0;
  std::vector<int> history_ GUARDED_BY(mutex_);
  int *last_ PT_GUARDED_BY(mutex_) = nullptr;
  std::string name_ GUARDED_BY(mutex_);
};

class Table {
public:
  int find(int key) const {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return key < size_ ? values_[key] : -1;
  }
  void add(int value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    grow();
    values_[size_++] = value;
  }
  void reserve() {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    if (size_ == 0)
      grow();
    // CHECK: [[@LINE-1]]:7: error: 'Table::grow' is called here with 'this->mutex_' held only as shared, but is declared to require it exclusively [heddle-annotation-violation]
  }

private:
  void grow() REQUIRES(mutex_) { values_ = new int[2 * size_ + 1]; }

  mutable std::shared_mutex mutex_;
  int size_ GUARDED_BY(mutex_) = 0;
  int *values_ GUARDED_BY(mutex_) PT_GUARDED_BY(mutex_) = nullptr;
};

int use(Account &a, Account &b, Table &t) {
  a.deposit(1);
  a.close();
  a.audit();
  a.note(2);
  a.transfer(b);
  a.rename("a");
  t.add(3);
  t.reserve();
  return a.balance() + a.last() + t.find(0);
}
