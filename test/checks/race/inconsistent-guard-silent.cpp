// RUN: %check %s
// Looks inconsistent and isn't: constructors and what they call, objects that nobody else has, atomics, what never changes, a phase
// with one thread.
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct Node {
  std::mutex mutex;
  int value = 0;
  std::atomic<int> readers{0};
  int kind = 0;
};

class Tree {
public:
  Tree() { reset(); }
  void set(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = value;
    ++changes_;
  }
  int get() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++changes_;
    return value_;
  }
  int peek() { return changes_.load(); }

private:
  void reset() { value_ = -1; }
  std::mutex mutex_;
  int value_ = 0;
  std::atomic<int> changes_{0};
};

static Node *makeNode(int value) {
  Node *node = new Node;
  node->value = value; // not shared yet
  node->kind = 1;
  return node;
}

static void change(Node &node) {
  std::lock_guard<std::mutex> lock(node.mutex);
  node.value += node.kind;
  ++node.readers;
}

static int sizeOf(const Node &node) { return node.kind + node.readers; }

static Node shared;

static void setUp() {
  shared.value = 3; // main, before there is a second thread
}

static void work() {
  change(shared);
  change(shared);
}

int main() {
  setUp();
  Tree tree;
  std::unique_ptr<Node> node(makeNode(1));
  std::thread worker(work);
  change(shared);
  change(*node);
  tree.set(4);
  worker.join();
  return shared.value + sizeOf(*node) + tree.get() + tree.peek();
}

// Loaded once, under the lock; who sees the atomic set sees all that was written before.
class Names {
public:
  const std::string &at(int i) {
    if (!loaded_.load(std::memory_order_acquire))
      load();
    return names_[i];
  }
  void load() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (loaded_.load(std::memory_order_relaxed))
      return;
    names_ = {"a", "b"};
    loaded_.store(true, std::memory_order_release);
  }

private:
  std::mutex mutex_;
  std::vector<std::string> names_;
  std::atomic<bool> loaded_{false};
};

const std::string &useNames(Names &names) { return names.at(0); }
