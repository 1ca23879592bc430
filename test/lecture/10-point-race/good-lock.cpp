// The lecture's Point with its fields behind one lock. The lecture takes an RLock, which std::recursive_mutex is.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.good
// RUN: %t.good
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

class Point {
public:
  Point(int x, int y) { set(x, y); }

  std::pair<int, int> get() const {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    return {x_, y_};
  }

  void set(int x, int y) {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    x_ = x;
    y_ = y;
  }

private:
  mutable std::recursive_mutex mutex_;
  int x_, y_;
};

static void mover(Point &point) {
  for (int i = 0; i < 10000; ++i)
    point.set(15 + i % 2, 10 + i % 2);
}

static void watcher(const Point &point, int &torn) {
  for (int i = 0; i < 10000; ++i) {
    std::pair<int, int> seen = point.get();
    torn += seen.first - seen.second != 5;
  }
}

int main() {
  Point my_point(15, 10);
  int torn = 0;
  std::thread move(mover, std::ref(my_point));
  std::thread watch(watcher, std::cref(my_point), std::ref(torn));
  move.join();
  watch.join();
  return torn;
}
