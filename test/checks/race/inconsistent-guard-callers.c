// RUN: %check %s
// A function that is called in more ways than are followed: what matters is whether one of them may hold this lock.
#include <pthread.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER, table_lock = PTHREAD_MUTEX_INITIALIZER;
static long lines, lost, rows;

void flush_lines(void) {
  pthread_mutex_lock(&log_lock);
  lines = 0;
  lost = 0;
  pthread_mutex_unlock(&log_lock);
}
long lines_now(void) {
  pthread_mutex_lock(&log_lock);
  long n = lines + lost;
  pthread_mutex_unlock(&log_lock);
  return n;
}
void add_lines(int n) {
  pthread_mutex_lock(&log_lock);
  lines += n;
  lost += n > 100;
  pthread_mutex_unlock(&log_lock);
}

static void log_line(void) {
  lines++;
  // CHECK: [[@LINE-1]]:3: warning: 'lines' is written here without 'log_lock', which 3 of 4 accesses hold, in 'flush_lines' to write it [heddle-inconsistent-guard]
}

// One of its callers holds the lock: which of them a given way is, isn't known.
static void lose_line(void) { lost++; }

#define EACH(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#define CALLER(n)                                                                                                              \
  void step##n(void) {                                                                                                         \
    log_line();                                                                                                                \
    lose_line();                                                                                                               \
  }
EACH(CALLER)

void add_row(void) {
  pthread_mutex_lock(&table_lock);
  rows++;
  step1();
  pthread_mutex_unlock(&table_lock);
}
void lose_all(void) {
  pthread_mutex_lock(&log_lock);
  lose_line();
  pthread_mutex_unlock(&log_lock);
}
