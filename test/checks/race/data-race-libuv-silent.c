// RUN: %check %s
// What is called after work finds it done; a request that is used again is one item of work after the other; what one loop calls never
// runs at the same time; a thread that is joined has ended.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef pthread_mutex_t uv_mutex_t;
typedef pthread_t uv_thread_t;
typedef struct uv_loop_s uv_loop_t;
typedef struct uv_async_s {
  void *data;
  uv_loop_t *loop;
} uv_async_t;
typedef struct uv_timer_s {
  void *data;
  uv_loop_t *loop;
} uv_timer_t;
typedef struct uv_work_s {
  void *data;
  uv_loop_t *loop;
} uv_work_t;
typedef enum { UV_RUN_DEFAULT, UV_RUN_ONCE, UV_RUN_NOWAIT } uv_run_mode;
uv_loop_t *uv_default_loop(void);
int uv_run(uv_loop_t *, uv_run_mode);
void uv_stop(uv_loop_t *);
int uv_async_init(uv_loop_t *, uv_async_t *, void (*)(uv_async_t *));
int uv_async_send(uv_async_t *);
int uv_timer_init(uv_loop_t *, uv_timer_t *);
int uv_timer_start(uv_timer_t *, void (*)(uv_timer_t *), unsigned long, unsigned long);
int uv_queue_work(uv_loop_t *, uv_work_t *, void (*)(uv_work_t *), void (*)(uv_work_t *, int));
int uv_thread_create(uv_thread_t *, void (*)(void *), void *);
int uv_thread_join(uv_thread_t *);
int uv_mutex_init(uv_mutex_t *);
void uv_mutex_lock(uv_mutex_t *);
void uv_mutex_unlock(uv_mutex_t *);

struct scan {
  uv_work_t request;
  const char *path;
  long files; // the work's, then what comes after it
  char error[128];
};
struct indexer {
  uv_timer_t timer;
  struct scan scan; // one at a time
  long found, rounds; // the loop's alone
  uv_mutex_t lock;
  long seen; // guarded by lock
  uv_thread_t watcher;
  uv_async_t changed;
  int changes; // guarded by lock
  int handled;
};
static struct indexer indexer;
static char separator;

static void scan(uv_work_t *request) {
  struct scan *scan = request->data;
  scan->files = 0;
  for (const char *c = scan->path; *c; ++c)
    scan->files += *c == separator;
  if (scan->files == 0)
    strcpy(scan->error, "nothing there");
  uv_mutex_lock(&indexer.lock);
  indexer.seen += scan->files;
  uv_mutex_unlock(&indexer.lock);
}

static void after_scan(uv_work_t *request, int status) {
  struct scan *scan = request->data;
  indexer.found += scan->files;
  if (scan->error[0])
    puts(scan->error);
  scan->error[0] = 0;
  indexer.rounds++;
  indexer.scan.path = 0; // free again
}

static void on_timer(uv_timer_t *timer) {
  struct indexer *self = timer->data;
  if (self->scan.path)
    return;
  if (self->rounds == 100)
    uv_stop(timer->loop);
  self->scan.path = "/usr/share";
  self->scan.request.data = &self->scan;
  uv_queue_work(timer->loop, &self->scan.request, scan, after_scan);
}

static void on_change(uv_async_t *async) {
  struct indexer *self = async->data;
  uv_mutex_lock(&self->lock);
  int changes = self->changes;
  self->changes = 0;
  uv_mutex_unlock(&self->lock);
  self->handled += changes;
  self->found += changes;
}

static void watch(void *given) {
  struct indexer *self = given;
  for (int i = 0; i < 1000; ++i) {
    uv_mutex_lock(&self->lock);
    self->changes++;
    uv_mutex_unlock(&self->lock);
    uv_async_send(&self->changed);
  }
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  separator = '/';
  uv_mutex_init(&indexer.lock);
  indexer.timer.data = &indexer;
  indexer.changed.data = &indexer;
  uv_timer_init(loop, &indexer.timer);
  uv_timer_start(&indexer.timer, on_timer, 10, 10);
  uv_async_init(loop, &indexer.changed, on_change);
  uv_thread_create(&indexer.watcher, watch, &indexer);
  uv_run(loop, UV_RUN_DEFAULT);
  uv_thread_join(&indexer.watcher);
  printf("%ld found, %d changes left\n", indexer.found, indexer.changes);
  return 0;
}
