// RUN: %check %s
// An exception that is thrown here, past a lock that nobody's destructor releases.
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

std::mutex mutex;
int balance;

void withdraw(int amount) {
  mutex.lock();
  if (amount > balance)
    throw std::runtime_error("not enough"); // CHECK: [[@LINE]]:5: error: 'mutex' is still held when this throws; 'withdraw' releases it on its other ways out [heddle-lock-leak]
  balance -= amount;
  mutex.unlock();
}

void guarded(int amount) {
  std::lock_guard<std::mutex> guard(mutex);
  if (amount > balance)
    throw std::runtime_error("not enough");
  balance -= amount;
}

// What several throw under one lock without a guard is one defect; what is thrown far down is nothing that one can see from here.
static void check(int amount) {
  if (amount > balance)
    throw std::runtime_error("not enough");
}
static void check_all(int amount) { check(amount); }
static void check_more(int amount) { check_all(amount); }
static void check_most(int amount) { check_more(amount); }

void transfer(int amount) {
  mutex.lock();
  check(amount); // CHECK: [[@LINE]]:3: error: 'mutex' is still held when this throws; 'transfer' releases it on its other ways out [heddle-lock-leak]
  check_all(amount + 1);
  balance -= amount;
  mutex.unlock();
}

// Two sections are two.
void twice(int amount) {
  mutex.lock();
  check(amount); // CHECK: [[@LINE]]:3: error: 'mutex' is still held when this throws; 'twice' releases it on its other ways out [heddle-lock-leak]
  mutex.unlock();
  mutex.lock();
  check(amount + 1); // CHECK: [[@LINE]]:3: error: 'mutex' is still held when this throws; 'twice' releases it on its other ways out [heddle-lock-leak]
  mutex.unlock();
}

void transfer_far(int amount) {
  mutex.lock();
  check_most(amount);
  balance -= amount;
  mutex.unlock();
}

void cleaned(int amount) {
  mutex.lock();
  try {
    if (amount > balance)
      throw std::runtime_error("not enough");
    balance -= amount;
  } catch (...) {
    mutex.unlock();
    throw;
  }
  mutex.unlock();
}

// Ownership goes to the caller, or to a field.
std::unique_lock<std::mutex> open(bool really) {
  std::unique_lock<std::mutex> lock(mutex);
  if (!really)
    lock.unlock();
  return lock;
}
class Transaction {
public:
  bool begin(bool really) {
    std::unique_lock<std::mutex> lock(mutex);
    if (!really)
      return false;
    lock_ = std::move(lock);
    return true;
  }

private:
  std::unique_lock<std::mutex> lock_;
};

/// The guard is older than the block, and goes when the throw behind it leaves.
int lookUp(int);
int known(int key) {
  static int missing;
  std::lock_guard<std::mutex> protect(mutex);
  try {
    return lookUp(key);
  } catch (...) {
    ++missing;
  }
  throw key;
}

int main() {
  withdraw(1);
  guarded(2);
  cleaned(3);
  known(4);
  auto lock = open(true);
  lock.unlock();
  Transaction transaction;
  transaction.begin(true);
}
