// RUN: %check %s
// A function that is entered with a lock and lets go of it for a while: what it calls meanwhile isn't called with it.
#include <vector>

class __attribute__((capability("mutex"))) Mutex {
public:
  void Lock() __attribute__((acquire_capability()));
  void Unlock() __attribute__((release_capability()));
};
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))

class Compactor {
public:
  void run() {
    mutex_.Lock();
    compact();
    mutex_.Unlock();
  }
  void add(int number) {
    mutex_.Lock();
    pending_.push_back(number);
    mutex_.Unlock();
  }

private:
  void compact() REQUIRES(mutex_) {
    mark(); // with the lock
    mutex_.Unlock();
    for (int i = 0; i < 3; ++i) {
      open(i);
      if (i == 1) {
        mutex_.Lock();
        mark(); // with the lock again
        mutex_.Unlock();
      }
    }
    mutex_.Lock();
  }
  void mark() { pending_.push_back(-1); }
  void open(int number) {
    pending_.push_back(number);
    // CHECK: [[@LINE-1]]:5: error: 'pending_' is read here without 'this->mutex_', but is declared to be guarded by it [heddle-annotation-violation]
  }

  // Perhaps: not told.
  void flush(bool idle) REQUIRES(mutex_) {
    if (idle)
      mutex_.Unlock();
    count();
    if (idle)
      mutex_.Lock();
  }
  void count() { flushed_ += 1; }
public:
  void flushAll(bool idle) {
    mutex_.Lock();
    flush(idle);
    mutex_.Unlock();
  }

private:
  Mutex mutex_;
  std::vector<int> pending_ GUARDED_BY(mutex_);
  int flushed_ GUARDED_BY(mutex_) = 0;
};

void use(Compactor &compactor) {
  compactor.add(1);
  compactor.run();
  compactor.flushAll(true);
}
