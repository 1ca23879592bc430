// RUN: %check %s
// Whether each of many owning members is null are two ways for one destruction: they don't multiply, and the lock isn't lost.
#include <memory>
#include <mutex>

struct Index {
  ~Index() { delete[] blocks; }
  int *blocks = nullptr;
};

struct Options {
  std::unique_ptr<Index> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
  std::unique_ptr<Index> c0, c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3, d4, d5, d6, d7;
};

std::mutex registry;
int opened;

void reopen() {
  registry.lock();
  {
    Options options;
    ++opened;
  }
  registry.lock(); // typed for unlock: // CHECK: [[@LINE]]:3: error: 'registry' is locked again while it is held; {{.*}}[heddle-self-deadlock]
}

void close(std::unique_ptr<Options> options) {
  registry.lock();
  options.reset();
  registry.unlock();
}
