// RUN: %check %s
// Locks taken against the order that they declare, in one step and in two, by wrappers and through calls.
#include <mutex>

#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define ACQUIRED_BEFORE(...) __attribute__((acquired_before(__VA_ARGS__)))
#define ACQUIRED_AFTER(...) __attribute__((acquired_after(__VA_ARGS__)))

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() ACQUIRE() { inner_.lock(); }
  void unlock() RELEASE() { inner_.unlock(); }
  bool try_lock() TRY_ACQUIRE(true) { return inner_.try_lock(); }

private:
  std::mutex inner_;
};

class Bank {
public:
  void bad() {
    std::lock_guard<Mutex> b(log_);
    std::lock_guard<Mutex> a(accounts_);
    // CHECK: [[@LINE-1]]:28: error: 'this->accounts_' is locked while 'this->log_' is held, but is declared to be acquired before it [heddle-annotation-violation]
  }
  void through() {
    audit_.lock();
    enter();
    audit_.unlock();
  }
  void between(Bank &other) { // two objects: nothing is declared
    log_.lock();
    other.accounts_.lock();
    other.accounts_.unlock();
    log_.unlock();
  }

private:
  void enter() {
    accounts_.lock();
    // CHECK: [[@LINE-1]]:5: error: 'this->accounts_' is locked while 'this->audit_' is held, but is declared to be acquired before it [heddle-annotation-violation]
    accounts_.unlock();
  }
  Mutex accounts_ ACQUIRED_BEFORE(log_);
  Mutex log_;
  Mutex audit_ ACQUIRED_AFTER(log_);
};

static Mutex early;
static Mutex late ACQUIRED_AFTER(early);

void attempt() {
  late.lock();
  if (early.try_lock()) // waits for nobody
    early.unlock();
  late.unlock();
}

void inOrder() {
  early.lock();
  late.lock();
  late.unlock();
  early.unlock();
}

void use(Bank &a, Bank &b) {
  a.bad();
  a.through();
  a.between(b);
}
