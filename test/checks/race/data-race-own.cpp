// RUN: %check %s
// Each thread has its own: thread_local, a slot of an array, an element, an object made by the thread, a copy.
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

struct Tally {
  long hits = 0, misses = 0;
  void hit() { ++hits; }
};

static thread_local Tally mine;
static Tally perThread[4];
static std::atomic<long> total{0};

static void work(int slot) {
  Tally local;
  for (int i = 0; i < 100; ++i) {
    mine.hit();
    perThread[slot].hit();
    local.hit();
  }
  auto *heap = new Tally;
  heap->hit();
  total += heap->hits + local.hits + mine.hits;
  delete heap;
}

struct Worker {
  int index;
};
static long printed;

static void report(Worker *worker) {
  if (worker->index != 0)
    return;
  printed += 1; // by the first one alone
}

static void copied(Tally tally) { tally.hit(); }

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  Tally given;
  std::thread with(copied, given);
  given.hit();
  mine.hit();
  with.join();
  for (std::thread &thread : threads)
    thread.join();

  static Worker workers[4];
  std::vector<std::thread> reporters;
  for (int i = 0; i < 4; ++i) {
    workers[i].index = i;
    reporters.emplace_back(report, &workers[i]);
  }
  for (std::thread &reporter : reporters)
    reporter.join();

  int left = 0, right = 0;
  std::thread half([&left] { left = 1; });
  right = 2;
  half.join();
  return static_cast<int>(total) + left + right;
}
