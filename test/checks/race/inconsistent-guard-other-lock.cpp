// RUN: %check %s
// An access that holds another lock than all others is as unguarded as one that holds none; one that has a lock in common with
// each writer is not.
#include <mutex>

class Cache {
public:
  void put(int size) {
    std::lock_guard<std::mutex> lock(mutex_);
    bytes_ += size;
    ++entries_;
  }
  void drop(int size) {
    std::lock_guard<std::mutex> lock(mutex_);
    bytes_ -= size;
  }
  int bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return bytes_;
  }
  void resize(int limit) {
    std::lock_guard<std::mutex> lock(limit_mutex_);
    limit_ = limit;
    bytes_ = 0;
    // CHECK: [[@LINE-1]]:5: warning: 'bytes_' is written here holding 'limit_mutex_' and written in 'Cache::put' holding 'mutex_'; neither lock keeps both out [heddle-mixed-guards]
  }
  int limit() {
    std::lock_guard<std::mutex> lock(limit_mutex_);
    return limit_;
  }

  // Whoever writes has both: each of them is enough to read.
  void set_shards(int n) {
    std::scoped_lock both(mutex_, limit_mutex_);
    shards_ = n;
  }
  int shards() {
    std::lock_guard<std::mutex> lock(mutex_);
    return shards_;
  }
  int shards_for_limit() {
    std::lock_guard<std::mutex> lock(limit_mutex_);
    return shards_ * limit_;
  }

private:
  std::mutex mutex_, limit_mutex_;
  int bytes_ = 0, entries_ = 0, limit_ = 0, shards_ = 1;
};

// A lock that the class is given: its owner may hold the very same by another name.
class Part {
public:
  explicit Part(std::mutex *mutex) : mutex_(mutex) {}
  void add() {
    std::lock_guard<std::mutex> lock(*mutex_);
    ++uses_;
  }
  void remove() {
    std::lock_guard<std::mutex> lock(*mutex_);
    --uses_;
  }
  int uses() {
    std::lock_guard<std::mutex> lock(*mutex_);
    return uses_;
  }
  int peek() {
    return peeked_ ? uses_ : 0;
    // CHECK: [[@LINE-1]]:22: warning: 'uses_' is read here without 'mutex_', which 3 of 4 accesses hold, in 'Part::add' to write it [heddle-inconsistent-guard]
  }
  int held_ = 0;
  bool peeked_ = false;

  void hold() {
    std::lock_guard<std::mutex> lock(*mutex_);
    ++held_;
  }
  void let_go() {
    std::lock_guard<std::mutex> lock(*mutex_);
    --held_;
  }
  void clear() {
    std::lock_guard<std::mutex> lock(*mutex_);
    held_ = 0;
  }

private:
  std::mutex *mutex_;
  int uses_ = 0;
};

class Whole {
public:
  Whole() : part_(&mutex_) {}
  int held() {
    std::lock_guard<std::mutex> lock(mutex_);
    return part_.held_;
  }

private:
  std::mutex mutex_;
  Part part_;
};
