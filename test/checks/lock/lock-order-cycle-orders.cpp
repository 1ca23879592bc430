// RUN: %check %s
// Orders and gates that take a second look: all of these are silent.
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

struct Node {
  std::mutex mutex;
  int id = 0, uses = 0;
  bool operator<(const Node &other) const { return id < other.id; }
};
Node one, two;

// By id, through pointers that are exchanged.
void byId(Node &x, Node &y) {
  Node *first = &x, *second = &y;
  if (first->id > second->id)
    std::swap(first, second);
  std::lock_guard<std::mutex> a(first->mutex);
  std::lock_guard<std::mutex> b(second->mutex);
  ++first->uses;
}

// By an order of the class's own.
void byOwnOrder(Node &x, Node &y) {
  if (y < x) {
    byOwnOrder(y, x);
    return;
  }
  std::lock_guard<std::mutex> a(x.mutex);
  std::lock_guard<std::mutex> b(y.mutex);
  ++x.uses;
}

// A recursive lock that is held already isn't waited for.
std::recursive_mutex again;
std::mutex inner;
std::atomic<int> count;
void outerFirst() {
  std::lock_guard<std::recursive_mutex> a(again);
  std::lock_guard<std::mutex> b(inner);
  // CHECK: [[@LINE-1]]:31: advice: {{.*}}[heddle-unordered-multi-lock]
  ++count;
}
void outerTwice() {
  std::lock_guard<std::recursive_mutex> a(again);
  std::lock_guard<std::mutex> b(inner);
  std::lock_guard<std::recursive_mutex> c(again);
  ++count;
}

// A gate held by the first caller of a recursion.
std::mutex gate, p, q;
void alternate(int depth, bool forwards) {
  if (depth == 0)
    return;
  std::mutex &first = forwards ? p : q, &second = forwards ? q : p;
  first.lock();
  second.lock();
  ++count;
  second.unlock();
  first.unlock();
  alternate(depth - 1, !forwards);
}
void gated() {
  std::lock_guard<std::mutex> g(gate);
  alternate(4, true);
}

// A lock of the thread's own.
thread_local std::mutex own;
void ownFirst() {
  std::lock_guard<std::mutex> a(own);
  std::lock_guard<std::mutex> b(p);
  ++count;
}
void ownLast() {
  std::lock_guard<std::mutex> b(p);
  std::lock_guard<std::mutex> a(own);
  ++count;
}

int main() {
  std::thread t1([] { byId(one, two), byOwnOrder(one, two), outerFirst(), gated(), ownFirst(); });
  std::thread t2([] { byId(two, one), byOwnOrder(two, one), outerTwice(), gated(), ownLast(); });
  t1.join();
  t2.join();
}
