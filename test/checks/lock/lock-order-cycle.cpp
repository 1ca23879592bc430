// RUN: %check %s
// Two global locks in both orders, by guards, by hand and through calls.
#include <mutex>
#include <thread>

std::mutex registry, journal;
int entries, lines;

void add() {
  std::lock_guard<std::mutex> a(registry);
  std::lock_guard<std::mutex> b(journal);
  // CHECK: [[@LINE-1]]:31: error: 'journal' is locked while 'registry' is held; 'replay' locks them in the opposite order [heddle-lock-order-cycle]
  // CHECK: [[@LINE-3]]:31: note: thread 1: locks 'registry'
  // CHECK: [[@LINE-3]]:31: note: thread 1: waits for 'journal'
  // CHECK: [[@LINE+7]]:3: note: thread 2: locks 'journal'
  // CHECK: [[@LINE+7]]:3: note: thread 2: waits for 'registry'
  ++entries;
  ++lines;
}

void replay() {
  journal.lock();
  registry.lock();
  --entries;
  registry.unlock();
  journal.unlock();
}

// Through calls: the acquisition is two functions down.
std::mutex cache, disk;
int hits, reads;

void load() {
  std::unique_lock<std::mutex> guard(disk);
  ++reads;
}

void refill() { load(); }

void lookup() {
  std::lock_guard guard(cache);
  ++hits;
  refill();
  // CHECK: [[@LINE-10]]:32: error: 'disk' is locked while 'cache' is held; 'evict' locks them in the opposite order [heddle-lock-order-cycle]
  // CHECK: [[@LINE-4]]:19: note: thread 1: locks 'cache'
  // CHECK: [[@LINE-3]]:3: note: thread 1: calls 'refill'
  // CHECK: [[@LINE-9]]:17: note: thread 1: calls 'load'
  // CHECK: [[@LINE-14]]:32: note: thread 1: waits for 'disk'
  // CHECK: [[@LINE+4]]:20: note: thread 2: locks 'disk'
  // CHECK: [[@LINE+4]]:20: note: thread 2: waits for 'cache'
}
void evict() {
  std::scoped_lock first(disk);
  std::scoped_lock second(cache);
  --hits;
}

int main() {
  std::thread a(add), b(replay), c(lookup), d(evict);
  a.join();
  b.join();
  c.join();
  d.join();
}
