// RUN: %check %s --closed
// A result handed over by a flag that is set with a relaxed order; one that is read with one; a node that a list's head publishes; a
// thread that is the last to use an object, by a count that orders nothing.
#include <atomic>
#include <thread>

struct Sample {
  int channel;
  double value;
};

class Mailbox {
public:
  void put(int channel, double value) {
    sample_.channel = channel;
    sample_.value = value;
    full_.store(true, std::memory_order_relaxed);
    // CHECK: [[@LINE-1]]:5: warning: 'box.full_' is set with a relaxed order: who sees it may not yet see what was written to 'box.sample_.channel' [heddle-relaxed-publication]
  }
  bool take(Sample &out) {
    if (!full_.load(std::memory_order_acquire))
      return false;
    out = sample_;
    return true;
  }

private:
  Sample sample_{};
  std::atomic<bool> full_{false};
};

class Table {
public:
  void build(int rows) {
    rows_ = rows;
    ready_.store(1, std::memory_order_release);
  }
  int wait() {
    while (ready_.load(std::memory_order_relaxed) == 0)
      // CHECK: [[@LINE-1]]:12: warning: 'table.ready_' is read with an order that acquires nothing: what is then seen of 'table.rows_' may be older than the value of 'table.ready_' [heddle-relaxed-publication]
      std::this_thread::yield();
    return rows_;
  }

private:
  int rows_ = 0;
  std::atomic<int> ready_{0};
};

struct Node {
  int key = 0;
  Node *next = nullptr;
};
static std::atomic<Node *> head{nullptr};

static void add(int key) {
  Node *node = new Node;
  node->key = key;
  node->next = head.load(std::memory_order_relaxed);
  head.store(node, std::memory_order_relaxed);
  // CHECK: [[@LINE-1]]:3: warning: 'head' is set with a relaxed order: who sees it may not yet see what was written to 'Node.key' [heddle-relaxed-publication]
}
static int first() {
  Node *node = head.load(std::memory_order_acquire);
  return node ? node->key : -1;
}

class Buffer {
public:
  void release() {
    if (users_.fetch_sub(1, std::memory_order_relaxed) == 1)
      // CHECK: [[@LINE-1]]:9: warning: 'Buffer.users_' is set with a relaxed order: who sees it may not yet see what was written to 'Buffer.length' [heddle-relaxed-publication]
      delete this;
  }
  int length = 0;

private:
  std::atomic<int> users_{2};
};

int main() {
  Buffer *buffer = new Buffer;
  std::thread writer([buffer] {
    buffer->length = 1;
    buffer->release();
  });
  buffer->release();
  writer.detach();
  Mailbox box;
  Table table;
  std::thread producer([&] { box.put(1, 2.5); });
  std::thread builder([&] { table.build(12); });
  std::thread adder([] { add(1); });
  Sample sample;
  while (!box.take(sample))
    std::this_thread::yield();
  int rows = table.wait() + first();
  producer.join();
  builder.join();
  adder.join();
  return rows + sample.channel;
}
