// RUN: %check %s
// A wait behind a call that may run something else isn't said to happen under the lock; one of the only function that is set is.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER, log_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries, lines;

struct listing {
  void (*release)(void *);
};

static void plain(void *value) { *(int *)value = 0; }
static void slow(void *value) {
  sleep(1);
  *(int *)value = 0;
}

// Either of the two: which, the lock's section doesn't know.
static void drop(struct listing *list, void *value) {
  pthread_mutex_lock(&table_lock);
  --entries;
  list->release(value);
  pthread_mutex_unlock(&table_lock);
}

static void (*flush)(void *) = slow;

static void write_line(void *line) {
  pthread_mutex_lock(&log_lock);
  ++lines;
  flush(line);
  // CHECK: [[@LINE-1]]:3: warning: 'log_lock' is held while 'slow' sleeps; 'count' has to wait for it as long [heddle-blocking-under-lock]
  pthread_mutex_unlock(&log_lock);
}

static void *count(void *unused) {
  (void)unused;
  pthread_mutex_lock(&table_lock);
  int n = entries;
  pthread_mutex_unlock(&table_lock);
  pthread_mutex_lock(&log_lock);
  lines += n;
  pthread_mutex_unlock(&log_lock);
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  struct listing a = {plain}, b = {slow};
  pthread_t thread;
  pthread_create(&thread, NULL, count, NULL);
  int value = 1;
  drop(argc > 1 ? &a : &b, &value);
  write_line(&value);
  pthread_join(thread, NULL);
  return value;
}
