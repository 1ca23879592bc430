// RUN: %check %s
// Boost.Thread: locks in two orders, by guards, shared guards and an upgrade; and what releases in time. The declarations say
// what the library's do, no more.
#include <atomic>

namespace boost {
struct adopt_lock_t {};
struct defer_lock_t {};
struct try_to_lock_t {};
constexpr adopt_lock_t adopt_lock{};
constexpr defer_lock_t defer_lock{};
class mutex {
public:
  void lock();
  void unlock();
  bool try_lock();
};
class shared_mutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
  void lock_upgrade();
  void unlock_upgrade();
};
template <class Mutex> class lock_guard {
public:
  explicit lock_guard(Mutex &);
  lock_guard(Mutex &, adopt_lock_t);
  ~lock_guard();
};
template <class Mutex> class upgrade_lock;
template <class Mutex> class unique_lock {
public:
  explicit unique_lock(Mutex &);
  unique_lock(Mutex &, defer_lock_t) noexcept;
  unique_lock(unique_lock &&) noexcept;
  ~unique_lock();
  void lock();
  void unlock();
  bool owns_lock() const noexcept;
};
template <class Mutex> class shared_lock {
public:
  explicit shared_lock(Mutex &);
  ~shared_lock();
};
template <class Mutex> class upgrade_lock {
public:
  explicit upgrade_lock(Mutex &);
  ~upgrade_lock();
};
template <class Mutex> class upgrade_to_unique_lock {
public:
  explicit upgrade_to_unique_lock(upgrade_lock<Mutex> &);
  ~upgrade_to_unique_lock();
};
template <class Lock> class reverse_lock {
public:
  explicit reverse_lock(Lock &);
  ~reverse_lock();
};
template <class A, class B> void lock(A &, B &);
class condition_variable {
public:
  void wait(unique_lock<mutex> &);
  void notify_one() noexcept;
};
} // namespace boost

boost::mutex accounts, history;
std::atomic<int> balance, entries;

void deposit() {
  boost::lock_guard<boost::mutex> a(accounts);
  boost::unique_lock<boost::mutex> h(history);
  // CHECK: [[@LINE-1]]:36: error: 'history' is locked while 'accounts' is held; 'replay' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++balance;
  ++entries;
}

void replay() {
  boost::unique_lock<boost::mutex> h(history, boost::defer_lock);
  h.lock();
  accounts.lock();
  --balance;
  accounts.unlock();
}

// Readers that hold one and wait for the other, against a writer.
boost::shared_mutex names, addresses;

int find() {
  boost::shared_lock<boost::shared_mutex> n(names);
  boost::shared_lock<boost::shared_mutex> a(addresses);
  // CHECK: [[@LINE-1]]:43: error: 'addresses' is locked while 'names' is held; 'move' locks them in the opposite order
  // [heddle-lock-order-cycle]
  return entries;
}

void move() {
  boost::upgrade_lock<boost::shared_mutex> a(addresses);
  boost::upgrade_to_unique_lock<boost::shared_mutex> writer(a);
  names.lock();
  ++entries;
  names.unlock();
}

// All at once, adopted: no order.
boost::mutex left, right;

void swapLeft() {
  boost::lock(left, right);
  boost::lock_guard<boost::mutex> l(left, boost::adopt_lock);
  boost::lock_guard<boost::mutex> r(right, boost::adopt_lock);
  ++balance;
}

void swapRight() {
  boost::lock_guard<boost::mutex> r(right);
  if (left.try_lock()) {
    --balance;
    left.unlock();
  }
}

// Released for a scope, moved on, and waited with: never both.
boost::mutex queue, log_;
boost::condition_variable filled;

void pop() {
  boost::unique_lock<boost::mutex> q(queue);
  filled.wait(q);
  {
    boost::reverse_lock<boost::unique_lock<boost::mutex>> open(q);
    boost::lock_guard<boost::mutex> l(log_);
    ++entries;
  }
  --entries;
}

void report() {
  boost::lock_guard<boost::mutex> l(log_);
  boost::lock_guard<boost::mutex> q(queue);
  filled.notify_one();
}

void early() {
  boost::unique_lock<boost::mutex> q(queue);
  boost::unique_lock<boost::mutex> kept(static_cast<boost::unique_lock<boost::mutex> &&>(q));
  kept.unlock();
  boost::lock_guard<boost::mutex> l(log_);
}
