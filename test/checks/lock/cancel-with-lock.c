// RUN: %check %s
// A thread that is cancelled where it waits for input, or for a condition, with a lock that main takes afterwards.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static char last[64];
static int jobs;

static long get(char *into, size_t size) { return read(0, into, size); }

static void *reader(void *unused) {
  for (;;) {
    pthread_mutex_lock(&mutex);
    get(last, sizeof last); // CHECK: [[@LINE]]:5: warning: 'mutex' is held where 'read' may end the thread, which is cancelled: nobody will release it [heddle-cancel-with-lock]
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

static void *worker(void *unused) {
  pthread_mutex_lock(&queue_mutex);
  while (jobs == 0)
    pthread_cond_wait(&filled, &queue_mutex); // CHECK: [[@LINE]]:5: warning: 'queue_mutex' is held where 'pthread_cond_wait' may end the thread, which is cancelled: nobody will release it [heddle-cancel-with-lock]
  jobs--;
  pthread_mutex_unlock(&queue_mutex);
  return unused;
}

// Cancellation is off for a while, and then as it was before.
static void *restored(void *unused) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  pthread_setcancelstate(before, NULL);
  pthread_mutex_lock(&third_mutex);
  sleep(1); // CHECK: [[@LINE]]:3: warning: 'third_mutex' is held where 'sleep' may end the thread, which is cancelled: nobody will release it [heddle-cancel-with-lock]
  pthread_mutex_unlock(&third_mutex);
  return unused;
}

int main(void) {
  pthread_t first, second, third;
  if (pthread_create(&first, NULL, reader, NULL) != 0 || pthread_create(&second, NULL, worker, NULL) != 0 ||
      pthread_create(&third, NULL, restored, NULL) != 0)
    return EXIT_FAILURE;
  sleep(1);
  pthread_cancel(first);
  pthread_cancel(second);
  pthread_cancel(third);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_join(third, NULL);
  pthread_mutex_lock(&third_mutex);
  pthread_mutex_unlock(&third_mutex);
  pthread_mutex_lock(&mutex);
  int result = last[0];
  pthread_mutex_unlock(&mutex);
  pthread_mutex_lock(&queue_mutex);
  result += jobs;
  pthread_mutex_unlock(&queue_mutex);
  return result;
}
