// RUN: %check %s
// Volatile: whoever says so knows that others change it; that doesn't make one step of a value that is read, changed and written back.
#include <pthread.h>

static volatile int hits, phase;
static void *count(void *given) {
  for (int i = 0; i < 1000; ++i)
    hits++; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'hits' is written here with no lock while another thread writes it [heddle-data-race]
  phase = 1;
  return given;
}

// One thread alone counts, the other looks.
static volatile int seen;
static void *look(void *given) {
  *(int *)given = seen;
  return given;
}

int main(void) {
  pthread_t threads[4], looker;
  int last;
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, count, 0);
  pthread_create(&looker, 0, look, &last);
  for (int i = 0; i < 10; ++i)
    seen++;
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  pthread_join(looker, 0);
  return hits + phase + last;
}
