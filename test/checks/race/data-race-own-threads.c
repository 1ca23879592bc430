// RUN: %check %s
// A program's own layer over POSIX threads: handles in allocated objects, threads that end themselves, joins in a loop over an array of
// pointers; an object that its maker gave to a thread and returned is one object.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef void (*routine)(void *);
struct task {
  pthread_t thread;
  routine run;
  void *given;
};

static void *start(void *given) {
  struct task *task = given;
  task->run(task->given);
  pthread_exit(0); // the thread's end, not the process's
}

static struct task *begin(routine run, void *given) {
  struct task *task = malloc(sizeof(struct task));
  if (!task)
    return 0;
  task->run = run;
  task->given = given;
  if (pthread_create(&task->thread, 0, start, task)) {
    free(task);
    return 0;
  }
  return task;
}
static int finish(struct task *task) { return pthread_join(task->thread, 0); }

static long hits, before;
static void count(void *given) {
  (void)given;
  hits += 1; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'hits' is written here with no lock while another thread writes it [heddle-data-race]
}

static int threads = 4;
static struct task **pool;
static void work(void *given) {
  long *part = given;
  *part += before;
}
static void runPool(long *parts) {
  before = 1;
  for (int i = 0; i < threads; ++i)
    pool[i] = begin(work, &parts[i]);
  for (int i = 0; i < threads; ++i)
    pthread_join(pool[i]->thread, 0);
  before = 2; // all of them are joined
}

struct engine;
struct keeper {
  pthread_t thread;
  struct engine *engine;
};
struct engine {
  pthread_mutex_t mutex;
  long *pages;
  int count;
  struct keeper *keeper;
};
static void *keep(void *given) {
  struct keeper *keeper = given;
  struct engine *engine = keeper->engine;
  for (int i = 0; i < 100; ++i) {
    pthread_mutex_lock(&engine->mutex);
    memset(engine->pages, i, sizeof(long) * engine->count);
    pthread_mutex_unlock(&engine->mutex);
  }
  return 0;
}
static struct engine *makeEngine(int count) {
  struct engine *engine = calloc(1, sizeof(struct engine));
  pthread_mutex_init(&engine->mutex, 0);
  engine->count = count;
  engine->pages = calloc(count, sizeof(long));
  engine->keeper = calloc(1, sizeof(struct keeper));
  engine->keeper->engine = engine;
  pthread_create(&engine->keeper->thread, 0, keep, engine->keeper);
  return engine;
}
static void *look(void *given) {
  struct engine *engine = given;
  long copy[8];
  pthread_mutex_lock(&engine->mutex); // the keeper's own
  memcpy(copy, engine->pages, sizeof copy);
  pthread_mutex_unlock(&engine->mutex);
  return 0;
}

int main(void) {
  struct task *first = begin(count, 0), *second = begin(count, 0);
  if (first && finish(first))
    abort();
  if (second && finish(second))
    abort();
  long parts[4] = {0};
  pool = calloc(threads, sizeof *pool);
  runPool(parts);
  runPool(parts);
  struct engine *engine = makeEngine(8);
  pthread_t looker;
  pthread_create(&looker, 0, look, engine);
  pthread_join(looker, 0);
  pthread_join(engine->keeper->thread, 0);
  return 0;
}
