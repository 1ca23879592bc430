// RUN: %check %s
// Before the first thread starts nobody needs a lock: such accesses are neither reported nor counted. A lock that one thread alone
// takes is no guard.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER, sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t sleep_cond = PTHREAD_COND_INITIALIZER;
static int jobs, limit, retries, rounds;

static void init(void) {
  jobs = 0;
  limit = 10;
  retries = 3;
  rounds = 0;
}
static void configure(int n) {
  jobs = n;
  limit = n * 2;
  retries = n;
}

static void add(int n) {
  pthread_mutex_lock(&jobs_lock);
  if (jobs < limit)
    jobs += n;
  pthread_mutex_unlock(&jobs_lock);
}

static void *work(void *arg) {
  for (;;) {
    add(-1);
    pthread_mutex_lock(&jobs_lock);
    int left = jobs;
    pthread_mutex_unlock(&jobs_lock);
    if (left == 0)
      sleep(1);
  }
  return arg;
}

// It holds a lock to wait, all the time; the counter is its own, but for who looks at it.
static void *tidy(void *arg) {
  pthread_mutex_lock(&sleep_lock);
  while (rounds < 100) {
    pthread_cond_wait(&sleep_cond, &sleep_lock);
    rounds++;
    if (rounds % 10 == 0)
      rounds += 2;
  }
  pthread_mutex_unlock(&sleep_lock);
  return arg;
}

static int busy(void) { return jobs > limit / 2; }
// CHECK: [[@LINE-1]]:32: error: 'jobs' is read here without 'jobs_lock', which 3 of 4 accesses hold, in 'add' to write it [heddle-inconsistent-guard]

// Set up once, by main, though a thread is running already.
static int table_ready, rows;
static void init_table(void) {
  if (table_ready == 0) {
    rows = 0;
    table_ready = 1;
  }
}
static void *fill(void *arg) {
  for (int i = 0; i < 10; ++i) {
    pthread_mutex_lock(&jobs_lock);
    rows++;
    pthread_mutex_unlock(&jobs_lock);
  }
  pthread_mutex_lock(&jobs_lock);
  if (rows > 100)
    rows = 100;
  pthread_mutex_unlock(&jobs_lock);
  return arg;
}

int main(int argc, char **argv) {
  (void)argv;
  init();
  configure(argc);
  pthread_t worker, tidier;
  pthread_create(&worker, NULL, work, NULL);
  pthread_create(&tidier, NULL, tidy, NULL);
  init_table();
  pthread_t fillers[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&fillers[i], NULL, fill, NULL);
  while (busy())
    add(1);
  pthread_join(worker, NULL);
  pthread_join(tidier, NULL);
  pthread_join(fillers[0], NULL);
  pthread_join(fillers[1], NULL);
  return rounds;
}
