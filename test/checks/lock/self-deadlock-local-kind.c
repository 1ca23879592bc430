// RUN: %check %s
// A lock that is a function's own variable has a kind, too: by the attributes that it was initialised with.
#include <pthread.h>

static int nested(void) {
  pthread_mutex_t mutex;
  pthread_mutexattr_t recursive;
  pthread_mutexattr_init(&recursive);
  pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&mutex, &recursive);
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_unlock(&mutex);
  return 1;
}

static int plain(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, 0);
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&mutex); // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'mutex' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  pthread_mutex_unlock(&mutex);
  return 1;
}

// What is lent may be any of them.
static void twice(pthread_mutex_t *lent) {
  pthread_mutex_lock(lent);
  pthread_mutex_lock(lent);
  pthread_mutex_unlock(lent);
  pthread_mutex_unlock(lent);
}
static int lend(void) {
  pthread_mutex_t mutex;
  pthread_mutexattr_t recursive;
  pthread_mutexattr_init(&recursive);
  pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&mutex, &recursive);
  twice(&mutex);
  return 1;
}

int main(void) { return nested() + plain() + lend(); }
