// The lecture's Point as one atomic value: it is changed as a whole or not at all.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.good
// RUN: %t.good
#include <atomic>
#include <functional>
#include <thread>

struct Point {
  int x, y;
};

static void mover(std::atomic<Point> &point) {
  for (int i = 0; i < 10000; ++i)
    point.store(Point{15 + i % 2, 10 + i % 2});
}

static void watcher(const std::atomic<Point> &point, int &torn) {
  for (int i = 0; i < 10000; ++i) {
    Point seen = point.load();
    torn += seen.x - seen.y != 5;
  }
}

int main() {
  std::atomic<Point> my_point{Point{15, 10}};
  int torn = 0;
  std::thread move(mover, std::ref(my_point));
  std::thread watch(watcher, std::cref(my_point), std::ref(torn));
  move.join();
  watch.join();
  return torn;
}
