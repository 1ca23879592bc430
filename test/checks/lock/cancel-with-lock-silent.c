// RUN: %check %s
// Cancellation disabled; a clean-up handler, in the function or in its caller; no lock at the point; a lock that nobody else takes; a
// thread that nobody cancels, though a function that could is called for it.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t own_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static char last[64];
static int jobs;

static void unlock(void *given) { pthread_mutex_unlock(given); }

static void *disabled(void *unused) {
  int old;
  for (;;) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
    pthread_mutex_lock(&mutex);
    if (read(0, last, sizeof last) < 0)
      jobs = 0;
    pthread_mutex_unlock(&mutex);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
    pthread_testcancel();
  }
  return unused;
}

static void take(void) {
  while (jobs == 0)
    pthread_cond_wait(&filled, &mutex);
  jobs--;
}
static void *cleaned(void *unused) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  take();
  pthread_cleanup_pop(1);
  return unused;
}

static void *outside(void *unused) {
  for (;;) {
    sleep(1);
    pthread_mutex_lock(&mutex);
    jobs++;
    pthread_mutex_unlock(&mutex);
    pthread_mutex_lock(&own_mutex);
    sleep(1);
    pthread_mutex_unlock(&own_mutex);
  }
  return unused;
}

static void *kept(void *unused) {
  pthread_mutex_lock(&mutex);
  while (jobs < 10)
    pthread_cond_wait(&filled, &mutex);
  pthread_mutex_unlock(&mutex);
  return unused;
}

static void end(pthread_t thread, int force) {
  if (force)
    pthread_cancel(thread);
  pthread_join(thread, NULL);
}

int main(void) {
  pthread_t a, b, c, d;
  if (pthread_create(&a, NULL, disabled, NULL) != 0 || pthread_create(&b, NULL, cleaned, NULL) != 0 ||
      pthread_create(&c, NULL, outside, NULL) != 0 || pthread_create(&d, NULL, kept, NULL) != 0)
    return EXIT_FAILURE;
  sleep(1);
  pthread_cancel(a);
  pthread_cancel(b);
  pthread_cancel(c);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  pthread_join(c, NULL);
  end(d, 0);
  pthread_mutex_lock(&mutex);
  int result = jobs;
  pthread_mutex_unlock(&mutex);
  return result;
}
