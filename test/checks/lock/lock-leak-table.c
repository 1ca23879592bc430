// RUN: %check %s
// Locks behind tables of functions: a constant one has what it was made with; one of a class that only this file knows has what this
// file stores there, in a library too.
#include <pthread.h>

struct object {
  pthread_mutex_t lock;
  void *any;
  int users;
};

static int take(pthread_mutex_t *mutex) { return pthread_mutex_lock(mutex); }
static int give(pthread_mutex_t *mutex) { return pthread_mutex_unlock(mutex); }
static int take_any(void *mutex) { return pthread_mutex_lock(mutex); }
static int give_any(void *mutex) { return pthread_mutex_unlock(mutex); }

static const struct lock_calls {
  int (*lock)(pthread_mutex_t *);
  int (*unlock)(pthread_mutex_t *);
} calls = {take, give};

int count(struct object *object, int mode) {
  calls.lock(&object->lock);
  if (mode == 0)
    return 0;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'object::lock' of '*object' is still held here; 'count' releases it on its other ways out [heddle-lock-leak]
  object->users++;
  calls.unlock(&object->lock);
  return 0;
}

static struct any_calls {
  int (*lock)(void *);
  int (*unlock)(void *);
} any_calls;

void use_threads(void) {
  any_calls.lock = take_any;
  any_calls.unlock = give_any;
}

int count_any(struct object *object, int mode) {
  any_calls.lock(object->any);
  if (mode == 0)
    return 0;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: {{.*}} is still held here; 'count_any' releases it on its other ways out [heddle-lock-leak]
  object->users++;
  any_calls.unlock(object->any);
  return 0;
}

int count_well(struct object *object, int mode) {
  calls.lock(&object->lock);
  if (mode)
    object->users++;
  calls.unlock(&object->lock);
  return mode;
}
