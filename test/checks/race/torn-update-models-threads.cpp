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

class Point {
public:
  void set(int at) {
    x_ = at;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: {{error|warning}}: 'x_' and 'y_' of {{.*}} are written here with no lock while 'Point::sum'
    // reads both; {{.*}}[heddle-torn-update]
    y_ = at + 1;
  }
  int sum() const { return x_ + y_; }

private:
  int x_ = 0, y_ = 0;
};

class Size {
public:
  void set(int at) {
    width_ = at;
    height_ = at + 1;
  }
  int sum() const { return width_ + height_; }

private:
  int width_ = 0, height_ = 0;
};

class Mover : public QThread {
public:
  explicit Mover(Point &point) : point_(point) {}

protected:
  void run() override { point_.set(1); }

private:
  Point &point_;
};

class Sizer : public Poco::Runnable {
public:
  explicit Sizer(Size &size) : size_(size) {}
  void run() override { size_.set(1); }

private:
  Size &size_;
};

// Read after it was waited for.
int inTurn() {
  static Size size;
  static Sizer sizer(size);
  Poco::Thread thread;
  thread.start(sizer);
  thread.join();
  return size.sum();
}

int main() {
  static Point point;
  static Mover mover(point);
  mover.start();
  int sum = point.sum();
  mover.wait(1000);
  return sum + inTurn();
}
