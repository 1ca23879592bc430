// RUN: %check %s
// What runs once comes before everybody; a callback that is given to code that isn't seen, under the lock, may be run there.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int closed, level;

static void set_up(void) {
  closed = 0;
  level = 3;
}
void library_end(void) {
  pthread_mutex_lock(&mutex);
  closed = 1;
  level = 0;
  pthread_mutex_unlock(&mutex);
}
int library_work(void) {
  pthread_once(&once, set_up);
  pthread_mutex_lock(&mutex);
  int result = closed ? -1 : level;
  pthread_mutex_unlock(&mutex);
  return result;
}
int library_more(void) {
  pthread_once(&once, set_up);
  pthread_mutex_lock(&mutex);
  int result = closed ? -2 : ++level;
  pthread_mutex_unlock(&mutex);
  return result;
}

struct directory {
  pthread_mutex_t lock;
  char *first;
  int length;
};
struct system {
  int (*read)(void *given, int (*fill)(void *given, const char *name));
};
static int fill(void *given, const char *name) {
  struct directory *directory = given;
  if (directory->first)
    return 1;
  directory->length += name[0];
  return 0;
}
int directory_read(struct system *system, struct directory *directory) {
  pthread_mutex_lock(&directory->lock);
  directory->length = 0;
  directory->first = 0;
  int result = system->read(directory, fill);
  if (directory->first)
    result = directory->length;
  pthread_mutex_unlock(&directory->lock);
  return result;
}
