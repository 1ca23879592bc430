// RUN: %check %s
// A pool whose threads take jobs off a queue: a job that is added twice runs beside itself, whatever state of the pool its thread had to
// find; but what one thread claims for good it does alone.
#include <pthread.h>
#include <stdlib.h>

struct job {
  void (*run)(void *);
  void *given;
};
struct pool {
  pthread_mutex_t lock;
  pthread_cond_t filled, freed;
  struct job *jobs;
  size_t head, tail, room;
  int empty, busy, stopped, chosen;
  pthread_t *threads;
};

static long hits, once;

static void *serve(void *given) {
  struct pool *pool = given;
  pthread_mutex_lock(&pool->lock);
  if (pool->chosen == 0) {
    pool->chosen = 1;
    pthread_mutex_unlock(&pool->lock);
    once += 1;
  } else {
    pthread_mutex_unlock(&pool->lock);
  }
  for (;;) {
    pthread_mutex_lock(&pool->lock);
    while (pool->empty) {
      if (pool->stopped) {
        pthread_mutex_unlock(&pool->lock);
        return 0;
      }
      pthread_cond_wait(&pool->filled, &pool->lock);
    }
    struct job job = pool->jobs[pool->head];
    pool->head = (pool->head + 1) % pool->room;
    pool->busy++;
    pool->empty = pool->head == pool->tail;
    pthread_mutex_unlock(&pool->lock);
    job.run(job.given);
    pthread_mutex_lock(&pool->lock);
    pool->busy--;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
  }
}

static struct pool *pool_new(int threads) {
  struct pool *pool = calloc(1, sizeof *pool);
  if (!pool)
    return 0;
  pool->room = 16;
  pool->jobs = calloc(pool->room, sizeof *pool->jobs);
  pool->threads = calloc(threads, sizeof *pool->threads);
  if (!pool->jobs || !pool->threads)
    return 0;
  pool->empty = 1;
  pthread_mutex_init(&pool->lock, 0);
  pthread_cond_init(&pool->filled, 0);
  pthread_cond_init(&pool->freed, 0);
  for (int i = 0; i < threads; i++)
    if (pthread_create(&pool->threads[i], 0, serve, pool))
      return 0;
  return pool;
}

static void pool_add(struct pool *pool, void (*run)(void *), void *given) {
  struct job job = {run, given};
  pthread_mutex_lock(&pool->lock);
  while (!pool->empty && (pool->tail + 1) % pool->room == pool->head)
    pthread_cond_wait(&pool->freed, &pool->lock);
  pool->empty = 0;
  pool->jobs[pool->tail] = job;
  pool->tail = (pool->tail + 1) % pool->room;
  pthread_cond_signal(&pool->filled);
  pthread_mutex_unlock(&pool->lock);
}

static void hit(void *given) {
  hits += 1; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'hits' is written here with no lock while another thread writes it [heddle-data-race]
}

int main(void) {
  struct pool *pool = pool_new(8);
  if (!pool)
    return 1;
  pool_add(pool, hit, 0);
  pool_add(pool, hit, 0);
  pthread_exit(0);
}
