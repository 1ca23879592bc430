// RUN: %check %s
// Globals with a lock beside them: a habit of several accesses tells.
#include <pthread.h>

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  long reads, writes;
  int port;
} stats;

void count_read(void) {
  pthread_mutex_lock(&stats_lock);
  stats.reads++;
  pthread_mutex_unlock(&stats_lock);
}

void count_reads(long n) {
  pthread_mutex_lock(&stats_lock);
  stats.reads += n;
  pthread_mutex_unlock(&stats_lock);
}

long reads(void) {
  pthread_mutex_lock(&stats_lock);
  long result = stats.reads;
  pthread_mutex_unlock(&stats_lock);
  return result;
}

void forget(void) {
  stats.reads = 0;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'stats.reads' is written here without 'stats_lock', which 4 of 5 accesses hold, in 'count_read' to write it [heddle-inconsistent-guard]
}

// Once under the lock, and never again: that is no habit.
void set_port(int port) { stats.port = port; }
int port(void) { return stats.port; }
int port_and_reads(long *n) {
  pthread_mutex_lock(&stats_lock);
  *n = stats.reads;
  int result = stats.port;
  pthread_mutex_unlock(&stats_lock);
  return result;
}
