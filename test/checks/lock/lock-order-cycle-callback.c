// RUN: %check %s
// A callback given as a parameter, and a table of operations: what they lock is locked while their callers hold what they hold.
#include <pthread.h>

static pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static int sessions[8], lines, dirty, writes;

typedef void (*visitor)(int *session, void *context);

static void for_each_session(visitor visit, void *context) {
  pthread_mutex_lock(&sessions_lock);
  for (int i = 0; i < 8; ++i)
    visit(&sessions[i], context);
  pthread_mutex_unlock(&sessions_lock);
}

static void log_session(int *session, void *context) {
  pthread_mutex_lock(&log_lock);
  // CHECK: [[@LINE-1]]:3: error: 'log_lock' is locked while 'sessions_lock' is held; 'rotate_log' locks them in the opposite order [heddle-lock-order-cycle]
  // CHECK: note: thread 1: calls 'for_each_session'
  // CHECK: note: thread 1: locks 'sessions_lock'
  // CHECK: note: thread 1: calls 'log_session'
  // CHECK: note: thread 1: waits for 'log_lock'
  // CHECK: note: thread 2: locks 'log_lock'
  // CHECK: note: thread 2: waits for 'sessions_lock'
  lines += *session;
  pthread_mutex_unlock(&log_lock);
}

static void *report(void *unused) {
  for_each_session(log_session, 0);
  return unused;
}

static void *rotate_log(void *unused) {
  pthread_mutex_lock(&log_lock);
  pthread_mutex_lock(&sessions_lock);
  lines = sessions[0];
  pthread_mutex_unlock(&sessions_lock);
  pthread_mutex_unlock(&log_lock);
  return unused;
}

struct storage {
  const char *name;
  void (*flush)(int count);
  int priority;
};

static void flush_to_disk(int count) {
  pthread_mutex_lock(&disk_lock);
  // CHECK: [[@LINE-1]]:3: error: 'disk_lock' is locked while 'cache_lock' is held; 'compact' locks them in the opposite order [heddle-lock-order-cycle]
  writes += count;
  pthread_mutex_unlock(&disk_lock);
}

static const struct storage storages[] = {{"disk", flush_to_disk, 1}};

static void *evict(void *unused) {
  pthread_mutex_lock(&cache_lock);
  for (unsigned i = 0; i < sizeof(storages) / sizeof(storages[0]); ++i)
    storages[i].flush(dirty);
  dirty = 0;
  pthread_mutex_unlock(&cache_lock);
  return unused;
}

static void *compact(void *unused) {
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&cache_lock);
  dirty += writes;
  pthread_mutex_unlock(&cache_lock);
  pthread_mutex_unlock(&disk_lock);
  return unused;
}

int main(void) {
  pthread_t threads[4];
  pthread_create(&threads[0], 0, report, 0);
  pthread_create(&threads[1], 0, rotate_log, 0);
  pthread_create(&threads[2], 0, evict, 0);
  pthread_create(&threads[3], 0, compact, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
