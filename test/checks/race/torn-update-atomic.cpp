// RUN: %check %s
// One atomic holds both values; or each is an atomic of its own, which is not this check's affair.
#include <atomic>
#include <thread>

struct Point {
  short x, y;
};

struct Progress {
  std::atomic<int> done{0};
  std::atomic<int> total{0};
};

static std::atomic<Point> position{Point{0, 0}};
static Progress progress;

static void move() {
  for (short i = 0; i < 100; ++i) {
    position.store(Point{i, i});
    progress.done = i;
    progress.total = 100;
  }
}

int main() {
  std::thread thread(move);
  int sum = 0;
  for (int i = 0; i < 100; ++i) {
    Point seen = position.load();
    sum += seen.x + seen.y + progress.done * 100 / (progress.total + 1);
  }
  thread.join();
  return sum;
}
