// RUN: %check %s --closed
// Release and acquire; the default order; fences beside relaxed operations, also in a function of their own; a counter that nobody
// takes as a sign; a lock, or the end of a thread, that orders the two as well; a relaxed store before the one that releases.
#include <atomic>
#include <mutex>
#include <thread>

class Mailbox {
public:
  void put(int value) {
    value_ = value;
    full_.store(true, std::memory_order_release);
  }
  int take() {
    while (!full_.load(std::memory_order_acquire))
      std::this_thread::yield();
    return value_;
  }

private:
  int value_ = 0;
  std::atomic<bool> full_{false};
};

class Fenced {
public:
  void put(int value) {
    value_ = value;
    std::atomic_thread_fence(std::memory_order_release);
    full_.store(true, std::memory_order_relaxed);
  }
  int take() {
    while (!full_.load(std::memory_order_relaxed))
      std::this_thread::yield();
    barrier();
    return value_;
  }

private:
  static void barrier() { std::atomic_thread_fence(std::memory_order_acquire); }
  int value_ = 0;
  std::atomic<bool> full_{false};
};

struct Node {
  int key = 0;
  std::atomic<Node *> next{nullptr};
};
static Node start;

// The new node's own link needs no order: it is published by the store after it.
static void add(int key) {
  Node *node = new Node;
  node->key = key;
  node->next.store(start.next.load(std::memory_order_relaxed), std::memory_order_relaxed);
  start.next.store(node, std::memory_order_release);
}
static int sum() {
  int result = 0;
  for (Node *node = start.next.load(std::memory_order_acquire); node; node = node->next.load(std::memory_order_acquire))
    result += node->key;
  return result;
}

class Pool {
public:
  void push(int job) {
    std::lock_guard<std::mutex> hold(mutex_);
    jobs_[count_.load(std::memory_order_relaxed)] = job;
    count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  int size() const { return count_.load(std::memory_order_relaxed); }
  int last() {
    if (size() == 0)
      return -1;
    std::lock_guard<std::mutex> hold(mutex_);
    return jobs_[count_.load(std::memory_order_relaxed) - 1];
  }

private:
  std::mutex mutex_;
  int jobs_[100] = {};
  std::atomic<int> count_{0};
};

struct Result {
  long total = 0;
  std::atomic<bool> done{false};
};
static void compute(Result *result) {
  for (int i = 0; i < 1000; ++i)
    result->total += i;
  result->done.store(true, std::memory_order_relaxed);
}

int main() {
  Mailbox box;
  Fenced fenced;
  Pool pool;
  Result result;
  std::thread producer([&] {
    box.put(1);
    fenced.put(2);
    add(3);
    pool.push(4);
  });
  std::thread worker(compute, &result);
  int got = box.take() + fenced.take() + sum() + pool.last();
  while (!result.done.load(std::memory_order_relaxed))
    std::this_thread::yield();
  worker.join();
  producer.join();
  return got + static_cast<int>(result.total);
}
