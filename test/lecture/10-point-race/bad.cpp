// The lecture's Point: set and get without a lock, used in threads. x and y change one after the other, so that a reader can get a
// point that never was. ThreadSanitizer sees the races on both fields.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.bad
// RUN: %not %t.bad 2> %t.err
// RUN: %FileCheck %s --check-prefix=TSAN --input-file=%t.err
// TSAN-DAG: WARNING: ThreadSanitizer: data race
// TSAN-DAG: {{#0|#1}} Point::get
// TSAN-DAG: {{#0|#1}} Point::set
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <utility>

class Point {
public:
  Point(int x, int y) { set(x, y); }

  __attribute__((noinline)) std::pair<int, int> get() const { return {x_, y_}; }

  __attribute__((noinline)) void set(int x, int y) {
    x_ = x;
    // CHECK: [[@LINE-1]]:5: error: 'x_' and 'y_' of 'my_point' are written here with no lock while 'Point::get' reads both; it can see one new and one old [heddle-torn-update]
    // CHECK: note: thread 1: starts 'mover'
    // CHECK: note: thread 1: calls 'Point::set'
    // CHECK: note: thread 1: writes 'x_'
    // CHECK: note: thread 1: writes 'y_'
    // CHECK: note: thread 2: starts 'watcher'
    // CHECK: note: thread 2: calls 'Point::get'
    // CHECK: note: thread 2: reads 'x_'
    // CHECK: note: thread 2: reads 'y_'
    y_ = y;
  }

private:
  int x_, y_;
};

// ThreadSanitizer overlooks races of threads that do nothing but race.
static void pause() { std::this_thread::sleep_for(std::chrono::microseconds(100)); }

static void mover(Point &point) {
  for (int i = 0; i < 300; ++i) {
    point.set(15 + i % 2, 10 + i % 2); // the difference is always 5
    pause();
  }
}

static void watcher(const Point &point, int &torn) {
  for (int i = 0; i < 300; ++i) {
    std::pair<int, int> seen = point.get();
    torn += seen.first - seen.second != 5;
    pause();
  }
}

int main() {
  Point my_point(15, 10);
  int torn = 0;
  std::thread move(mover, std::ref(my_point));
  std::thread watch(watcher, std::cref(my_point), std::ref(torn));
  move.join();
  watch.join();
  std::printf("%d points that never were\n", torn);
}
