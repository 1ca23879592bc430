// RUN: %check %s
// A function that takes a lock as its own on one way and releases it on another where it never took it. Nobody is seen to call
// it: who held the lock would wait for himself on the first way.
#include <pthread.h>
#include <stdbool.h>

struct handle {
  pthread_mutex_t lock;
  unsigned claimed;
  int attached;
};

static inline void take(pthread_mutex_t *mutex) { pthread_mutex_lock(mutex); }
static inline void give(pthread_mutex_t *mutex) { pthread_mutex_unlock(mutex); }

int handle_select(struct handle *handle, int number) {
  if (number < 0 || number >= 32)
    return -1;
  if (!handle->attached) {
    give(&handle->lock); // CHECK: [[@LINE]]:5: error: 'handle::lock' of '*handle' is released while it is not held; 'handle_select' takes it on its other ways, and not on this one
    return -2;
  }
  take(&handle->lock);
  if (!(handle->claimed & (1u << number))) {
    give(&handle->lock);
    return -3;
  }
  give(&handle->lock);
  return 0;
}

// By a label that two ways share.
struct pool {
  pthread_mutex_t lock;
  int free;
};
struct node {
  pthread_mutex_t lock;
  struct pool *pool;
  int state;
};
int node_queue(struct node *node) {
  struct pool *pool = node->pool;
  int result = 0;
  pthread_mutex_lock(&node->lock);
  if (node->state < 0) {
    result = -1;
    goto out;
  }
  pthread_mutex_lock(&pool->lock);
  if (pool->free == 0) {
    result = -2;
    goto out;
  }
  pool->free--;
out:
  pthread_mutex_unlock(&pool->lock); // CHECK: [[@LINE]]:3: error: 'pool::lock' of '*node->pool' is released while it is not held
  pthread_mutex_unlock(&node->lock);
  return result;
}

// What the caller passes says whether he holds it.
int handle_claims(struct handle *handle, bool locked) {
  if (!locked)
    pthread_mutex_lock(&handle->lock);
  int claimed = (int)handle->claimed;
  pthread_mutex_unlock(&handle->lock);
  return claimed;
}

// Taken by who calls.
static int drop(struct handle *handle) {
  if (handle->attached == 2) {
    pthread_mutex_unlock(&handle->lock);
    return 1;
  }
  pthread_mutex_unlock(&handle->lock);
  pthread_mutex_lock(&handle->lock);
  handle->claimed = 0;
  pthread_mutex_unlock(&handle->lock);
  return 0;
}
int handle_drop(struct handle *handle) {
  pthread_mutex_lock(&handle->lock);
  return drop(handle);
}

// Given back by who is told.
static bool begin(struct handle *handle) {
  if (!handle->attached)
    return false;
  pthread_mutex_lock(&handle->lock);
  return true;
}
void handle_reset(struct handle *handle) {
  bool begun = begin(handle);
  handle->attached = 0;
  if (begun)
    pthread_mutex_unlock(&handle->lock);
}

/// Locks whose errors are told and no more: that way isn't meant to be gone.
void log_error(const char *what, int error);
#define TOLD(call)                                                                                                             \
  do {                                                                                                                         \
    int error = (call);                                                                                                        \
    if (error != 0)                                                                                                            \
      log_error(#call, error);                                                                                                 \
  } while (0)
static pthread_mutex_t told = PTHREAD_MUTEX_INITIALIZER;
static int sum;
int add_told(int k) {
  TOLD(pthread_mutex_lock(&told));
  int now = sum += k;
  TOLD(pthread_mutex_unlock(&told));
  return now;
}
