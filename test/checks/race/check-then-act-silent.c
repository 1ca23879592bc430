// RUN: %check %s
// In C: the function that looks leaves with the lock, and the one that acts gives it back.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int credit;

static int credit_lock(void) {
  pthread_mutex_lock(&lock);
  return credit;
}

static void credit_unlock(void) { pthread_mutex_unlock(&lock); }

int credit_use(int amount) {
  int used = 0;
  if (credit_lock() >= amount) {
    credit -= amount;
    used = 1;
  }
  credit_unlock();
  return used;
}

void credit_double(void) {
  credit = credit_lock() * 2;
  credit_unlock();
}

void credit_add(int amount) {
  credit_lock();
  credit += amount;
  credit_unlock();
}
