// RUN: %check %s
// Threads that start each other without end: what they run is followed up to a bound.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int rounds;

static void *pong(void *given);
static void *ping(void *given) {
  pthread_t next;
  pthread_mutex_lock(&mutex);
  int go = ++rounds < 10;
  pthread_mutex_unlock(&mutex);
  if (go)
    pthread_create(&next, 0, pong, given);
  return 0;
}
static void *pong(void *given) {
  pthread_t next;
  pthread_create(&next, 0, ping, given);
  return 0;
}

int main(void) {
  pthread_t first;
  pthread_create(&first, 0, ping, 0);
  pthread_join(first, 0);
  return 0;
}
