// RUN: %check %s
// A wrapper of a try-lock is one.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static int try_take(pthread_mutex_t *lock) { return pthread_mutex_trylock(lock); }

void add(void) {
  try_take(&mutex); // CHECK: [[@LINE]]:3: error: whether 'mutex' was locked is not looked at; what follows may run without the lock [heddle-ignored-try-lock]
  count++;
  pthread_mutex_unlock(&mutex);
}
