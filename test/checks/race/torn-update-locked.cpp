// RUN: %check %s
// The lock is taken by the callers, one of them through a guard of their own.
#include <mutex>
#include <thread>

struct Interval {
  int low = 0, high = 0;
  void set(int l, int h) {
    low = l;
    high = h;
  }
  int width() const { return high - low; }
};

class Locker {
public:
  explicit Locker(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Locker() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

struct Shared {
  std::mutex mutex;
  Interval interval;
};

static void update(Shared &shared) {
  for (int i = 0; i < 100; ++i) {
    Locker lock(shared.mutex);
    shared.interval.set(i, i + 1);
  }
}

int main() {
  Shared shared;
  shared.interval.set(0, 1); // not shared yet
  std::thread thread(update, std::ref(shared));
  int widest = 0;
  for (int i = 0; i < 100; ++i) {
    std::unique_lock<std::mutex> lock(shared.mutex);
    widest += shared.interval.width();
  }
  thread.join();
  return widest;
}
