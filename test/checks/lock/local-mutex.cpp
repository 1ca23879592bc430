// RUN: %check %s
// Mutexes that every call has one of.
#include <mutex>
#include <pthread.h>
#include <stddef.h>
#include <thread>
#include <vector>

std::vector<int> hits(8);
int total;

void hit(size_t page) {
  std::mutex mutex;
  // CHECK: [[@LINE-1]]:14: error: each call of 'hit' has a 'mutex' of its own, so that it keeps no other thread from 'total' [heddle-local-mutex]
  // CHECK: [[@LINE-2]]:14: note: each thread: 'mutex' begins with the call and ends with it
  // CHECK: [[@LINE+2]]:31: note: each thread: locks its own 'mutex'
  // CHECK: [[@LINE+3]]:3: note: each thread: uses 'total'
  std::lock_guard<std::mutex> guard(mutex);
  ++hits[page];
  ++total;
}

class Cache {
public:
  void store(int key) {
    std::recursive_mutex lock;
    // CHECK: [[@LINE-1]]:26: error: each call of 'Cache::store' has a 'lock' of its own, so that it keeps no other thread from 'this->last_' [heddle-local-mutex]
    // CHECK: note: each thread: 'lock' begins
    // CHECK: note: each thread: locks its own 'lock'
    // CHECK: note: each thread: uses 'this->last_'
    lock.lock();
    last_ = key;
    lock.unlock();
  }

private:
  int last_ = 0;
};

void count(long *sum, long by) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  // CHECK: [[@LINE-1]]:19: error: each call of 'count' has a 'mutex' of its own, so that it keeps no other thread from '*sum' [heddle-local-mutex]
  // CHECK: note: each thread: 'mutex' begins
  // CHECK: note: each thread: locks its own 'mutex'
  // CHECK: note: each thread: uses '*sum'
  pthread_mutex_lock(&mutex);
  *sum += by;
  pthread_mutex_unlock(&mutex);
}

int main() {
  Cache cache;
  long sum = 0;
  std::thread a([&] {
    hit(0);
    cache.store(1);
    count(&sum, 1);
  });
  a.join();
}
