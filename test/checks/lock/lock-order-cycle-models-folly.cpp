// RUN: %check %s
// folly: Synchronized objects locked through pointers and by callables, SharedMutex; and pointers that are given up in time.
#include <atomic>

namespace folly {
template <class Subclass> class SynchronizedBase;
template <class Synchronized> class LockedPtr {
public:
  LockedPtr(LockedPtr &&) noexcept;
  ~LockedPtr();
  int *operator->() const;
  int &operator*() const;
  explicit operator bool() const;
  void unlock() noexcept;
};
template <class Subclass> class SynchronizedBase {
public:
  LockedPtr<Subclass> wlock();
  LockedPtr<Subclass> rlock();
  LockedPtr<Subclass> tryWLock();
  template <class F> void withWLock(F &&f) { f(*wlock()); }
};
template <class T> struct Synchronized : SynchronizedBase<Synchronized<T>> {};
template <bool ReaderPriority> class SharedMutexImpl {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
  bool try_lock();
};
using SharedMutex = SharedMutexImpl<false>;
} // namespace folly

folly::Synchronized<int> users, sessions;
std::atomic<int> seen;

void login() {
  auto u = users.wlock();
  auto s = sessions.wlock();
  // CHECK: [[@LINE-1]]:12: error: 'sessions' is locked while 'users' is held; {{.*}}opposite order [heddle-lock-order-cycle]
  ++*u;
  ++*s;
}

void expire() {
  sessions.withWLock([](int &s) {
    auto u = users.rlock();
    s -= *u;
  });
}

// Given up before the other is taken.
folly::Synchronized<int> jobs, done;

void run() {
  auto j = jobs.wlock();
  --*j;
  j.unlock();
  auto d = done.wlock();
  ++*d;
}

void drain() {
  auto d = done.rlock();
  auto j = jobs.rlock();
  seen = *d + *j;
}

void tryRun() {
  auto j = jobs.wlock();
  if (auto d = done.tryWLock())
    ++*d;
}

folly::SharedMutex routes, peers;

void announce() {
  routes.lock_shared();
  peers.lock();
  // CHECK: [[@LINE-1]]:3: error: 'peers' is locked while 'routes' is held; 'forget' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++seen;
  peers.unlock();
  routes.unlock_shared();
}

void forget() {
  peers.lock_shared();
  routes.lock();
  --seen;
  routes.unlock();
  peers.unlock_shared();
}
