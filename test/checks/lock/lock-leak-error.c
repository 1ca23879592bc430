// RUN: %check %s
// The error branch of a wrapper that turns an error's sign round: the other lock is still held there.
#include <pthread.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t entry = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static int take(void) {
  int error = pthread_mutex_lock(&entry);
  if (error)
    return -error;
  return 0;
}

int add(void) {
  pthread_mutex_lock(&table);
  if (take() != 0)
    return -1; // CHECK: [[@LINE]]:5: error: 'table' is still held here; 'add' releases it on its other ways out [heddle-lock-leak]
  entries++;
  pthread_mutex_unlock(&entry);
  pthread_mutex_unlock(&table);
  return 0;
}
