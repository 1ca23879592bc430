// RUN: %check %s
// Where the program ends anyway, whoever waits for the lock is not kept any longer; where it goes on, or only a thread ends, they are.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int items;

static void report_crash(void) { sleep(1); }

#define ENSURE(cond) ((cond) ? (void)0 : (report_crash(), abort()))

static void take(int n) {
  pthread_mutex_lock(&lock);
  ENSURE(n > 0);
  items -= n;
  if (items < 0) {
    sleep(2);
    _exit(1);
  }
  pthread_mutex_unlock(&lock);
}

static void take_slowly(int n) {
  pthread_mutex_lock(&lock);
  if (n > items) {
    report_crash();
    // CHECK: [[@LINE-1]]:5: warning: 'lock' is held while 'report_crash' sleeps; 'take' has to wait for it as long [heddle-blocking-under-lock]
    if (items < 0)
      abort();
  }
  pthread_mutex_unlock(&lock);
}

static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static int leaving;

// The end of a thread is not that of the process.
static void *worker(void *unused) {
  (void)unused;
  take(1);
  pthread_mutex_lock(&last_lock);
  ++leaving;
  sleep(3);
  // CHECK: [[@LINE-1]]:3: warning: 'last_lock' is held while 'worker' sleeps; 'main' has to wait for it as long [heddle-blocking-under-lock]
  pthread_mutex_unlock(&last_lock);
  pthread_exit(NULL);
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  take(2);
  take_slowly(3);
  pthread_mutex_lock(&last_lock);
  --leaving;
  pthread_mutex_unlock(&last_lock);
  pthread_join(thread, NULL);
  return 0;
}
