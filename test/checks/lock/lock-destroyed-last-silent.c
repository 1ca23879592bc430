// RUN: %check %s
// Who finds that it is the last user, under the lock, destroys the lock: the others have let go of it by then.
#include <pthread.h>
#include <stdlib.h>

struct buffer {
  pthread_mutex_t lock;
  int users;
  int length;
};

static void leave(struct buffer *buffer) {
  pthread_mutex_lock(&buffer->lock);
  int left = --buffer->users;
  pthread_mutex_unlock(&buffer->lock);
  if (left == 0) {
    pthread_mutex_destroy(&buffer->lock);
    free(buffer);
  }
}

static void *work(void *given) {
  struct buffer *buffer = given;
  pthread_mutex_lock(&buffer->lock);
  buffer->length++;
  pthread_mutex_unlock(&buffer->lock);
  leave(buffer);
  return NULL;
}

int main(void) {
  for (int i = 0; i < 10; ++i) {
    pthread_t thread;
    struct buffer *buffer = calloc(1, sizeof *buffer);
    pthread_mutex_init(&buffer->lock, NULL);
    buffer->users = 2;
    if (pthread_create(&thread, NULL, work, buffer) == 0)
      pthread_detach(thread);
    leave(buffer);
  }
  return 0;
}
