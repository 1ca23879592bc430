// RUN: %check %s -- -std=c++20
// The standard library's locks: timed and shared ones, several at once, guards that are swapped and let go, algorithms that call
// back.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <execution>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <vector>

using namespace std::chrono_literals;

std::shared_timed_mutex index_;
std::timed_mutex pages;
std::atomic<int> found, changed;

int find() {
  std::shared_lock reading(index_);
  pages.lock();
  // CHECK: [[@LINE-1]]:3: error: 'pages' is locked while 'index_' is held; 'change' locks them in the opposite order
  // [heddle-lock-order-cycle]
  int result = found;
  pages.unlock();
  return result;
}

void change() {
  std::lock_guard writing(pages);
  index_.lock();
  ++changed;
  index_.unlock();
}

// Silent: a shared lock that is waited for a while only, both or none, and one that is given up by its guard.
std::shared_timed_mutex names;
std::timed_mutex cards;

void either() {
  std::shared_lock<std::shared_timed_mutex> reading(names);
  std::lock_guard writing(cards);
  ++found;
}

void timed() {
  std::lock_guard writing(cards);
  if (names.try_lock_shared_for(1ms)) {
    --found;
    names.unlock_shared();
  }
}

void both() {
  std::unique_lock<std::timed_mutex> c(cards, std::defer_lock);
  std::unique_lock<std::shared_timed_mutex> n(names, std::defer_lock);
  if (std::try_lock(c, n) == -1)
    ++found;
}

std::mutex left, right;

void ordered() {
  std::lock_guard l(left);
  std::lock_guard r(right);
  // CHECK: [[@LINE-1]]:19: advice: {{.*}}[heddle-unordered-multi-lock]
  ++found;
}

void swapped() {
  std::unique_lock<std::mutex> r(right), other;
  r.swap(other);
  other.unlock();
  std::lock_guard l(left);
  --found;
}

void letGo() {
  std::unique_lock<std::mutex> r(right);
  std::mutex *raw = r.release();
  raw->unlock();
  std::lock_guard l(left);
  --found;
}

// A wait lets go of its lock, also one that a request to stop ends.
std::condition_variable_any some;

void await(std::stop_token stop) {
  std::unique_lock r(right);
  some.wait(r, stop, [] { return found > 0; });
  r.unlock();
  std::lock_guard l(left);
}

// What an algorithm calls runs before it returns, with or without a policy.
std::mutex cells, totals;

void sum(std::vector<int> &values) {
  std::lock_guard t(totals);
  std::for_each(std::execution::par, values.begin(), values.end(), [](int value) {
    std::lock_guard c(cells);
    // CHECK: [[@LINE-1]]:21: error: 'cells' is locked while 'totals' is held; 'clear' locks them in the opposite order
    // [heddle-lock-order-cycle]
    found += value;
  });
}

void clear() {
  std::lock_guard c(cells);
  std::lock_guard t(totals);
  found = 0;
}
