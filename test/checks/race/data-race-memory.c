// RUN: %check %s
// Memory that functions of the library write, read and free; thread-local objects; threads that couldn't be started; pipes.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
  int size, done;
};

// Freed while the thread may still use it.
static void *serve(void *given) {
  struct request *request = given;
  request->done = request->size;
  return 0;
}
static void early(void) {
  struct request *request = malloc(sizeof *request);
  request->size = 3;
  pthread_t thread;
  if (pthread_create(&thread, 0, serve, request)) {
    free(request); // nobody has it
    return;
  }
  free(request); // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'request.size' is freed here with no lock while 'serve' reads it [heddle-data-race]
  pthread_join(thread, 0);
}
static void *serveToo(void *given) {
  struct request *request = given;
  request->done = request->size;
  return 0;
}
static void late(void) {
  struct request *request = malloc(sizeof *request);
  request->size = 3;
  pthread_t thread;
  int failed = pthread_create(&thread, 0, serveToo, request);
  if (failed == 0)
    pthread_join(thread, 0);
  free(request);
}

// Two threads fill one buffer.
static char line[64];
static void *readLine(void *given) {
  int *descriptor = given;
  if (read(*descriptor, line, sizeof line) < 0) // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'line' is written here with no lock while another thread writes it [heddle-data-race]
    return 0;
  return line;
}
static void readTwice(int *descriptor) {
  pthread_t first, second;
  pthread_create(&first, 0, readLine, descriptor);
  pthread_create(&second, 0, readLine, descriptor);
  pthread_join(first, 0);
  pthread_join(second, 0);
}

// Thread-local, but its address was given away; every thread's own by its name.
static __thread int level;
static void *raise_(void *given) {
  int *other = given;
  *other = 1;
  return 0;
}
static void *own(void *given) {
  level = *(int *)given;
  return 0;
}
static void lend(void) {
  pthread_t thread, another;
  int one = 1;
  pthread_create(&thread, 0, raise_, &level);
  pthread_create(&another, 0, own, &one);
  level = 2; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'level' is written here with no lock while 'raise_' writes it [heddle-data-race]
  pthread_join(thread, 0);
  pthread_join(another, 0);
}

// What is written to one end of a pipe says that the rest is done.
static int ends[2];
static int answer;
static void *ask(void *given) {
  (void)given;
  answer = 42;
  return write(ends[1], "!", 1) == 1 ? ends : 0;
}
static void *hear(void *given) {
  (void)given;
  char byte;
  while (read(ends[0], &byte, 1) != 1) {
  }
  answer = 43;
  return 0;
}
static void talk(void) {
  if (pipe(ends))
    return;
  pthread_t asker, hearer;
  pthread_create(&asker, 0, ask, 0);
  pthread_create(&hearer, 0, hear, 0);
  pthread_join(asker, 0);
  pthread_join(hearer, 0);
}

int main(void) {
  int input = 0;
  early();
  late();
  readTwice(&input);
  lend();
  talk();
  return 0;
}
