// RUN: %check %s
// A counter without a lock: the workers add to it while main prints how far they are.
#include <cstdio>
#include <thread>
#include <vector>

static int done;

static void work(const std::vector<int> &jobs) {
  for (int job : jobs)
    if (job > 0)
      ++done;
  // CHECK: [[@LINE-1]]:7: error: 'done' is written here with no lock while 'main' reads it [heddle-data-race]
  // CHECK: note: thread 1: starts 'work'
  // CHECK: note: thread 1: writes 'done'
  // CHECK: note: thread 2: reads 'done'
}

int main() {
  std::vector<int> jobs(1000, 1);
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(work, std::cref(jobs));
  std::printf("%d so far\n", done);
  for (std::thread &worker : workers)
    worker.join();
  std::printf("%d in all\n", done);
  return 0;
}
