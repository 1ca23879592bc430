// RUN: %check %s
// What a holder may do: recursive kinds, another object, a try, what was released first by the branch or by the callee.
#include <condition_variable>
#include <mutex>
#include <vector>

class Tree {
public:
  void add(int value) {
    std::lock_guard<std::recursive_mutex> guard(mutex_);
    values_.push_back(value);
    if (value > 0)
      add(value - 1);
  }

private:
  std::recursive_mutex mutex_;
  std::vector<int> values_;
};

struct Node {
  std::mutex mutex;
  Node *next = nullptr;
  int value = 0;
};

// Other objects: neighbours, and what a pointer means after it was moved on.
int sum(Node *node) {
  int total = 0;
  while (node) {
    std::lock_guard<std::mutex> guard(node->mutex);
    total += node->value;
    node = node->next;
  }
  return total;
}
void pair(Node *node) {
  std::lock_guard<std::mutex> a(node->mutex);
  if (node->next) {
    std::lock_guard<std::mutex> b(node->next->mutex);
    node->value = node->next->value;
  }
}

struct Queue {
  Node *head = nullptr;
  void pop() { head = head->next; }
};
int drain(Queue &queue) {
  queue.head->mutex.lock();
  int value = queue.head->value;
  Node *first = queue.head;
  queue.pop();
  queue.head->mutex.lock(); // another node now
  value += queue.head->value;
  queue.head->mutex.unlock();
  first->mutex.unlock();
  return value;
}

class Pool {
public:
  bool grow() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (full_) {
      lock.unlock();
      shrink();
      return false;
    }
    full_ = true;
    return true;
  }
  void shrink() {
    std::lock_guard<std::mutex> guard(mutex_);
    full_ = false;
  }
  // The callee gives it back and takes it again.
  void refill() {
    mutex_.lock();
    pause();
    mutex_.unlock();
  }
  bool attempt() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (!mutex_.try_lock()) // never waits
      return false;
    mutex_.unlock();
    return true;
  }
  // Whether it is held goes with a flag.
  void reset(bool locked) {
    if (!locked)
      mutex_.lock();
    full_ = false;
    if (!locked)
      mutex_.unlock();
  }
  void resetLocked() {
    std::lock_guard<std::mutex> guard(mutex_);
    reset(true);
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (full_)
      free_.wait(lock);
  }

private:
  void pause() {
    mutex_.unlock();
    shrink();
    mutex_.lock();
  }
  std::mutex mutex_;
  std::condition_variable free_;
  bool full_ = false;
};

// All of an array, then all again.
struct Shards {
  std::mutex locks[8];
  void all() {
    for (int i = 0; i < 8; ++i)
      locks[i].lock();
    for (int i = 0; i < 8; ++i)
      locks[i].unlock();
  }
};

int main() {
  Tree tree;
  tree.add(3);
  Node node;
  sum(&node);
  pair(&node);
  Queue queue;
  drain(queue);
  Pool pool;
  pool.grow();
  pool.refill();
  pool.resetLocked();
  pool.attempt();
  pool.wait();
  Shards shards;
  shards.all();
}
