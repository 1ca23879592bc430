// RUN: %check %s
// Threads that are objects: what runs is the member function that their own class defines, from when it is started until it is
// waited for.
class QThread {
public:
  QThread();
  virtual ~QThread();
  void start(int priority = 7);
  bool wait(unsigned long milliseconds);

protected:
  virtual void run();
};

namespace Poco {
class Runnable {
public:
  virtual ~Runnable();
  virtual void run() = 0;
};
class Thread {
public:
  Thread();
  ~Thread();
  void start(Runnable &target);
  void join();
};
} // namespace Poco

struct Point {
  int x = 0, y = 0;
};

class Mover : public QThread {
public:
  explicit Mover(Point &point) : point_(point) {}

protected:
  void run() override {
    point_.x = 1;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: {{error|warning}}: {{.*}}[heddle-torn-update]
    point_.y = 2;
  }

private:
  Point &point_;
};

class Adder : public Poco::Runnable {
public:
  explicit Adder(Point &point) : point_(point) {}
  void run() override {
    point_.x += 1;
    point_.y += 1;
  }

private:
  Point &point_;
};

// Waited for before the next one starts: one at a time.
int inTurn() {
  Point point;
  Adder adder(point);
  Poco::Thread thread;
  thread.start(adder);
  thread.join();
  point.x = 3;
  point.y = 4;
  return point.x + point.y;
}

int main() {
  Point point;
  Mover first(point), second(point);
  first.start();
  second.start();
  first.wait(1000);
  second.wait(1000);
  return point.x + point.y + inTurn();
}
