// RUN: %check --closed %s
// One thread; reentrant forms; readers of the environment only; the end of the process; under one lock, which callers hold.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void today(struct tm *to) {
  time_t now = time(0);
  *to = *localtime(&now); // both callers hold 'lock'
}

static void *work(void *given) {
  char *rest = 0, copy[32];
  strncpy(copy, given, sizeof copy - 1);
  copy[sizeof copy - 1] = 0;
  for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(0, " ", &rest))
    puts(word);
  struct tm local;
  time_t now = time(0);
  localtime_r(&now, &local);
  pthread_mutex_lock(&lock);
  today(&local);
  pthread_mutex_unlock(&lock);
  printf("%d %d %s\n", local.tm_year, rand(), strerror(2));
  if (!getenv("HOME"))
    exit(1);
  return 0;
}

int main(void) {
  setenv("HOME", "/", 0);
  char *first = strtok(getenv("HOME"), "/"); // one thread so far
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], 0, work, "a b");
  struct tm local;
  pthread_mutex_lock(&lock);
  today(&local);
  pthread_mutex_unlock(&lock);
  puts(getenv("PATH"));
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], 0);
  return first && setenv("DONE", "1", 1);
}
