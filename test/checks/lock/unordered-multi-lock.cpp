// RUN: %check %s
// Two and three locks one by one, where one guard could take them all.
#include <mutex>

struct Account {
  std::mutex mutex;
  long balance = 0;
};

// The same member of two objects: it deadlocks, and the finding that says so covers this one.
void transfer(Account &from, Account &to, long amount) {
  std::lock_guard<std::mutex> a(from.mutex);
  std::lock_guard<std::mutex> b(to.mutex);
  // CHECK: [[@LINE-1]]:31: warning: 'Account::mutex' of 'to' is locked while 'Account::mutex' of 'from' is held; {{.*}}[heddle-lock-order-cycle]
  // CHECK: note: thread 1: locks
  // CHECK: note: thread 1: waits
  // CHECK: note: thread 2: locks
  // CHECK: note: thread 2: waits
  // CHECK: note: fix: std::scoped_lock a(from.mutex, to.mutex)
  // CHECK: note: this is also what heddle-unordered-multi-lock would report
  from.balance -= amount;
  to.balance += amount;
}

std::mutex registry, journal, index_;
int entries, lines, keys;

void add() {
  std::lock_guard first(registry);
  std::lock_guard second(journal);
  // CHECK: [[@LINE-1]]:19: advice: 'registry' and 'journal' are locked one after the other, in an order that every other place must keep to; one 'std::scoped_lock' takes them together [heddle-unordered-multi-lock]
  // CHECK: [[@LINE-3]]:19: note: this thread: locks 'registry'
  // CHECK: [[@LINE-3]]:19: note: this thread: locks 'journal'
  // CHECK: [[@LINE-5]]:3: note: fix: std::scoped_lock first(registry, journal)
  ++entries;
  ++lines;
}

void rebuild() {
  std::lock_guard first(registry);
  std::lock_guard second(journal);
  std::lock_guard third(index_);
  // CHECK: [[@LINE-1]]:19: advice: 'registry', 'journal' and 'index_' are locked one after the other, {{.*}}[heddle-unordered-multi-lock]
  // CHECK: note: this thread: locks 'registry'
  // CHECK: note: this thread: locks 'journal'
  // CHECK: note: this thread: locks 'index_'
  ++entries;
  ++lines;
  ++keys;
}

// A project's own lock that can be tried.
class Latch {
public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }
  bool try_lock() { return mutex_.try_lock(); }

private:
  std::mutex mutex_;
};

Latch front_door, back_door;
int visitors;

void both() {
  std::lock_guard<Latch> l(front_door);
  std::lock_guard<Latch> r(back_door);
  // CHECK: [[@LINE-1]]:26: advice: 'front_door' and 'back_door' are locked one after the other, {{.*}}[heddle-unordered-multi-lock]
  // CHECK: note: this thread: locks 'front_door'
  // CHECK: note: this thread: locks 'back_door'
  // CHECK: note: fix: std::scoped_lock l(front_door, back_door)
  ++visitors;
}
