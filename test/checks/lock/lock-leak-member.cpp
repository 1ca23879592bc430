// RUN: %check %s
// A lock in a class of its own, whose methods take it and give it back for others: which member is locked is what counts.
#include <mutex>
#include <set>

class Mutex {
public:
  void Lock() { mutex_.lock(); }
  void Unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Table {
public:
  bool insert(int row) {
    mutex_.Lock();
    bool isNew = rows_.insert(row).second;
    mutex_.Unlock();
    return isNew;
  }
  void remove(int row) {
    mutex_.Lock();
    // CHECK: [[@LINE-1]]:5: warning: 'Mutex::mutex_' of 'this->mutex_' is locked here and never released; no function of the program releases it for another [heddle-lock-leak]
    rows_.erase(row);
  }

private:
  Mutex mutex_;
  std::set<int> rows_;
};

// Taken here, given back there: a pair of its own.
class Session {
public:
  void begin() {
    mutex_.Lock();
    open_ = true;
  }
  void end() {
    open_ = false;
    mutex_.Unlock();
  }
  bool open() {
    mutex_.Lock();
    bool result = open_;
    mutex_.Unlock();
    return result;
  }

private:
  Mutex mutex_;
  bool open_ = false;
};

// Given back by somebody who is handed the lock.
class Pool {
public:
  Mutex *reserve() {
    mutex_.Lock();
    ++used_;
    return &mutex_;
  }
  int used() {
    mutex_.Lock();
    int result = used_;
    mutex_.Unlock();
    return result;
  }

private:
  Mutex mutex_;
  int used_ = 0;
};
static void giveBack(Mutex *mutex) { mutex->Unlock(); }

int use(Table &table, Session &session, Pool &pool) {
  table.insert(1);
  table.remove(1);
  session.begin();
  session.end();
  Mutex *reserved = pool.reserve();
  giveBack(reserved);
  return session.open() + pool.used();
}

// Given back through a pointer that was kept.
class Lease {
public:
  explicit Lease(Mutex *held) : held_(held) {}
  void finish() { held_->Unlock(); }

private:
  Mutex *held_;
};

class Store {
public:
  Lease open() {
    latch_.Lock();
    return Lease(&latch_);
  }
  int size() {
    latch_.Lock();
    int result = size_;
    latch_.Unlock();
    return result;
  }

private:
  Mutex latch_;
  int size_ = 0;
};

int useStore(Store &store) {
  Lease lease = store.open();
  lease.finish();
  return store.size();
}
