// RUN: %check %s
// An array of locks beside an array of what they guard: each of its own index. A lock of something else doesn't stand in for it.
#include <pthread.h>
#include <stdlib.h>

enum { kinds = 4 };
static pthread_mutex_t queue_lock[kinds];
static unsigned long waiting[kinds];
static unsigned long done[kinds];

void submit(int kind) {
  pthread_mutex_lock(&queue_lock[kind]);
  waiting[kind]++;
  pthread_mutex_unlock(&queue_lock[kind]);
}

void *work(void *arg) {
  unsigned long kind = (unsigned long)arg;
  for (;;) {
    pthread_mutex_lock(&queue_lock[kind]);
    waiting[kind]--;
    done[kind]++;
    pthread_mutex_unlock(&queue_lock[kind]);
  }
  return NULL;
}

unsigned long all_done(void) {
  unsigned long sum = 0;
  for (int kind = 0; kind < kinds; ++kind) {
    pthread_mutex_lock(&queue_lock[kind]);
    sum += done[kind];
    pthread_mutex_unlock(&queue_lock[kind]);
  }
  return sum;
}

void cancel(int kind) {
  pthread_mutex_lock(&queue_lock[kind]);
  if (waiting[kind] > 0)
    waiting[kind]--;
  pthread_mutex_unlock(&queue_lock[kind]);
}

unsigned long waiting_of(int kind) {
  return waiting[kind];
  // CHECK: [[@LINE-1]]:10: warning: 'waiting' is read here without 'queue_lock', which 4 of 5 accesses hold, in 'submit' to write it [heddle-inconsistent-guard]
}

// Locks in memory of their own, in a number that is known at start: they are no other locks.
static pthread_mutex_t *row_locks;
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static long updates, failures;

void init_rows(int n) {
  row_locks = calloc(n, sizeof(pthread_mutex_t));
  for (int i = 0; i < n; ++i)
    pthread_mutex_init(&row_locks[i], NULL);
}

void count_update(void) {
  pthread_mutex_lock(&count_lock);
  updates++;
  pthread_mutex_unlock(&count_lock);
}

void reset_updates(void) {
  pthread_mutex_lock(&count_lock);
  updates = 0;
  failures = 0;
  pthread_mutex_unlock(&count_lock);
}

long updates_and_failures(void) {
  pthread_mutex_lock(&count_lock);
  long sum = updates + failures;
  pthread_mutex_unlock(&count_lock);
  return sum;
}

void update_row(unsigned row, int *place, int value) {
  pthread_mutex_lock(&row_locks[row]);
  *place = value;
  updates++;
  // CHECK: [[@LINE-1]]:3: warning: 'updates' is written here without 'count_lock', which 3 of 4 accesses hold, in 'count_update' to write it [heddle-inconsistent-guard]
  pthread_mutex_unlock(&row_locks[row]);
}

void fail_row(unsigned row) {
  pthread_mutex_lock(&row_locks[row]);
  pthread_mutex_lock(&count_lock);
  failures++;
  pthread_mutex_unlock(&count_lock);
  pthread_mutex_unlock(&row_locks[row]);
}

// What a pointer from outside names may be any lock, also that one.
void set_failures(pthread_mutex_t *lock, long value) {
  pthread_mutex_lock(lock);
  failures = value;
  pthread_mutex_unlock(lock);
}
