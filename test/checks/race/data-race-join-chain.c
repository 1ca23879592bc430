// RUN: %check %s
// Who joins a thread comes after those that this one has joined. And a thread may wait for the one that started it, if that left
// its handle.
#include <pthread.h>
#include <stdlib.h>

struct crew {
  pthread_t foreman, *workers;
  int size, done;
};

static void *work(void *given) {
  struct crew *crew = given;
  __atomic_fetch_add(&crew->done, crew->size, __ATOMIC_RELAXED);
  return 0;
}
static void *lead(void *given) {
  struct crew *crew = given;
  if (!crew || !crew->workers)
    return 0; // never set to work
  for (int i = 0; i < crew->size; ++i)
    if (crew->workers[i])
      pthread_join(crew->workers[i], 0);
  return 0;
}
static void whole(int size) {
  struct crew *crew = calloc(1, sizeof *crew);
  crew->workers = calloc(size, sizeof *crew->workers);
  crew->size = size;
  for (int i = 0; i < size; ++i)
    if (pthread_create(&crew->workers[i], 0, work, crew))
      crew->workers[i] = 0;
  pthread_create(&crew->foreman, 0, lead, crew);
  pthread_join(crew->foreman, 0);
  crew->size = 0;
  free(crew);
}

// This foreman waits for nobody.
struct gang {
  pthread_t foreman, worker;
  int size, done;
};
static void *dig(void *given) {
  struct gang *gang = given;
  gang->done = gang->size;
  return 0;
}
static void *watch(void *given) {
  struct gang *gang = given;
  return gang->size ? gang : 0;
}
static void half(int size) {
  struct gang *gang = calloc(1, sizeof *gang);
  gang->size = size;
  pthread_create(&gang->worker, 0, dig, gang);
  pthread_create(&gang->foreman, 0, watch, gang);
  pthread_join(gang->foreman, 0);
  gang->size = 0; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'gang.size' is written here with no lock while 'dig' reads it [heddle-data-race]
  pthread_join(gang->worker, 0);
  free(gang);
}

// The main thread is over when this one goes on.
static pthread_t first;
static int written, asked;
static void *restore(void *given) {
  asked = 1;
  pthread_join(first, 0);
  written = 0;
  return given;
}

int main(int size, char **given) {
  (void)given;
  whole(size);
  half(size);
  first = pthread_self();
  pthread_t restorer;
  pthread_create(&restorer, 0, restore, 0);
  written++;
  asked = 2; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'asked' is written here with no lock while 'restore' writes it [heddle-data-race]
  pthread_exit(0);
}
