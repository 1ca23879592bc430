// RUN: %check %s
// A lock that its own thread goes on to use after its end, or ends a second time.
#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t mutex;
  char *name;
  int *items;
};

static void clear(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  free(queue->items);
  queue->items = NULL;
  pthread_mutex_unlock(&queue->mutex);
}

void queue_destroy(struct queue *queue) {
  if (queue->name)
    pthread_mutex_destroy(&queue->mutex);
  free(queue->name);
  clear(queue); // CHECK: [[@LINE]]:3: error: 'queue->mutex' is locked here after it was destroyed [heddle-lock-destroyed]
  free(queue);
}

struct loop {
  pthread_mutex_t mutex;
  int rounds;
};
static struct loop *loop_new(void) {
  struct loop *loop = calloc(1, sizeof *loop);
  pthread_mutex_init(&loop->mutex, NULL);
  return loop;
}
static int loop_run(struct loop *loop) {
  pthread_mutex_lock(&loop->mutex);
  int rounds = ++loop->rounds;
  pthread_mutex_unlock(&loop->mutex);
  pthread_mutex_destroy(&loop->mutex);
  return rounds;
}
static void loop_free(struct loop *loop) {
  pthread_mutex_destroy(&loop->mutex);
  free(loop);
}
int loop_main(void) {
  struct loop *loop = loop_new();
  int rounds = loop_run(loop);
  loop_free(loop); // CHECK: [[@LINE]]:3: error: 'loop->mutex' is destroyed here a second time [heddle-lock-destroyed]
  return rounds;
}

// Made anew, of another object, on another way.
void reset(struct queue *queue) {
  pthread_mutex_destroy(&queue->mutex);
  pthread_mutex_init(&queue->mutex, NULL);
  clear(queue);
}
void destroy_all(struct queue *queues[], int count) {
  for (int i = 0; i < count; ++i) {
    clear(queues[i]);
    pthread_mutex_destroy(&queues[i]->mutex);
  }
}
void destroy_either(struct queue *queue, int last) {
  if (last)
    pthread_mutex_destroy(&queue->mutex);
  if (!last)
    clear(queue);
}
void destroy_next(struct queue *queue, struct queue *other) {
  pthread_mutex_destroy(&queue->mutex);
  queue = other;
  clear(queue);
}
