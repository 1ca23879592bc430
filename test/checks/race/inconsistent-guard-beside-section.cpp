// RUN: %check %s
// A plain store outside of the section that the same function has: who takes the lock knows of it, and forgot this place.
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Reply {
public:
  long size() {
    std::lock_guard<std::mutex> lock(mutex_);
    return any_ ? static_cast<long>(data_.size()) : -1;
  }
  std::string all() {
    std::lock_guard<std::mutex> lock(mutex_);
    return any_ ? data_ : std::string();
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    any_ = false;
    data_.clear();
  }
  void append(const std::string &part) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      data_ += part;
    }
    any_ = true; // CHECK: [[@LINE]]:5: warning: 'any_' is written here without 'mutex_', which 3 of 4 accesses hold
  }

private:
  std::mutex mutex_;
  bool any_ = false;
  std::string data_;
};

// Before the thread starts there is nobody to keep out; who knows nothing of the lock may set things up.
class Worker {
public:
  void start(int limit) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      done_ = 0;
    }
    limit_ = limit;
    thread_ = std::thread([this] { run(); });
  }
  void configure(int limit) { limit_ = limit; }
  void lower() {
    std::lock_guard<std::mutex> lock(mutex_);
    --limit_;
  }
  ~Worker() { thread_.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> lock(mutex_);
    while (done_ < limit_)
      ++done_;
  }
  std::mutex mutex_;
  std::thread thread_;
  int limit_ = 0, done_ = 0;
};
