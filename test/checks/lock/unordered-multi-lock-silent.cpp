// RUN: %check %s
// Locks that can't, need not or must not be taken together.
#include <list>
#include <memory>
#include <mutex>

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }
  bool try_lock() __attribute__((try_acquire_capability(true))) { return mutex_.try_lock(); }

private:
  std::mutex mutex_;
};

struct Node {
  std::mutex mutex;
  Node *next = nullptr;
  int value = 0;
};

Node head;

// Hand over hand: the next lock is found through what the first guards.
int sum() {
  int result = 0;
  std::unique_lock<std::mutex> here(head.mutex);
  for (Node *node = &head; node->next; node = node->next) {
    std::unique_lock<std::mutex> next(node->next->mutex);
    here.swap(next);
    result += node->value;
  }
  return result;
}

int second() {
  std::lock_guard<std::mutex> here(head.mutex);
  std::lock_guard<std::mutex> next(head.next->mutex);
  return head.next->value;
}

// A lock is used in between: the second is only needed for what comes after.
std::mutex table, journal;
int rows, lines;

void insert() {
  std::lock_guard<std::mutex> a(table);
  ++rows;
  std::lock_guard<std::mutex> b(journal);
  ++lines;
}

// Sections side by side, not one in the other.
void both() {
  {
    std::lock_guard<std::mutex> a(table);
    ++rows;
  }
  {
    std::lock_guard<std::mutex> b(journal);
    ++lines;
  }
}

// The order is written down.
class Shop {
public:
  void sell() {
    std::lock_guard<Mutex> a(stock_);
    std::lock_guard<Mutex> b(till_);
    --items_;
    ++money_;
  }

private:
  Mutex till_;
  Mutex stock_ __attribute__((acquired_before(till_)));
  int items_ = 0, money_ = 0;
};

void sale(Shop &shop) { shop.sell(); }

// Taken together already; adopted after std::lock; a lock that can't be tried has no place among several.
void together() {
  std::scoped_lock all(table, journal);
  ++rows;
  ++lines;
}

void adopted() {
  std::lock(table, journal);
  std::lock_guard<std::mutex> a(table, std::adopt_lock);
  std::lock_guard<std::mutex> b(journal, std::adopt_lock);
  ++rows;
  ++lines;
}

struct Plain {
  std::mutex mutex;
  void lock() { mutex.lock(); }
  void unlock() { mutex.unlock(); }
};
Plain plain[2];
int parts;

void plainly() {
  std::lock_guard<Plain> a(plain[0]);
  std::lock_guard<Plain> b(plain[1]);
  ++parts;
}

// Ordered otherwise: by a number, through pointers that are exchanged; by a gate that is held around both orders.
struct Shelf {
  std::mutex mutex;
  int number = 0, books = 0;
};

void move(Shelf &from, Shelf &to) {
  Shelf *first = &from, *second = &to;
  if (to.number < from.number) {
    first = &to;
    second = &from;
  }
  std::lock_guard<std::mutex> a(first->mutex);
  std::lock_guard<std::mutex> b(second->mutex);
  --from.books;
  ++to.books;
}

std::mutex gate, red, blue;
int strokes;

void forwards() {
  std::lock_guard<std::mutex> g(gate);
  std::lock_guard<std::mutex> a(red);
  std::lock_guard<std::mutex> b(blue);
  ++strokes;
}

void backwards() {
  std::lock_guard<std::mutex> g(gate);
  std::lock_guard<std::mutex> a(blue);
  std::lock_guard<std::mutex> b(red);
  --strokes;
}
