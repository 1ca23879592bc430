// RUN: %check %s
// In C, with threads that are known: the buffer is exchanged while the size of the old one is in use.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *text;
static size_t length;

static void set_text(const char *from) {
  char *copy = strdup(from);
  pthread_mutex_lock(&lock);
  text = copy;
  length = strlen(copy);
  pthread_mutex_unlock(&lock);
}

static char *get_text(void) {
  pthread_mutex_lock(&lock);
  char *result = text;
  pthread_mutex_unlock(&lock);
  return result;
}

static size_t get_length(void) {
  pthread_mutex_lock(&lock);
  size_t result = length;
  pthread_mutex_unlock(&lock);
  return result;
}

static void *show(void *out) {
  memcpy(out, get_text(), get_length());
  // CHECK: [[@LINE-1]]:27: warning: 'text' and 'length' are read here in two sections of 'lock' while 'set_text' writes both in one; what is used together can be one new and one old [heddle-split-invariant]
  return NULL;
}

static void *change(void *to) {
  set_text(to);
  return NULL;
}

int main(void) {
  char out[64];
  pthread_t shower, changer;
  set_text("first");
  pthread_create(&shower, NULL, show, out);
  pthread_create(&changer, NULL, change, "the second");
  pthread_join(shower, NULL);
  pthread_join(changer, NULL);
  return 0;
}
