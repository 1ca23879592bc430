// RUN: %check %s
// Before the start and after the join, the object is the starter's alone.
#include <future>
#include <thread>
#include <vector>

struct Rectangle {
  int width = 0, height = 0;
  void resize(int w, int h) {
    width = w;
    height = h;
  }
  int area() const { return width * height; }
};

static void grow(Rectangle &rectangle) { rectangle.resize(10, 20); }

class Painter {
public:
  void start() { thread_ = std::thread([this] { canvas_.resize(3, 4); }); }
  void finish() {
    if (thread_.joinable())
      thread_.join();
  }
  int area() const { return canvas_.area(); }
  ~Painter() { finish(); }

private:
  Rectangle canvas_;
  std::thread thread_;
};

int main() {
  Rectangle one;
  one.resize(1, 1); // before
  int sum = one.area();
  std::thread thread(grow, std::ref(one));
  thread.join();
  sum += one.area(); // after

  std::vector<std::thread> threads;
  Rectangle many[3];
  for (int i = 0; i < 3; ++i)
    threads.push_back(std::thread(grow, std::ref(many[i])));
  for (auto &t : threads)
    t.join();
  sum += many[1].area();

  Rectangle later;
  auto task = std::async(std::launch::async, [&] { grow(later); });
  task.wait();
  sum += later.area();

  Painter painter;
  painter.start();
  painter.finish();
  sum += painter.area();

  Rectangle turns; // one thread after the other
  std::thread first([&] { turns.resize(1, 2); });
  first.join();
  std::thread second([&] { turns.resize(3, 4); });
  second.join();
  for (int i = 0; i < 3; ++i) {
    std::thread again([&] { turns.resize(i, i); });
    again.join();
    sum += turns.area();
  }
  return sum;
}
