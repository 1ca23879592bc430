// RUN: %check %s
// A clean-up that runs only where a thread couldn't be started, told by what wrappers make of the result.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct server {
  pthread_t thread;
  pthread_mutex_t mutex;
  int count, limit;
};

static void *serve(void *arg) {
  struct server *self = arg;
  pthread_mutex_lock(&self->mutex);
  self->count += self->limit;
  pthread_mutex_unlock(&self->mutex);
  return NULL;
}

/// One result of several, turned round.
static int started(pthread_t *thread, size_t stack, struct server *server) {
  int res;
  if (stack != 0) {
    pthread_attr_t attr;
    res = pthread_attr_init(&attr);
    if (res == 0) {
      res = pthread_attr_setstacksize(&attr, stack);
      if (res == 0)
        res = pthread_create(thread, &attr, serve, server);
      pthread_attr_destroy(&attr);
    }
  } else
    res = pthread_create(thread, NULL, serve, server);
  if (res != 0)
    errno = res;
  return !res;
}

static int startedNamed(pthread_t *thread, size_t stack, struct server *server) {
  int all = started(thread, stack, server);
  return all != 0;
}

struct server *server_start(size_t stack) {
  struct server *made = calloc(1, sizeof *made);
  if (made == NULL)
    return NULL;
  pthread_mutex_init(&made->mutex, NULL);
  if (!startedNamed(&made->thread, stack, made)) {
    pthread_mutex_destroy(&made->mutex);
    free(made);
    return NULL;
  }
  return made;
}

/// What is told isn't whether it was started.
static int other(pthread_t *thread, struct server *server) {
  int res = pthread_create(thread, NULL, serve, server);
  res = pthread_detach(*thread);
  return !res;
}

struct server *server_detached(void) {
  struct server *made = calloc(1, sizeof *made);
  if (made == NULL)
    return NULL;
  pthread_mutex_init(&made->mutex, NULL);
  if (!other(&made->thread, made)) {
    made->count = 0;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'server.count' is written here with no lock while {{.*}} [heddle-data-race]
    return NULL;
  }
  return made;
}

/// Turned round the wrong way.
struct server *server_reversed(void) {
  struct server *made = calloc(1, sizeof *made);
  if (made == NULL)
    return NULL;
  pthread_mutex_init(&made->mutex, NULL);
  if (startedNamed(&made->thread, 0, made)) {
    made->limit = 0;
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'server.limit' is written here with no lock while {{.*}} [heddle-data-race]
    return NULL;
  }
  return made;
}

int main(int argc, char **argv) {
  struct server *first = server_start(argc), *second = server_detached(), *third = server_reversed();
  (void)argv;
  return first != NULL && second != NULL && third != NULL;
}
