// RUN: %check %s
// In C: a table that is filled by whoever comes first, with a flag that says so.
#include <pthread.h>

static int ready;
static unsigned table[256];

static void fill(void) {
  for (unsigned i = 0; i < 256; i++)
    table[i] = i * 2654435761u;
}

static unsigned look_up(unsigned char key) {
  if (!ready) {
    for (unsigned i = 0; i < 256; i++)
      table[i] = i * 2654435761u;
    ready = 1;
    // CHECK: [[@LINE-1]]:5: error: 'ready' is made here when there is none yet, with no lock, while another thread {{.*}}[heddle-unsafe-publication]
  }
  return table[key];
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static unsigned look_up_once(unsigned char key) {
  pthread_once(&once, fill);
  return table[key];
}

static void *run(void *key) { return (void *)(unsigned long)(look_up(*(unsigned char *)key) + look_up_once(1)); }

int main(void) {
  unsigned char keys[2] = {1, 2};
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], 0, run, &keys[i]);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], 0);
  return 0;
}
