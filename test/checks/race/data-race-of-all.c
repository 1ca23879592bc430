// RUN: %check %s
// What each of several threads does where some result is zero, all of them may do; what is done by the one of a given number, one.
#include <pthread.h>
#include <stddef.h>

int fetch(int from);
static int failures, empty, started, firsts;

static void *work(void *arg) {
  int id = (int)(long)arg;
  int got = fetch(id);
  if (got == 0)
    ++empty;
  // CHECK: [[@LINE-1]]:5: error: 'empty' is written here with no lock while another thread writes it [heddle-data-race]
  if (!got)
    ++failures;
  // CHECK: [[@LINE-1]]:5: error: 'failures' is written here with no lock while another thread writes it [heddle-data-race]
  if (id == 0)
    ++started;
  int row = id % 4;
  if (row == 0)
    ++firsts;
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  for (long i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, work, (void *)i);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  return failures + empty + started + firsts;
}
