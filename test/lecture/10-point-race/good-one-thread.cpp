// The lecture's Point in one thread at a time: set before the start and read after the join. The class has no lock and needs none.
//
// RUN: %check %s
// RUN: %tsan %s -o %t.good
// RUN: %t.good
#include <functional>
#include <thread>
#include <utility>

class Point {
public:
  Point(int x, int y) { set(x, y); }
  std::pair<int, int> get() const { return {x_, y_}; }
  void set(int x, int y) {
    x_ = x;
    y_ = y;
  }

private:
  int x_, y_;
};

static void mover(Point &point) {
  for (int i = 0; i < 1000; ++i)
    point.set(15 + i, 10 + i);
}

static int walk() {
  Point own(0, 0); // each thread has its own
  int sum = 0;
  for (int i = 0; i < 1000; ++i) {
    own.set(i, -i);
    std::pair<int, int> seen = own.get();
    sum += seen.first + seen.second;
  }
  return sum;
}

int main() {
  Point my_point(10, 20);
  my_point.set(15, 10);
  std::pair<int, int> before = my_point.get();
  std::thread move(mover, std::ref(my_point)), walker(walk);
  int own = walk();
  move.join();
  walker.join();
  std::pair<int, int> after = my_point.get();
  return before.first == 15 && after.first - after.second == 5 && own == 0 ? 0 : 1;
}
