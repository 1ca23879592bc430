// RUN: %check %s
// Joined where a flag says that there is a thread, in however many steps; joined one by one by a function that a loop calls; not
// there where the result of its start, kept in a variable, says that it failed.
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct guardian {
  pthread_t thread;
  bool started;
  int input, output;
};
static struct guardian guardian;

static void *watch(void *given) {
  const struct guardian *self = given;
  char byte;
  while (read(self->input, &byte, 1) < 0)
    ;
  return NULL;
}

static int begin(struct guardian *self) {
  int result = pthread_create(&self->thread, NULL, watch, self);
  if (result)
    return -result;
  self->started = true;
  return 0;
}

static void end(struct guardian *self) {
  char byte = 0;
  if (self && self->started) {
    if (write(self->output, &byte, 1) != 1)
      puts("gone");
    pthread_join(self->thread, NULL);
    self->started = false;
  }
}

struct worker {
  struct worker *next;
  pthread_t thread;
  struct pool *pool;
};
struct pool {
  struct worker *all;
  int error, done;
};

static void *work(void *given) {
  struct worker *self = given;
  self->pool->error = 3;
  return NULL;
}

static int add(struct pool *pool) {
  struct worker *worker = calloc(1, sizeof *worker);
  worker->pool = pool;
  if (pthread_create(&worker->thread, NULL, work, worker)) {
    free(worker);
    return -1;
  }
  worker->next = pool->all;
  pool->all = worker;
  return 0;
}

static void join(struct pool *pool, struct worker *worker) {
  pthread_join(worker->thread, NULL);
  pool->all = worker->next;
  free(worker);
}

static int run(int early) {
  struct pool pool = {0};
  add(&pool);
  if (early)
    printf("%d\n", pool.error); // CHECK: [[@LINE-26]]:3: error: 'pool.error' is written here with no lock while 'run' reads it
  while (pool.all)
    join(&pool, pool.all);
  return pool.error;
}

struct task {
  pthread_t thread;
  pthread_mutex_t mutex;
  int count;
};
static void *count(void *given) {
  struct task *task = given;
  pthread_mutex_lock(&task->mutex);
  ++task->count;
  pthread_mutex_unlock(&task->mutex);
  return NULL;
}
static void destroy(struct task *task) {
  pthread_mutex_destroy(&task->mutex);
  free(task);
}
static struct task *start(int number) {
  int result;
  struct task *task = calloc(1, sizeof *task);
  if (!task)
    return NULL;
  pthread_mutex_init(&task->mutex, NULL);
  if (number < 0)
    goto failed;
  result = pthread_create(&task->thread, NULL, count, task);
  if (result != 0) {
    fprintf(stderr, "no thread: %d\n", result);
    goto failed;
  }
  return task;
failed:
  destroy(task);
  return NULL;
}

int main(int argc, char **argv) {
  int ends[2];
  if (pipe(ends))
    return 1;
  guardian.input = ends[0];
  guardian.output = ends[1];
  if (begin(&guardian))
    return 1;
  sleep(1);
  end(&guardian);
  close(guardian.input);
  guardian.input = -1;
  struct task *task = start(argc);
  if (task) {
    pthread_join(task->thread, NULL);
    destroy(task);
  }
  return run(argv[0] != NULL);
}
