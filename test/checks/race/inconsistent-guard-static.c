// RUN: %check %s
// A lock and what it guards in one static object: the object's class is the only one that has either.
#include <pthread.h>

static struct {
  pthread_mutex_t mutex;
  long total;
  long number;
} counts = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

void add(long amount) {
  pthread_mutex_lock(&counts.mutex);
  counts.total += amount;
  counts.number++;
  pthread_mutex_unlock(&counts.mutex);
}

void take(long amount) {
  pthread_mutex_lock(&counts.mutex);
  counts.total -= amount;
  counts.number--;
  pthread_mutex_unlock(&counts.mutex);
}

long number(void) {
  pthread_mutex_lock(&counts.mutex);
  long number = counts.number;
  pthread_mutex_unlock(&counts.mutex);
  return number;
}

long total(void) { return counts.total; }
// CHECK: [[@LINE-1]]:27: warning: 'total' is read here without 'mutex', which 2 of 3 accesses hold
