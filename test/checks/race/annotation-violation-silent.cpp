// RUN: %check %s
// What holds its lock in ways that attributes alone don't tell, and what isn't to be checked.
#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define NO_THREAD_SAFETY_ANALYSIS __attribute__((no_thread_safety_analysis))

class Jobs {
public:
  Jobs() { jobs_.reserve(8); }
  ~Jobs() { jobs_.clear(); }
  int estimate() const NO_THREAD_SAFETY_ANALYSIS { return pending_; } // a torn value would do
  static unsigned long size() { // not evaluated
    decltype(pending_) copy = 0;
    return sizeof(pending_) + copy;
  }
  void add(int job) {
    auto lock = locked();
    insert(job);
    ready_.notify_one();
  }
  int take() {
    std::unique_lock<std::mutex> lock(mutex_);
    ready_.wait(lock, [this] { return !jobs_.empty(); });
    int job = jobs_.back();
    jobs_.pop_back();
    --pending_;
    return job;
  }
  void prefer() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::sort(jobs_.begin(), jobs_.end(), [this](int a, int b) { return a + pending_ < b + pending_; });
  }
  void maybe(bool threaded) {
    if (threaded)
      mutex_.lock();
    work();
    if (threaded) {
      pending_ = 0;
      mutex_.unlock();
    }
  }
  void aliased() {
    std::mutex &mutex = mutex_;
    Jobs *self = this;
    mutex.lock();
    self->pending_ = 1;
    mutex.unlock();
  }
  void tried() {
    std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock())
      return;
    pending_ = 2;
  }
  void both(Jobs &other) {
    std::scoped_lock lock(mutex_, other.mutex_);
    pending_ = other.pending_;
  }
  int *address() { return &pending_; } // nothing is read

private:
  static void work() {}
  std::unique_lock<std::mutex> locked() { return std::unique_lock<std::mutex>(mutex_); }
  void insert(int job) { // called with the lock held, always
    jobs_.push_back(job);
    count();
  }
  void count() { ++pending_; }
  void drop() REQUIRES(mutex_) { discard(); }
  void discard() { jobs_.clear(); }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<int> jobs_ GUARDED_BY(mutex_);
  int pending_ GUARDED_BY(mutex_) = 0;
};

// A guard from code that isn't seen may hold any lock.
struct Shared {
  std::mutex mutex;
  int value GUARDED_BY(mutex) = 0;
};
std::unique_lock<std::mutex> holdAll();
void update(Shared &shared) {
  auto lock = holdAll();
  shared.value = 1;
}

int use(Jobs &a, Jobs &b) {
  a.add(1);
  a.prefer();
  a.maybe(true);
  a.aliased();
  a.tried();
  a.both(b);
  return a.take() + a.estimate() + *a.address();
}
