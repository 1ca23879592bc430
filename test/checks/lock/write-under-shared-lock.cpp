// RUN: %check %s
// A cache whose readers share its lock, and write all the same.
#include <mutex>
#include <shared_mutex>

class Cache {
public:
  int find(int key) {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    ++hits_;
    // CHECK: [[@LINE-1]]:5: warning: 'this->hits_' is written here with 'this->mutex_' held only as shared; 'Cache::hits' can read it at the same time [heddle-write-under-shared-lock]
    last_ = key;
    // CHECK: [[@LINE-1]]:5: error: 'this->last_' is written here with 'this->mutex_' held only as shared; 'Cache::add' holds it exclusively to write [heddle-write-under-shared-lock]
    return key < size_ ? values_[key] : -1;
  }
  void add(int value) {
    std::unique_lock<std::shared_mutex> lock(mutex_);
    values_[size_++ % 16] = value;
    last_ = value;
  }
  void evict(int key) {
    mutex_.lock_shared();
    drop(key);
    mutex_.unlock_shared();
  }
  int hits() {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    return hits_;
  }

private:
  void drop(int key) { // called with the shared mode held
    values_[key] = 0;
    // CHECK: [[@LINE-1]]:5: error: 'this->values_' is written here with 'this->mutex_' held only as shared; 'Cache::add' holds it exclusively to write [heddle-write-under-shared-lock]
  }
  std::shared_mutex mutex_;
  int hits_ = 0, last_ = 0, size_ = 0;
  int values_[16] = {};
};

int use(Cache &cache) {
  cache.add(1);
  cache.evict(0);
  return cache.find(0) + cache.hits();
}
