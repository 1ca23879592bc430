// RUN: %check %s
#include <pthread.h>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int routes[32];
static int used;
static int epoch GUARDED_BY(lock);

int route(int from) {
  pthread_rwlock_rdlock(&lock);
  int to = from < used ? routes[from] : -1;
  if (to < 0)
    routes[from] = 0; // CHECK: [[@LINE]]:5: error: 'routes' is written here with 'lock' held only as shared; 'learn' holds it exclusively to write [heddle-write-under-shared-lock]
  pthread_rwlock_unlock(&lock);
  return to;
}

void learn(int from, int to) {
  pthread_rwlock_wrlock(&lock);
  routes[from] = to;
  if (from >= used)
    used = from + 1;
  pthread_rwlock_unlock(&lock);
}

void next(void) {
  pthread_rwlock_rdlock(&lock);
  epoch = 1; // CHECK: [[@LINE]]:3: error: 'epoch' is written here with 'lock' held only as shared; others that hold it so can read and write it at the same time [heddle-write-under-shared-lock]
  pthread_rwlock_unlock(&lock);
}
