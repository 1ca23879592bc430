// RUN: %check %s
// An object that a smart pointer holds from its construction on is its maker's own; a lock that is shared by pointer has the name of
// the member that points at it.
#include <memory>
#include <mutex>

class Store {
public:
  static std::unique_ptr<Store> open() {
    auto store = std::make_unique<Store>();
    store->recover();
    return store;
  }
  static std::unique_ptr<Store> reopen() {
    std::unique_ptr<Store> store(new Store);
    store->recover();
    return store;
  }
  void put() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++records_;
  }
  void drop() {
    std::lock_guard<std::mutex> lock(mutex_);
    --records_;
  }
  int records() {
    std::lock_guard<std::mutex> lock(mutex_);
    return records_;
  }

private:
  void recover() { records_ += 3; }
  std::mutex mutex_;
  int records_ = 0;
};

class Account {
public:
  explicit Account(std::shared_ptr<std::mutex> mutex) : mutex_(mutex) {}
  void deposit(int amount) {
    std::lock_guard<std::mutex> lock(*mutex_);
    balance_ += amount;
  }
  void withdraw(int amount) {
    std::lock_guard<std::mutex> lock(*mutex_);
    balance_ -= amount;
  }
  int balance() {
    std::lock_guard<std::mutex> lock(*mutex_);
    return balance_;
  }
  void close() {
    balance_ = 0;
    // CHECK: [[@LINE-1]]:5: warning: 'balance_' is written here without 'mutex_', which 3 of 4 accesses hold, in 'Account::deposit' to write it [heddle-inconsistent-guard]
  }

private:
  std::shared_ptr<std::mutex> mutex_;
  int balance_ = 0;
};
