// RUN: %check %s
// A join that a test skips counts on both ways, where the test may ask for the thread. It doesn't where the thread is there
// whatever it says.
#include <pthread.h>
#include <stdlib.h>

static int total, count, sum, share;
static void *addTotal(void *given) {
  total++;
  return given;
}
static void wanted(int wait) {
  pthread_t thread;
  if (pthread_create(&thread, 0, addTotal, 0))
    return;
  if (wait)
    pthread_join(thread, 0);
  total = 1; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'total' is written here with no lock while 'addTotal' writes it [heddle-data-race]
}

static void *addCount(void *given) {
  count++;
  return given;
}
static void drawn(void) {
  pthread_t thread;
  pthread_create(&thread, 0, addCount, 0);
  int chance = rand();
  if (chance)
    pthread_join(thread, 0);
  else
    pthread_detach(thread);
  count = 1; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'count' is written here with no lock while 'addCount' writes it [heddle-data-race]
}

// Started on one way only, and the test tells which.
static void *addSum(void *given) {
  sum++;
  return given;
}
static void often(int threads) {
  pthread_t thread;
  if (threads > 1)
    pthread_create(&thread, 0, addSum, 0);
  else
    sum++;
  if (threads > 1)
    pthread_join(thread, 0);
  sum = 1;
}

// The test asks for the start's own result, kept in a variable.
static void *addShare(void *given) {
  share++;
  return given;
}
static void kept(void) {
  pthread_t thread;
  int started = !pthread_create(&thread, 0, addShare, 0);
  if (started)
    pthread_join(thread, 0);
  share = 1;
}

int main(int count, char **given) {
  (void)given;
  wanted(count);
  drawn();
  often(count);
  kept();
  return 0;
}
