// RUN: %check %s
// C11's atomics and the compiler's.
#include <pthread.h>
#include <stdatomic.h>

static _Atomic int jobs;
static int mask;

static void *work(void *given) {
  int bit = *(int *)given;
  jobs = jobs + 1; // CHECK: [[@LINE]]:3: error: 'jobs' is loaded and stored again in two steps; what another thread writes in between is lost [heddle-nonatomic-update]
  jobs += 1;       // one step
  __atomic_store_n(&mask, __atomic_load_n(&mask, __ATOMIC_ACQUIRE) | bit, __ATOMIC_RELEASE);
  // CHECK: [[@LINE-1]]:3: error: 'mask' is loaded and stored again in two steps; what another thread writes in between is lost [heddle-nonatomic-update]
  return 0;
}

int main(void) {
  pthread_t first, second;
  int one = 1, two = 2;
  pthread_create(&first, 0, work, &one);
  pthread_create(&second, 0, work, &two);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return jobs == 4 && mask == 3 ? 0 : 1;
}
