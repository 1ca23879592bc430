// RUN: %check %s
// Fields of one object that are used one after the other are one defect. What nobody calls in a program, or what makes the lock by
// a function that it gives it to, needs no lock.
#include <pthread.h>
#include <stdlib.h>

struct stats {
  pthread_mutex_t mutex;
  long reads, writes, errors;
  int level;
};

static void mutex_make(pthread_mutex_t *mutex) {
  if (pthread_mutex_init(mutex, NULL) != 0)
    abort();
}

static void stats_init(struct stats *stats) {
  mutex_make(&stats->mutex);
  stats->reads = stats->writes = stats->errors = 0;
  stats->level = 1;
}

static void stats_add(struct stats *stats, long reads, long writes) {
  pthread_mutex_lock(&stats->mutex);
  stats->reads += reads;
  stats->writes += writes;
  stats->errors += reads < 0;
  stats->level ^= 1;
  pthread_mutex_unlock(&stats->mutex);
}

static void stats_take(struct stats *stats) {
  pthread_mutex_lock(&stats->mutex);
  --stats->reads;
  --stats->writes;
  --stats->errors;
  --stats->level;
  pthread_mutex_unlock(&stats->mutex);
}

static long stats_sum(const struct stats *stats, int verbose) {
  long sum = stats->reads; // CHECK: [[@LINE]]:14: error: 'reads' is read here without 'mutex', which 2 of 3 accesses hold
  sum += stats->writes;    // CHECK: [[@LINE]]:10: note: beside it: reads 'writes'
  if (verbose)
    sum += stats->errors; // CHECK: [[@LINE]]:12: error: 'errors' is read here without 'mutex', which 2 of 3 accesses hold
  return sum;
}

int stats_level(const struct stats *stats) { return stats->level; } // nobody asks

static struct stats *shared;

static void *work(void *unused) {
  for (int i = 0; i < 100; ++i) {
    stats_add(shared, i, 1);
    stats_take(shared);
  }
  return unused;
}

int main(void) {
  shared = malloc(sizeof *shared);
  stats_init(shared);
  pthread_t first, second;
  pthread_create(&first, NULL, work, NULL);
  pthread_create(&second, NULL, work, NULL);
  long sum = stats_sum(shared, 1);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return (int)sum;
}
