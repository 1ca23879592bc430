// RUN: %check %s
// What makes an object and starts a thread for it has it to itself no longer, from there on.
#include <pthread.h>
#include <stdlib.h>

struct pool {
  pthread_mutex_t lock;
  pthread_t thread;
  int limit;
  int busy;
};

static void *serve(void *given) {
  struct pool *pool = given;
  pthread_mutex_lock(&pool->lock);
  while (pool->busy < pool->limit)
    pool->busy++;
  pthread_mutex_unlock(&pool->lock);
  return 0;
}

struct pool *pool_new(int limit) {
  struct pool *pool = calloc(1, sizeof *pool);
  if (!pool || pthread_mutex_init(&pool->lock, 0))
    return 0;
  pool->busy = 0;
  return pool;
}

int pool_start(struct pool *pool, int limit) {
  pthread_mutex_init(&pool->lock, 0);
  pool->busy = 0;
  if (pthread_create(&pool->thread, 0, serve, pool))
    return -1;
  pool->limit = limit;
  // CHECK: [[@LINE-1]]:3: warning: 'limit' is written here without 'lock', which 3 of 4 accesses hold, in 'pool_resize' to write it [heddle-inconsistent-guard]
  return 0;
}

void pool_resize(struct pool *pool, int limit) {
  pthread_mutex_lock(&pool->lock);
  pool->limit = limit;
  pthread_mutex_unlock(&pool->lock);
}

int pool_limit(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  int result = pool->limit;
  pthread_mutex_unlock(&pool->lock);
  return result;
}

void pool_end(struct pool *pool) {
  pthread_join(pool->thread, 0);
  pthread_mutex_destroy(&pool->lock);
  pool->limit = 0;
}
