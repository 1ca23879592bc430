// RUN: %check %s
// Releases that are right: wrappers, adopted locks, reverse guards, and what was taken again.
#include <mutex>

std::mutex mutex;
int count;
void rest();

void release() { mutex.unlock(); } // of its caller's
void used() {
  mutex.lock();
  ++count;
  release();
}

void adopted() {
  mutex.lock();
  std::lock_guard<std::mutex> guard(mutex, std::adopt_lock);
  ++count;
}

// A guard's reverse.
class Unlocked {
public:
  explicit Unlocked(std::mutex &mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~Unlocked() { mutex_.lock(); }

private:
  std::mutex &mutex_;
};
void compute() {
  std::lock_guard<std::mutex> guard(mutex);
  {
    Unlocked gap(mutex);
    rest();
  }
  --count;
}

// Correlated: released where it is held.
void sometimes(bool lock) {
  if (lock)
    mutex.lock();
  ++count;
  if (lock)
    mutex.unlock();
}
bool tried() {
  if (!mutex.try_lock())
    return false;
  ++count;
  mutex.unlock();
  return true;
}
void relocked() {
  std::unique_lock<std::mutex> lock(mutex);
  lock.unlock();
  rest();
  lock.lock();
}

struct Node {
  std::mutex mutex;
  Node *next = nullptr;
};
struct List {
  Node *head = nullptr;
  void drop() { head = head->next; }
};
void handOver(List &list) {
  list.head->mutex.lock();
  list.head->mutex.unlock();
  list.drop();
  list.head->mutex.unlock(); // another node's, that the caller holds
}
void sweep(Node *nodes, int n) {
  for (int i = 0; i < n; ++i)
    nodes[i].mutex.lock();
  for (int i = 0; i < n; ++i)
    nodes[i].mutex.unlock();
}

// In an open program anybody may have locked it.
void finish() {
  ++count;
  mutex.unlock();
}
