// RUN: %check %s
// A project's own lock, whose assertion a build without assertions has emptied: its name still says that callers hold the lock.
#include <mutex>

class Latch {
public:
  void Lock() { mutex_.lock(); }
  void Unlock() { mutex_.unlock(); }
  void AssertHeld() {}
  void assert_not_held() {}

private:
  std::mutex mutex_;
};

class Table {
public:
  void insert(int key) {
    latch_.Lock();
    last_ = key;
    ++size_;
    ++version_;
    latch_.Unlock();
  }
  void erase() {
    latch_.Lock();
    last_ = 0;
    --size_;
    ++version_;
    latch_.Unlock();
  }
  int read() {
    latch_.Lock();
    int all = last_ + size_ + version_;
    latch_.Unlock();
    return all;
  }
  void grow() {
    latch_.AssertHeld();
    ++size_; // whoever calls it has locked
  }
  void touch() {
    latch_.assert_not_held();
    ++version_;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'version_' is written here without 'latch_{{.*}}', which 3 of 4 accesses hold
  }
  void late() {
    ++last_;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'last_' is written here without 'latch_{{.*}}', which 3 of 4 accesses hold
    latch_.AssertHeld(); // too late for what stands before it
  }

private:
  Latch latch_;
  int last_ = 0, size_ = 0, version_ = 0;
};

int use(Table &table) {
  table.insert(1);
  table.erase();
  table.grow();
  table.touch();
  table.late();
  return table.read();
}
