// RUN: %check %s
// A callback takes the lock that its caller holds: said once, however many pass it. One that takes another lock is silent.
#include <pthread.h>

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int counters[4], failures, logged;

typedef int (*writer)(int value);

static void for_each_counter(writer write) {
  pthread_mutex_lock(&stats_lock);
  for (int i = 0; i < 4; ++i)
    write(counters[i]);
  pthread_mutex_unlock(&stats_lock);
}

static int write_text(int value) {
  if (value < 0) {
    pthread_mutex_lock(&stats_lock);
    ++failures;
    pthread_mutex_unlock(&stats_lock);
    return -1;
  }
  return 0;
}

static int write_log(int value) {
  pthread_mutex_lock(&log_lock);
  logged += value;
  pthread_mutex_unlock(&log_lock);
  return 0;
}

void report(void) {
  for_each_counter(write_text);
  // CHECK: [[@LINE-1]]:3: warning: 'stats_lock' is locked again while it is held; it is not recursive [heddle-self-deadlock]
}
void report_again(void) { for_each_counter(write_text); }
void log_all(void) { for_each_counter(write_log); }
