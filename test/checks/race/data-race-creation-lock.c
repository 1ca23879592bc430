// RUN: %check %s
// A lock that is held while a thread is started orders: the new thread waits for it, or runs as long as it is held.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int slot, total, early;

static void *use_slot(void *unused) {
  pthread_mutex_lock(&mutex); // main is done with it
  pthread_mutex_unlock(&mutex);
  slot++;
  early++;
  return unused;
}

static void *add(void *unused) {
  pthread_mutex_lock(&mutex);
  total++;
  pthread_mutex_unlock(&mutex);
  return unused;
}

static void *add_for_main(void *unused) {
  total++; // main holds the lock until this one is joined
  return unused;
}

int main(void) {
  pthread_t first, second, third;
  pthread_mutex_lock(&mutex);
  pthread_create(&first, 0, use_slot, 0);
  slot = 1;
  pthread_mutex_unlock(&mutex);

  pthread_create(&second, 0, add, 0);
  pthread_mutex_lock(&mutex);
  pthread_create(&third, 0, add_for_main, 0);
  pthread_join(third, 0); // CHECK: [[@LINE]]:3: warning: 'mutex' is held while 'main' waits for a thread to end; 'add' has to wait for it as long [heddle-blocking-under-lock]
  pthread_mutex_unlock(&mutex);

  early++;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'early' is written here with no lock while 'use_slot' writes it [heddle-data-race]
  pthread_join(first, 0);
  pthread_join(second, 0);
  return slot + total;
}
