// RUN: %check %s
// A handler that is called to end the process: nobody goes on with the lock, nor asks for it.
#include <pthread.h>
#include <stdlib.h>

typedef void (*handler)(void *closure, const char *reason);

static handler panic, progress;
static void *closure;

struct queue {
  pthread_mutex_t mutex;
  int suspended, length;
};

void queue_set_handlers(handler on_panic, handler on_progress, void *given) {
  panic = on_panic;
  progress = on_progress;
  closure = given;
}

void queue_stop(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  if (queue->suspended) {
    panic(closure, "stopped while suspended");
    __builtin_unreachable();
  }
  if (queue->length < 0) {
    panic(closure, "length");
    abort();
  }
  queue->length = 0;
  pthread_mutex_unlock(&queue->mutex);
}

void queue_add(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  ++queue->length;
  progress(closure, "added");
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'progress' is called while 'queue::mutex' of '*queue' is held{{.*}} [heddle-callback-under-lock]
  pthread_mutex_unlock(&queue->mutex);
}
