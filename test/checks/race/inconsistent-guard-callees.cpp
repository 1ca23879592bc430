// RUN: %check %s
// What private functions require is what their callers do: locked callers, a helper given the address of a member, a lock that is
// passed on, a window that is opened on purpose.
#include <mutex>
#include <vector>

class Cache {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    insert(key, value);
    shrink();
  }
  int get(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++hits_;
    return values_[key];
  }
  int hits() {
    std::lock_guard<std::mutex> lock(mutex_);
    return hits_;
  }
  void refresh() {
    mutex_.lock();
    int key = next_++;
    mutex_.unlock();
    insertLocked(mutex_, key);
    bump(&misses_);
  }
  int miss() {
    std::lock_guard<std::mutex> lock(mutex_);
    bump(&misses_);
    bump(&other_);
    return next_;
  }

private:
  void insert(int key, int value) { values_[key] = value; }
  void shrink() {
    if (values_.size() > 10)
      values_.pop_back();
  }
  void insertLocked(std::mutex &mutex, int key) {
    std::lock_guard<std::mutex> lock(mutex);
    insert(key, 0);
  }
  static void bump(int *counter) {
    ++*counter;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'misses_' is written here without 'mutex_', which 1 of 2 accesses hold, in 'Cache::bump' to write it [heddle-inconsistent-guard]
    // CHECK: note: thread 1: {{.*}}'Cache::refresh'
  }

  std::mutex mutex_;
  std::vector<int> values_ = std::vector<int>(10);
  int hits_ = 0, misses_ = 0, other_ = 0, next_ = 0;
};

class Log {
public:
  void append(int value) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (busy_)
      wait(lock);
    busy_ = true;
    lock.unlock();
    write(file_, value); // alone, as long as it is busy
    lock.lock();
    busy_ = false;
  }
  void reopen(int file) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!busy_)
      file_ = file;
  }
  int file() {
    std::lock_guard<std::mutex> lock(mutex_);
    return file_;
  }

private:
  static void write(int file, int value);
  static void wait(std::unique_lock<std::mutex> &lock);
  std::mutex mutex_;
  bool busy_ = false;
  int file_ = 0;
};

int use(Cache &cache, Log &log) {
  cache.put(1, 2);
  cache.refresh();
  log.append(cache.get(1) + cache.miss());
  log.reopen(1);
  return cache.hits() + log.file();
}
