// RUN: %check %s
// Abseil: guards by pointer in two orders, reader locks, conditions; and guards released in time. The inline bodies of its guards
// aren't looked into: the library's are made of atomics in the end.
#include <atomic>

namespace absl {
class Condition {
public:
  explicit Condition(const bool *);
};
class Mutex {
public:
  void Lock();
  void Unlock();
  bool TryLock();
  void ReaderLock();
  void ReaderUnlock();
  void AssertHeld() const;
  void Await(const Condition &);

private:
  long word_ = 0;
};
class MutexLock {
public:
  explicit MutexLock(Mutex *mu) : mu_(mu) { mu_->Lock(); }
  MutexLock(Mutex *mu, const Condition &);
  ~MutexLock() { mu_->Unlock(); }

private:
  Mutex *const mu_;
};
class ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *);
  ~ReaderMutexLock();
};
class MutexLockMaybe {
public:
  explicit MutexLockMaybe(Mutex *);
  ~MutexLockMaybe();
};
class ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *);
  ~ReleasableMutexLock();
  void Release();
};
class CondVar {
public:
  void Wait(Mutex *);
  void Signal();
};
// As where the library is part of the build: bodies that say nothing of a lock.
void Mutex::Lock() { __atomic_fetch_or(&word_, 1, __ATOMIC_ACQUIRE); }
void Mutex::Unlock() { __atomic_fetch_and(&word_, ~1L, __ATOMIC_RELEASE); }
} // namespace absl

absl::Mutex table, cache;
std::atomic<int> rows, hits;
bool full;

void store() {
  absl::MutexLock t(&table);
  table.AssertHeld();
  absl::MutexLock c(&cache, absl::Condition(&full));
  // CHECK: [[@LINE-1]]:19: warning: 'table' is held while 'store' waits for an event; 'evict' has to wait for it as long
  // [heddle-blocking-under-lock]
  // CHECK: [[@LINE-3]]:19: error: 'cache' is locked while 'table' is held; 'evict' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++rows;
  ++hits;
}

void evict() {
  absl::ReaderMutexLock c(&cache);
  table.Lock();
  --rows;
  table.Unlock();
}

// Released before the other is taken, tried, or for no mutex at all.
absl::Mutex queue, stats;
absl::CondVar filled;

void pop() {
  absl::ReleasableMutexLock q(&queue);
  filled.Wait(&queue);
  q.Release();
  absl::MutexLock s(&stats);
  ++hits;
}

void count() {
  absl::MutexLock s(&stats);
  absl::MutexLock q(&queue);
  filled.Signal();
}

void tryCount() {
  absl::MutexLock q(&queue);
  if (stats.TryLock()) {
    ++hits;
    stats.Unlock();
  }
}

void none() {
  absl::MutexLock q(&queue);
  absl::MutexLockMaybe s(nullptr);
  queue.Await(absl::Condition(&full));
}
