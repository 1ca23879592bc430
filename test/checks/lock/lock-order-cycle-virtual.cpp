// RUN: %check %s
// A virtual call with a lock held runs what the classes that are made have; one that is never made runs nothing.
#include <mutex>
#include <thread>

static std::mutex queue_mutex, stats_mutex, trace_mutex;
static int queued, counted, traced;

class Listener {
public:
  virtual ~Listener() = default;
  virtual void onPush() = 0;
};

class Counter : public Listener {
public:
  void onPush() override {
    std::lock_guard<std::mutex> lock(stats_mutex);
    // CHECK: [[@LINE-1]]:33: error: 'stats_mutex' is locked while 'queue_mutex' is held; 'report' locks them in the opposite order [heddle-lock-order-cycle]
    ++counted;
  }
};

// Nobody makes one.
class Tracer : public Listener {
public:
  void onPush() override {
    std::lock_guard<std::mutex> lock(trace_mutex);
    ++traced;
  }
};

static void push(Listener &listener) {
  std::lock_guard<std::mutex> lock(queue_mutex);
  ++queued;
  listener.onPush();
}

static void report() {
  std::lock_guard<std::mutex> lock(stats_mutex);
  std::lock_guard<std::mutex> inner(queue_mutex);
  queued -= counted;
}

static void dump() {
  std::lock_guard<std::mutex> lock(trace_mutex);
  std::lock_guard<std::mutex> inner(queue_mutex);
  // CHECK: [[@LINE-1]]:31: advice: 'trace_mutex' and 'queue_mutex' are locked one after the other, in an order that every other place must keep to; one 'std::scoped_lock' takes them together [heddle-unordered-multi-lock]
  queued += traced;
}

int main() {
  Counter counter;
  std::thread a([&] { push(counter); }), b(report), c(dump);
  a.join();
  b.join();
  c.join();
}
