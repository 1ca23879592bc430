// RUN: %check %s
// What contradicts an order on paper and can't deadlock. No cycle here may be reported.
#include <atomic>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

std::mutex gate, a, b;
std::atomic<int> count;

// A gate lock on every edge.
void gatedForward() {
  std::lock_guard<std::mutex> g(gate);
  std::lock_guard<std::mutex> x(a);
  std::lock_guard<std::mutex> y(b);
  ++count;
}
void inner() {
  std::lock_guard<std::mutex> y(b);
  std::lock_guard<std::mutex> x(a);
  --count;
}
void gatedBackward() {
  std::lock_guard<std::mutex> g(gate);
  inner(); // the gate is the caller's
}

// Ordering by address.
struct Account {
  std::mutex mutex;
  int id = 0;
  long balance = 0;
  Account *child = nullptr, *next = nullptr;
};

void byAddress(Account &from, Account &to) {
  if (&from < &to) {
    from.mutex.lock();
    to.mutex.lock();
  } else {
    to.mutex.lock();
    from.mutex.lock();
  }
  ++to.balance;
  from.mutex.unlock();
  to.mutex.unlock();
}

// Ordering by id, with the two exchanged.
void byId(Account *from, Account *to) {
  Account *first = from, *second = to;
  if (to->id < from->id) {
    first = to;
    second = from;
  }
  std::lock_guard<std::mutex> x(first->mutex);
  std::lock_guard<std::mutex> y(second->mutex);
  ++to->balance;
}

void byLess(Account *from, Account *to) {
  if (std::less<Account *>()(to, from))
    std::swap(from, to);
  std::lock_guard<std::mutex> x(from->mutex);
  std::lock_guard<std::mutex> y(to->mutex);
  ++to->balance;
}

// std::lock and scoped_lock have an order of their own.
void together(Account &from, Account &to) {
  std::scoped_lock both(from.mutex, to.mutex);
  ++to.balance;
}
void deferred(Account &from, Account &to) {
  std::unique_lock<std::mutex> x(from.mutex, std::defer_lock), y(to.mutex, std::defer_lock);
  std::lock(x, y);
  ++to.balance;
}
void adopted(Account &from, Account &to) {
  std::lock(from.mutex, to.mutex);
  std::lock_guard<std::mutex> x(from.mutex, std::adopt_lock), y(to.mutex, std::adopt_lock);
  ++to.balance;
}

// A try-lock never waits.
std::mutex c, d;
void forward() {
  std::lock_guard<std::mutex> x(c);
  std::lock_guard<std::mutex> y(d);
  // CHECK: [[@LINE-1]]:31: advice: {{.*}}[heddle-unordered-multi-lock]
  ++count;
}
void backwardIfFree() {
  std::lock_guard<std::mutex> y(d);
  std::unique_lock<std::mutex> x(c, std::try_to_lock);
  if (x)
    ++count;
}

// A parent and its child, walked one way; hand over hand along a list.
void walk(Account &parent) {
  std::lock_guard<std::mutex> x(parent.mutex);
  if (parent.child) {
    std::lock_guard<std::mutex> y(parent.child->mutex);
    ++parent.child->balance;
  }
}
void along(Account *node) {
  node->mutex.lock();
  while (node->next) {
    Account *next = node->next;
    next->mutex.lock();
    node->mutex.unlock();
    node = next;
  }
  node->mutex.unlock();
}

// Released before the other is taken.
std::mutex e, f;
void oneAfterTheOther() {
  std::unique_lock<std::mutex> x(e);
  ++count;
  x.unlock();
  std::lock_guard<std::mutex> y(f);
  ++count;
}
void theOtherFirst() {
  std::lock_guard<std::mutex> y(f);
  std::lock_guard<std::mutex> x(e);
  // CHECK: [[@LINE-1]]:31: advice: {{.*}}[heddle-unordered-multi-lock]
  ++count;
}

// Readers share.
std::shared_mutex p, q;
int readPq() {
  std::shared_lock<std::shared_mutex> x(p);
  std::shared_lock<std::shared_mutex> y(q);
  return count;
}
int readQp() {
  std::shared_lock<std::shared_mutex> y(q);
  std::shared_lock<std::shared_mutex> x(p);
  return count;
}

// Correlated branches: either order, never both locks.
std::mutex m, n;
void either(bool mFirst) {
  if (mFirst)
    m.lock();
  else
    n.lock();
  ++count;
  if (mFirst)
    m.unlock();
  else
    n.unlock();
  if (!mFirst) {
    std::lock_guard<std::mutex> x(m);
    ++count;
  }
}

int main() {
  Account one, two;
  std::vector<std::thread> threads;
  for (auto f : {gatedForward, gatedBackward, forward, backwardIfFree, oneAfterTheOther, theOtherFirst})
    threads.emplace_back(f);
  threads.emplace_back([&] { byAddress(one, two), byId(&one, &two), byLess(&one, &two), together(one, two), deferred(one, two), adopted(one, two); });
  threads.emplace_back([&] { byAddress(two, one), byId(&two, &one), byLess(&two, &one), together(two, one), deferred(two, one), adopted(two, one); });
  threads.emplace_back([&] { walk(one), along(&two), readPq(), either(true); });
  threads.emplace_back([&] { walk(two), along(&one), readQp(), either(false); });
  for (std::thread &t : threads)
    t.join();
}
