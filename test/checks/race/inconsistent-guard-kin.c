// RUN: %check %s
// Counters of one struct under one lock: a field that is used in two places only belongs to them all the same. What clears the
// struct as a whole writes each of its fields.
#include <pthread.h>
#include <string.h>

struct counters {
  unsigned long hits, misses, errors, retries;
};

struct worker {
  pthread_mutex_t mutex;
  struct counters counters;
};

static pthread_mutex_t totals_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  unsigned long opened, closed, refused, lost;
  int port;
} totals;

void opened(void) {
  pthread_mutex_lock(&totals_lock);
  totals.opened++;
  pthread_mutex_unlock(&totals_lock);
}
void closed(int why) {
  pthread_mutex_lock(&totals_lock);
  totals.closed++;
  if (why)
    totals.refused++;
  pthread_mutex_unlock(&totals_lock);
}
unsigned long balance(void) {
  pthread_mutex_lock(&totals_lock);
  unsigned long result = totals.opened - totals.closed - totals.refused - totals.lost;
  pthread_mutex_unlock(&totals_lock);
  return result;
}
void lost(void) {
  totals.lost++;
  // CHECK: [[@LINE-1]]:3: warning: 'totals.lost' is written here without 'totals_lock', which 1 of 2 accesses hold, in 'balance' to read it [heddle-inconsistent-guard]
}
// Beside them, and no counter.
void listen_at(int port) { totals.port = port; }
int port(void) { return totals.port; }

void clear(struct worker *worker) {
  pthread_mutex_lock(&worker->mutex);
  memset(&worker->counters, 0, sizeof(worker->counters));
  pthread_mutex_unlock(&worker->mutex);
}
unsigned long errors(struct worker *worker) {
  pthread_mutex_lock(&worker->mutex);
  unsigned long result = worker->counters.errors + worker->counters.retries;
  pthread_mutex_unlock(&worker->mutex);
  return result;
}
void failed(struct worker *worker) {
  worker->counters.errors++;
  // CHECK: [[@LINE-1]]:3: warning: 'counters.errors' is written here without 'mutex', which 2 of 3 accesses hold, in 'clear' to write it [heddle-inconsistent-guard]
}
void retried(struct worker *worker) {
  pthread_mutex_lock(&worker->mutex);
  worker->counters.retries++;
  pthread_mutex_unlock(&worker->mutex);
}
