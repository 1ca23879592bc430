// RUN: %check %s
// A lock that is a thread's turn: it has it all the time but when it waits for work, and who wants it to stand still takes it. Who takes
// a lock and gives it back at once wants to wait, too. Silent.
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static atomic_bool running = true;
static atomic_int moved;

void *mover(void *unused) {
  (void)unused;
  pthread_mutex_lock(&turn);
  while (running) {
    for (int i = 0; i < 10; ++i) {
      ++moved;
      usleep(1000);
    }
    pthread_cond_wait(&work, &turn);
  }
  pthread_mutex_unlock(&turn);
  return NULL;
}

void stop_mover(void) {
  pthread_mutex_lock(&turn);
  running = false;
  pthread_cond_signal(&work);
  pthread_mutex_unlock(&turn);
}

// The same, which sleeps without it between two rounds.
static pthread_mutex_t round_lock = PTHREAD_MUTEX_INITIALIZER;

void *rounds(void *unused) {
  (void)unused;
  pthread_mutex_lock(&round_lock);
  while (running) {
    pthread_mutex_unlock(&round_lock);
    usleep(1000);
    pthread_mutex_lock(&round_lock);
    ++moved;
  }
  pthread_mutex_unlock(&round_lock);
  return NULL;
}

void stand_still(void) {
  pthread_mutex_lock(&round_lock);
  sleep(1);
  pthread_mutex_unlock(&round_lock);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

void *worker(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    usleep(10);
  }
  return NULL;
}

void pause_workers(void) {
  pthread_mutex_lock(&gate);
  sleep(1);
  pthread_mutex_unlock(&gate);
}

int main(void) {
  pthread_t a, b, c;
  pthread_create(&a, NULL, mover, NULL);
  pthread_create(&b, NULL, worker, NULL);
  pthread_create(&c, NULL, rounds, NULL);
  pause_workers();
  stand_still();
  stop_mover();
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  pthread_join(c, NULL);
}
