// RUN: %check %s
// Two that hold a lock in its shared mode don't keep each other out.
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static int hits;

static void look() {
  std::shared_lock<std::shared_mutex> lock(mutex);
  ++hits;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'hits' is written here holding 'mutex' while {{.*}} it [heddle-data-race]
}

int main() {
  std::thread first(look), second(look);
  first.join();
  second.join();
  return hits;
}
