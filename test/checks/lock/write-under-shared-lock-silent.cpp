// RUN: %check %s
// Atomics, data that a second lock guards, exclusive again before the write, and what isn't the lock's.
#include <atomic>
#include <mutex>
#include <shared_mutex>

struct Journal {
  std::shared_mutex mutex;
  int size = 0;
};

class Registry {
public:
  Registry() { // nobody else has it yet
    std::shared_lock<std::shared_mutex> lock(mutex_);
    size_ = 0;
  }
  int find(int key) {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    ++lookups_; // atomic
    {
      std::lock_guard<std::mutex> guard(statistics_);
      last_ = key; // the second lock is the one for this
    }
    int found = 0;
    found = key < size_ ? key : -1; // its own local
    return found;
  }
  void add(int) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    ++size_;
    std::lock_guard<std::mutex> guard(statistics_);
    last_ = 0;
  }
  void upgrade(int key) {
    mutex_.lock_shared();
    bool missing = key >= size_;
    mutex_.unlock_shared();
    if (missing) {
      mutex_.lock();
      size_ = key + 1;
      mutex_.unlock();
    }
  }
  int last() {
    std::lock_guard<std::mutex> guard(statistics_);
    return last_;
  }
  void copyTo(Journal &journal) {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    std::unique_lock<std::shared_mutex> theirs(journal.mutex);
    journal.size = size_; // its own lock is exclusive
  }
  void either(bool write) {
    if (write)
      mutex_.lock();
    else
      mutex_.lock_shared();
    if (write) {
      size_ = 1;
      mutex_.unlock();
    } else {
      mutex_.unlock_shared();
    }
  }

private:
  std::shared_mutex mutex_;
  std::mutex statistics_;
  std::atomic<int> lookups_{0};
  int size_ = 0, last_ = 0;
};

int use(Registry &a, Journal &journal) {
  a.add(1);
  a.upgrade(3);
  a.copyTo(journal);
  a.either(true);
  return a.find(0) + a.last();
}
