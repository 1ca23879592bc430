// RUN: %check %s
// The same class, each object in one thread only, whatever its setters do.
#include <thread>
#include <vector>

struct Point {
  int x = 0, y = 0;
  void set(int a, int b) {
    x = a;
    y = b;
  }
  int sum() const { return x + y; }
};

static thread_local Point scratch;

static void walk(int steps) {
  Point own;
  for (int i = 0; i < steps; ++i) {
    own.set(i, -i);
    scratch.set(i, own.sum());
    steps += scratch.sum();
  }
}

struct Job {
  Point point;
  int result = 0;
};

static void work(Job *job) {
  job->point.set(1, 2);
  job->result = job->point.sum();
}

static void byValue(Point point) {
  point.set(3, 4);
  walk(point.sum());
}

int main() {
  Point mine;
  std::thread copy(byValue, mine);
  std::thread walker(walk, 10);
  mine.set(1, 1);
  int sum = mine.sum();

  Job first, second; // one object a thread
  std::thread a(work, &first), b(work, &second);

  Job jobs[4]; // one element a thread
  std::vector<std::thread> threads;
  for (Job &job : jobs)
    threads.emplace_back(work, &job);
  for (int i = 0; i < 4; ++i) {
    auto *job = new Job; // made anew for each
    threads.emplace_back(work, job);
  }

  walker.join();
  copy.join();
  a.join();
  b.join();
  for (std::thread &thread : threads)
    thread.join();
  return sum + first.result;
}
