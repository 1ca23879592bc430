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

int main() {
  withdraw(1);
  guarded(2);
  cleaned(3);
  auto lock = open(true);
  lock.unlock();
  Transaction transaction;
  transaction.begin(true);
}
