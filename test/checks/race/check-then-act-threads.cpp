// RUN: %check %s
// The threads are known: two take seats, one alone takes orders.
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

class Seats {
public:
  bool any() {
    std::lock_guard<std::mutex> lock(mutex_);
    return free_ > 0;
  }
  void take() {
    std::lock_guard<std::mutex> lock(mutex_);
    --free_;
  }
  int left() {
    std::lock_guard<std::mutex> lock(mutex_);
    return free_;
  }

private:
  std::mutex mutex_;
  int free_ = 1;
};

static Seats seats;

static void guest() {
  if (seats.any())
    // CHECK: [[@LINE-1]]:7: warning: 'free_' is tested here holding 'mutex_' and changed in 'Seats::take' in another section{{.*}}[heddle-check-then-act]
    seats.take();
}

// One thread alone takes from the queue: what it saw there stays there.
static std::mutex ordersMutex;
static std::deque<int> orders;

static bool nextOrder(int &order) {
  ordersMutex.lock();
  bool none = orders.empty();
  ordersMutex.unlock();
  if (none)
    return false;
  ordersMutex.lock();
  order = orders.front();
  orders.pop_front();
  ordersMutex.unlock();
  return true;
}

static void cook() {
  for (int order; nextOrder(order);)
    seats.left();
}

static void order(int number) {
  std::lock_guard<std::mutex> lock(ordersMutex);
  orders.push_back(number);
}

// Each step of an atomic is one; the two aren't.
static std::atomic<int> visitors{0};
static std::atomic<bool> cleaning{false};
static std::atomic<bool> closed{false};
static std::atomic<int> waiting{0};

static bool enter() {
  if (visitors.load() < 2) {
    // CHECK: [[@LINE-1]]:7: warning: 'visitors' is tested here and changed in a second step; another thread can pass the same test in between [heddle-check-then-act]
    visitors.fetch_add(1);
    return true;
  }
  return false;
}

static void clean() {
  if (!cleaning) {
    // CHECK: [[@LINE-1]]:8: warning: 'cleaning' is tested here and changed in a second step{{.*}}[heddle-check-then-act]
    cleaning = true;
    seats.left();
    cleaning = false;
  }
}

// An exchange looks and sets in one step; a flag may be set twice; a compare-and-swap looks again.
static std::atomic<bool> painting{false};

static void paint() {
  if (!painting && !painting.exchange(true)) {
    seats.left();
    painting = false;
  }
  if (!closed)
    closed = true;
  for (int seen = waiting.load(); seen < 5;)
    if (waiting.compare_exchange_weak(seen, seen + 1))
      break;
}

int main() {
  auto visit = [] {
    guest();
    order(1);
    enter();
    clean();
    paint();
  };
  std::thread a(visit), b(visit), c(cook);
  a.join();
  b.join();
  c.join();
}
