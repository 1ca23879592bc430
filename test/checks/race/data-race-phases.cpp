// RUN: %check %s
// Before the start, after the join, one after the other; constant once the threads run.
#include <cstdlib>
#include <future>
#include <memory>
#include <thread>
#include <vector>

static int verbose;
static std::vector<int> table;
static long sum;

static void parse(int count, char **arguments) {
  if (count > 1)
    verbose = std::atoi(arguments[1]); // the initialisation: no thread runs yet
  table.assign(100, 3);
}

static void add() {
  for (int value : table)
    sum += verbose ? value : 1;
}

struct Pool {
  std::vector<std::thread> threads;
  void wait() {
    for (std::thread &thread : threads)
      if (thread.joinable())
        thread.join();
    threads.clear();
  }
  ~Pool() { wait(); }
};

static int squared;

int main(int count, char **arguments) {
  parse(count, arguments);
  std::thread first(add);
  first.join();
  std::thread second(add);
  second.join();
  sum += 1;

  Pool pool;
  pool.threads.emplace_back(add);
  pool.wait();
  sum += 2;

  auto task = std::async(std::launch::async, [] { squared = 16; });
  task.get();
  {
    auto other = std::make_unique<std::thread>([] { squared = squared * squared; });
    other->join();
  }
  verbose = 0;
  return static_cast<int>(sum) + squared;
}
