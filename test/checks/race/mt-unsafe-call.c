// RUN: %check --closed %s
// Functions of the C library with static buffers and one environment, in several threads.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t clock_lock = PTHREAD_MUTEX_INITIALIZER;

static void stamp(char *to, size_t size) {
  time_t now = time(0);
  strftime(to, size, "%H:%M:%S", localtime(&now));
}

static void *serve(void *given) {
  char line[32];
  stamp(line, sizeof line);
  puts(line);
  if (getenv("VERBOSE"))
    puts(given);
  return 0;
}

// Under one lock: in turn.
static void *count(void *given) {
  (void)given;
  pthread_mutex_lock(&clock_lock);
  char *word = strtok(given, " ");
  pthread_mutex_unlock(&clock_lock);
  return word;
}

int main(void) {
  char words[] = "a b c";
  setenv("HOME", "/", 1); // before the threads
  pthread_t server, counters[2];
  pthread_create(&server, 0, serve, "served");
  pthread_create(&counters[0], 0, count, words);
  pthread_create(&counters[1], 0, count, words);
  time_t now = time(0);
  puts(ctime(&now)); // CHECK: [[@LINE]]:{{[0-9]+}}: warning: 'ctime' changes state that all threads share (time), and 'stamp' calls 'localtime' at the same time; 'ctime_r' has no such state [heddle-mt-unsafe-call]
  // CHECK: note: thread 2: starts 'serve'
  // CHECK: note: thread 2: calls 'stamp'
  // CHECK: note: thread 2: calls 'localtime'
  setenv("VERBOSE", "1", 1); // CHECK: [[@LINE]]:{{[0-9]+}}: warning: 'setenv' changes state that all threads share (environment), and 'serve' calls 'getenv' at the same time [heddle-mt-unsafe-call]
  // CHECK: note: thread 2: calls 'getenv'
  pthread_join(server, 0);
  pthread_join(counters[0], 0);
  pthread_join(counters[1], 0);
  puts(asctime(gmtime(&now))); // after the joins
  return 0;
}
