// RUN: %check %s
// Ordered without a lock around each access: once, static locals, atomics, conditions, shared and exclusive holders.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::once_flag once;
static int *table;
static int prepared;

static void prepare() {
  table = new int[10]();
  prepared = 1;
}

static int useTable(int i) {
  std::call_once(once, prepare);
  return table[i] + prepared;
}

struct Config {
  int size;
  explicit Config(int n) : size(n) {}
};

static int loads;
static Config *load() {
  ++loads; // by the thread that comes first
  return new Config(loads);
}
static int loaded() {
  static Config *config = load();
  return config->size + loads;
}

static int configured() {
  static Config config(42);
  return config.size + loaded();
}

static int message;
static std::atomic<bool> ready{false};

static void send() {
  message = 7;
  ready.store(true, std::memory_order_release);
}

static int receive() {
  while (!ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  return message;
}

static std::shared_mutex shared;
static int setting;

static int get() {
  std::shared_lock<std::shared_mutex> lock(shared);
  return setting;
}

static void set(int value) {
  std::unique_lock<std::shared_mutex> lock(shared);
  setting = value;
}

static volatile int ticks; // whoever says volatile knows that others change it

static void tick() {
  for (int i = 0; i < 10; ++i)
    ticks = i;
}

int main() {
  std::thread a([] { useTable(1); configured(); send(); get(); });
  std::thread b(tick);
  int sum = useTable(2) + configured() + receive() + ticks;
  set(3);
  a.join();
  b.join();
  return sum;
}
