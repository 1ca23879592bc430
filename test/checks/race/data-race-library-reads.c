// RUN: %check %s
// A function of C's library that takes a pointer to const characters or numbers reads them. Of `const void *` it may want no more
// than the address.
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static char title[32], motto[32], key;
static pthread_key_t slot;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *show(void *given) {
  puts(title);
  pthread_mutex_lock(&lock);
  puts(motto);
  pthread_mutex_unlock(&lock);
  pthread_setspecific(slot, &key);
  return given;
}

int main(void) {
  pthread_t thread;
  strcpy(title, "before");
  pthread_key_create(&slot, 0);
  pthread_create(&thread, 0, show, 0);
  strcpy(title, "after"); // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'title' is written here with no lock while 'show' reads it [heddle-data-race]
  pthread_mutex_lock(&lock);
  strcpy(motto, "locked");
  pthread_mutex_unlock(&lock);
  key = 1;
  pthread_join(thread, 0);
  return 0;
}
