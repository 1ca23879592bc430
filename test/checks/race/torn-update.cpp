// RUN: %check %s
// The lecture's Point: set and get without a lock, used by two threads.
#include <functional>
#include <thread>
#include <utility>

class Point {
public:
  Point(int x, int y) : x_(x), y_(y) {}

  void set(int x, int y) {
    x_ = x;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'x_' and 'y_' of 'my_point' are written here with no lock while 'Point::get' reads both; it can see one new and one old [heddle-torn-update]
    // CHECK: note: thread 1: starts 'writer'
    // CHECK: note: thread 2: {{.*}}
    y_ = y;
  }
  std::pair<int, int> get() const { return {x_, y_}; }

private:
  int x_, y_;
};

static void writer(Point &point) {
  for (int i = 0; i < 1000; ++i)
    point.set(i, -i);
}

int main() {
  Point my_point(10, -10);
  std::thread thread(writer, std::ref(my_point));
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    std::pair<int, int> seen = my_point.get();
    wrong += seen.first != -seen.second;
  }
  thread.join();
  return wrong != 0;
}
