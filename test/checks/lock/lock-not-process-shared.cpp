// RUN: %check %s
// A standard mutex works in one process only; an attribute object that was never told otherwise makes a lock for one process.
#include <mutex>
#include <new>
#include <pthread.h>
#include <sys/mman.h>

struct Counter {
  std::mutex mutex;
  long count = 0;
};

static Counter *counter;

void open_counter(int fd) {
  void *memory = mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  counter = static_cast<Counter *>(memory);
}

void increment() {
  std::lock_guard<std::mutex> guard(counter->mutex);
  // CHECK: [[@LINE-1]]:31: error: 'counter->mutex' is in memory that processes share, and is of a class that works in one process only; it keeps no other process out [heddle-lock-not-process-shared]
  // CHECK: note: this process: maps memory
  // CHECK: note: this process: locks 'counter->mutex'
  ++counter->count;
}

struct Log {
  pthread_rwlock_t lock;
  int lines;
};

Log *open_log(int fd) {
  Log *log = static_cast<Log *>(mmap(nullptr, sizeof(Log), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlock_init(&log->lock, &attributes);
  // CHECK: [[@LINE-1]]:3: error: '{{.*}}->lock' is in memory that processes share, and is made for one process; {{.*}}[heddle-lock-not-process-shared]
  // CHECK: note: this process: maps memory
  // CHECK: note: this process: makes '{{.*}}->lock'
  return log;
}
