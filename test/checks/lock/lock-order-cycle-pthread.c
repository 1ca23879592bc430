// RUN: %check %s
// POSIX locks in a table's functions, three locks in a ring, and a lock that a helper leaves held for its caller.
#include <pthread.h>

static pthread_mutex_t index_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t data_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries, bytes, calls;

static int open_index(void) {
  if (pthread_mutex_lock(&index_lock) != 0)
  // CHECK: [[@LINE-1]]:7: error: 'index_lock' is locked while 'stats_lock' is held; a cycle of 3 locks that other threads close [heddle-lock-order-cycle]
  // CHECK: note: thread 1: locks 'stats_lock'
  // CHECK: note: thread 1: calls 'open_index'
  // CHECK: [[@LINE-4]]:7: note: thread 1: waits for 'index_lock'
  // CHECK: note: thread 2: calls 'open_index'
  // CHECK: [[@LINE-6]]:7: note: thread 2: locks 'index_lock'
  // CHECK: note: thread 2: waits for 'data_lock'
  // CHECK: note: thread 3: locks 'data_lock'
  // CHECK: note: thread 3: waits for 'stats_lock'
    return -1;
  return 0;
}

static void close_index(void) { pthread_mutex_unlock(&index_lock); }

int put(int size) {
  if (open_index() < 0)
    return -1;
  pthread_mutex_lock(&data_lock);
  bytes += size;
  pthread_mutex_unlock(&data_lock);
  ++entries;
  close_index();
  return 0;
}

void account(void) {
  pthread_mutex_lock(&data_lock);
  pthread_mutex_lock(&stats_lock);
  calls += bytes;
  pthread_mutex_unlock(&stats_lock);
  pthread_mutex_unlock(&data_lock);
}

void summary(void) {
  pthread_mutex_lock(&stats_lock);
  if (open_index() == 0) {
    calls += entries;
    close_index();
  }
  pthread_mutex_unlock(&stats_lock);
}

static void *putter(void *unused) { return put(1) == 0 ? unused : 0; }
static void *accountant(void *unused) {
  account();
  return unused;
}
static void *reporter(void *unused) {
  summary();
  return unused;
}

int main(void) {
  pthread_t a, b, c;
  pthread_create(&a, 0, putter, 0);
  pthread_create(&b, 0, accountant, 0);
  pthread_create(&c, 0, reporter, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  pthread_join(c, 0);
  return 0;
}
