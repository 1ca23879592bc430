// RUN: %check %s
#include <pthread.h>
#include <unistd.h>

static int done;

static void *wait_for_it(void *unused) {
  (void)unused;
  while (!done)
    ;
  // CHECK: [[@LINE-2]]:{{[0-9]+}}: error: the loop goes on until 'done' changes, which 'main' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, wait_for_it, 0);
  sleep(1);
  done = 1;
  pthread_join(thread, 0);
  return 0;
}
