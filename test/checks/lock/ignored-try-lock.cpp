// RUN: %check %s
// Try-locks whose answer is thrown away, or read the wrong way round.
#include <chrono>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>

std::mutex credit, debit;
long balance;

void deposit(long amount) {
  credit.try_lock();
  // CHECK: [[@LINE-1]]:3: error: whether 'credit' was locked is not looked at; what follows may run without the lock [heddle-ignored-try-lock]
  // CHECK: [[@LINE-2]]:3: note: this thread: tries to lock 'credit'
  // CHECK: [[@LINE+2]]:3: note: this thread: goes on as if the lock were held
  balance += amount;
  credit.unlock();
}

// -1 is success, anything else the number of the lock that was taken.
bool transfer(long amount) {
  if (std::try_lock(credit, debit)) {
    // CHECK: [[@LINE-1]]:7: error: this section may be entered without 'credit' and 'debit': the try-lock succeeds with a result == -1, and the test is result != 0 [heddle-ignored-try-lock]
    // CHECK: [[@LINE-2]]:7: note: this thread: tries to lock 'credit' and 'debit'
    // CHECK: [[@LINE+2]]:5: note: this thread: releases it where the try-lock may have failed
    balance -= amount;
    credit.unlock();
    debit.unlock();
    return true;
  }
  return false;
}

void settle() {
  int result = std::try_lock(credit, debit);
  // CHECK: [[@LINE-1]]:16: error: this section is entered without 'credit' and 'debit': {{.*}}the test is result == 0 [heddle-ignored-try-lock]
  // CHECK: note: this thread: tries to lock
  // CHECK: note: this thread: releases it
  if (result == 0) {
    std::lock_guard<std::mutex> a(credit, std::adopt_lock);
    std::lock_guard<std::mutex> b(debit, std::adopt_lock);
    balance = 0;
  }
}

// 0 is success.
pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
int queued;

void enqueue() {
  if (pthread_mutex_trylock(&queue_lock)) {
    // CHECK: [[@LINE-1]]:7: error: this section is entered without 'queue_lock': the try-lock succeeds with a result == 0, and the test is result != 0 [heddle-ignored-try-lock]
    // CHECK: note: this thread: tries to lock 'queue_lock'
    // CHECK: note: this thread: releases it where the try-lock may have failed
    ++queued;
    pthread_mutex_unlock(&queue_lock);
  }
}

// Through a wrapper: its body says what its result means.
class Spool {
public:
  bool grab() { return mutex_.try_lock(); }
  void drop() { mutex_.unlock(); }
  void push() {
    grab();
    // CHECK: [[@LINE-1]]:5: error: whether 'this->mutex_' was locked is not looked at; {{.*}}[heddle-ignored-try-lock]
    // CHECK: note: this thread: tries to lock
    // CHECK: note: this thread: goes on
    ++jobs_;
    drop();
  }

private:
  std::mutex mutex_;
  int jobs_ = 0;
};

void spool(Spool &s) { s.push(); }

// A guard that is told to try again, and never asked.
std::timed_mutex disk;
long blocks;

void flush() {
  std::unique_lock<std::timed_mutex> lock(disk, std::defer_lock);
  lock.try_lock_for(std::chrono::milliseconds(10));
  // CHECK: [[@LINE-1]]:3: error: whether 'disk' was locked is not looked at; {{.*}}[heddle-ignored-try-lock]
  // CHECK: note: this thread: tries to lock 'disk'
  // CHECK: note: this thread: goes on
  blocks = 0;
}

// A variable gets the answer and nobody reads it.
void touch() {
  bool locked = credit.try_lock();
  // CHECK: [[@LINE-1]]:17: error: whether 'credit' was locked is not looked at; {{.*}}[heddle-ignored-try-lock]
  // CHECK: note: this thread: tries to lock
  // CHECK: note: this thread: goes on
  ++balance;
  credit.unlock();
}
