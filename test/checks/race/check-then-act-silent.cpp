// RUN: %check %s
// Tested in one section and changed in another, and in order: tested again inside, claimed, only told, done twice without harm, or
// under another lock all the time.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <queue>
#include <string>

class Pool {
public:
  // Tested again inside.
  bool take() {
    if (idle() == 0)
      return false;
    std::lock_guard<std::mutex> lock(mutex_);
    if (idle_ == 0)
      return false;
    --idle_;
    return true;
  }
  void give() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++idle_;
  }
  int idle() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return idle_;
  }
  // Only told.
  void report() const {
    if (idle() == 0)
      std::puts("pool is exhausted");
  }
  // The result is statistics: what is counted is another thing.
  void sample() {
    if (idle() == 0) {
      std::lock_guard<std::mutex> lock(mutex_);
      ++exhausted_;
    }
  }
  int exhausted() {
    std::lock_guard<std::mutex> lock(mutex_);
    return exhausted_;
  }

private:
  mutable std::mutex mutex_;
  int idle_ = 4;
  int exhausted_ = 0;
};

// The one who tests claims what it found before it lets go of the lock.
class Writer {
public:
  void append(const std::string &line) {
    std::lock_guard<std::mutex> lock(mutex_);
    lines_.push_back(line);
  }
  void flush() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (lines_.empty() || writing_)
      return;
    writing_ = true;
    lock.unlock();
    std::puts("writing");
    lock.lock();
    lines_.pop_front();
    writing_ = false;
  }

private:
  std::mutex mutex_;
  std::deque<std::string> lines_;
  bool writing_ = false;
};

// Two who miss compute the same; the second puts it in place of the first.
class Cache {
public:
  std::string get(int key) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto found = values_.find(key);
      if (found != values_.end())
        return found->second;
    }
    std::string value = std::to_string(key);
    std::lock_guard<std::mutex> lock(mutex_);
    values_.emplace(key, value);
    return value;
  }

private:
  std::mutex mutex_;
  std::map<int, std::string> values_;
};

// A flag that is set when it wasn't may be set twice.
class Session {
public:
  void close() {
    if (!isClosed())
      setClosed();
  }
  bool isClosed() {
    std::lock_guard<std::mutex> lock(mutex_);
    return closed_;
  }
  void setClosed() {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }

private:
  std::mutex mutex_;
  bool closed_ = false;
};

// The consumer waits, with the test inside of its section.
class Channel {
public:
  void send(int value) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      values_.push(value);
    }
    ready_.notify_one();
  }
  int receive() {
    std::unique_lock<std::mutex> lock(mutex_);
    ready_.wait(lock, [this] { return !values_.empty(); });
    int value = values_.front();
    values_.pop();
    return value;
  }
  int receiveIfAny() {
    bool any;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      any = !values_.empty();
    }
    return any ? receive() : -1;
  }

private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<int> values_;
};

// Another lock is held around both.
class Ledger {
public:
  void settle(int amount) {
    std::lock_guard<std::mutex> turn(turn_);
    int open;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      open = open_;
    }
    if (open >= amount) {
      std::lock_guard<std::mutex> lock(mutex_);
      open_ -= amount;
    }
  }
  int open() {
    std::lock_guard<std::mutex> lock(mutex_);
    return open_;
  }

private:
  std::mutex turn_, mutex_;
  int open_ = 0;
};

// Tried again until nothing came between.
class Version {
public:
  void advance() {
    for (;;) {
      int seen;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        seen = number_;
      }
      int next = seen * 2 + 1;
      std::lock_guard<std::mutex> lock(mutex_);
      if (number_ != seen)
        continue;
      number_ = next;
      return;
    }
  }

private:
  std::mutex mutex_;
  int number_ = 0;
};

// One thread makes the steps; others only look.
class Progress {
public:
  void step() {
    int done;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      done = done_;
    }
    int next = done * 2 + 1;
    std::lock_guard<std::mutex> lock(mutex_);
    done_ = next;
  }
  int done() {
    std::lock_guard<std::mutex> lock(mutex_);
    return done_;
  }

private:
  std::mutex mutex_;
  int done_ = 0;
};
