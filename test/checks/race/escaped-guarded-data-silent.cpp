// RUN: %check %s
// Leaves the section, and in order: a copy, a shared pointer, what never changes, what has a lock of its own, and accessors whose
// callers hold the lock.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class Roster {
public:
  explicit Roster(std::string title) : title_(std::move(title)) {}
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.push_back(name);
  }
  void replace(std::shared_ptr<const std::vector<int>> ranks) {
    std::lock_guard<std::mutex> lock(mutex_);
    ranks_ = std::move(ranks);
  }
  std::vector<std::string> names() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_; // a copy
  }
  std::shared_ptr<const std::vector<int>> ranks() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return ranks_;
  }
  const std::string &title() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return title_; // set by the constructor alone
  }
  size_t longest() const {
    std::lock_guard<std::mutex> lock(mutex_);
    size_t most = 0;
    for (const std::string &name : namesLocked())
      most = std::max(most, name.size());
    return most;
  }
  std::string first() const {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::string &name = names_.front();
    std::string copy = name;
    lock.unlock();
    return copy;
  }

private:
  const std::vector<std::string> &namesLocked() const { return names_; } // the caller holds the lock
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
  std::shared_ptr<const std::vector<int>> ranks_;
  std::string title_;
};

// Entries stay where they are, and count for themselves.
class Counters {
public:
  struct Counter {
    std::mutex mutex;
    long value = 0;
  };
  Counter &named(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    return counters_[name];
  }

private:
  std::mutex mutex_;
  std::map<std::string, Counter> counters_;
};

// Declared: whoever asks has the lock.
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class Board {
public:
  void put(int at, int piece) {
    mutex.lock();
    squares_[at] = piece;
    mutex.unlock();
  }
  std::vector<int> &squares() REQUIRES(mutex) { return squares_; }
  Mutex mutex;

private:
  std::vector<int> squares_ = std::vector<int>(64);
};

// The lock goes with the reference.
class Locked {
public:
  void add(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.push_back(value);
  }
  struct View {
    std::unique_lock<std::mutex> lock;
    std::vector<int> &values;
  };
  View view() { return {std::unique_lock<std::mutex>(mutex_), values_}; }

private:
  std::mutex mutex_;
  std::vector<int> values_;
};
