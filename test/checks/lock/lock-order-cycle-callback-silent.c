// RUN: %check %s
// Callbacks that aren't the ones: each caller of the visitor gives its own, a table's other entry is run elsewhere, and the lock
// that a callback takes is let go before the other order begins.
#include <pthread.h>

static pthread_mutex_t sessions_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static int sessions[8], lines, total, dirty, writes;

typedef void (*visitor)(int *session);

static void for_each(visitor visit) {
  for (int i = 0; i < 8; ++i)
    visit(&sessions[i]);
}

static void log_session(int *session) {
  pthread_mutex_lock(&log_lock);
  lines += *session;
  pthread_mutex_unlock(&log_lock);
}

static void add_session(int *session) {
  pthread_mutex_lock(&sessions_lock);
  total += *session;
  pthread_mutex_unlock(&sessions_lock);
}

/* sessions_lock, then log_lock */
static void *report(void *unused) {
  pthread_mutex_lock(&sessions_lock);
  for_each(log_session);
  pthread_mutex_unlock(&sessions_lock);
  return unused;
}

/* add_session takes sessions_lock, and is not the callback that runs under it */
static void *count(void *unused) {
  for_each(add_session);
  return unused;
}

struct storage {
  void (*flush)(int count);
  void (*sync)(int count);
};

static void write_out(int count) {
  pthread_mutex_lock(&disk_lock);
  writes += count;
  pthread_mutex_unlock(&disk_lock);
}
static void count_only(int count) { dirty += count; }

static struct storage storage = {.flush = count_only, .sync = write_out};

/* flush doesn't take disk_lock; sync does, and is run with nothing held */
static void *evict(void *unused) {
  pthread_mutex_lock(&cache_lock);
  storage.flush(1);
  pthread_mutex_unlock(&cache_lock);
  storage.sync(1);
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
  pthread_create(&threads[1], 0, count, 0);
  pthread_create(&threads[2], 0, evict, 0);
  pthread_create(&threads[3], 0, compact, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
