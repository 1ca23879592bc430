// RUN: %check %s
// Poco: scoped locks in two orders, read-write locks; a Mutex that its holder takes again, and locks undone for a scope.
#include <atomic>

namespace Poco {
class Mutex {
public:
  void lock();
  void unlock();
  bool tryLock();
};
class FastMutex {
public:
  void lock();
  void unlock();
  bool tryLock();
};
template <class M> class ScopedLock {
public:
  explicit ScopedLock(M &mutex);
  ~ScopedLock();
};
template <class M> class ScopedLockWithUnlock {
public:
  explicit ScopedLockWithUnlock(M &mutex);
  ~ScopedLockWithUnlock();
  void unlock();
};
template <class M> class ScopedUnlock {
public:
  ScopedUnlock(M &mutex, bool unlockNow = true);
  ~ScopedUnlock();
};
class RWLock {
public:
  void readLock();
  void writeLock();
  void unlock();
};
class ScopedRWLock {
public:
  ScopedRWLock(RWLock &, bool write = false);
  ~ScopedRWLock();
};
class Condition {
public:
  template <class M> void wait(M &mutex);
  void signal();
};
} // namespace Poco

Poco::FastMutex channels, formatters;
std::atomic<int> open_, lines;

void log() {
  Poco::ScopedLock<Poco::FastMutex> c(channels);
  Poco::ScopedLock<Poco::FastMutex> f(formatters);
  // CHECK: [[@LINE-1]]:37: error: 'formatters' is locked while 'channels' is held; 'configure' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++lines;
}

void configure() {
  formatters.lock();
  channels.lock();
  ++open_;
  channels.unlock();
  formatters.unlock();
}

Poco::RWLock pages, links;

void crawl() {
  Poco::ScopedRWLock p(pages);
  Poco::ScopedRWLock l(links, true);
  // CHECK: [[@LINE-1]]:22: error: 'links' is locked while 'pages' is held; 'prune' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++lines;
}

void prune() {
  links.readLock();
  pages.writeLock();
  --lines;
  pages.unlock();
  links.unlock();
}

// Undone before the other is taken, for a scope or for good.
Poco::FastMutex tasks, reports;
Poco::Condition some;

void work() {
  Poco::ScopedLockWithUnlock<Poco::FastMutex> t(tasks);
  some.wait(tasks);
  t.unlock();
  Poco::ScopedLock<Poco::FastMutex> r(reports);
  ++lines;
}

void rest() {
  Poco::ScopedLock<Poco::FastMutex> t(tasks);
  Poco::ScopedUnlock<Poco::FastMutex> open(tasks);
  Poco::ScopedLock<Poco::FastMutex> r(reports);
  ++lines;
}

void summary() {
  Poco::ScopedLock<Poco::FastMutex> r(reports);
  Poco::ScopedLock<Poco::FastMutex> t(tasks);
  some.signal();
}
