// RUN: %check %s
// A program on libuv: work runs in the pool's threads, several at once; what a loop calls runs in the one thread that runs it.
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

static long converted; // counted by the pool's threads
static long failures;  // guarded by lock
static int progress;   // written by the reader's thread
static uv_mutex_t lock;
static uv_async_t notice;
static uv_timer_t timer;

struct image {
  uv_work_t request;
  int width, height;
  int *pixels;
};

static void convert(uv_work_t *request) {
  struct image *image = request->data;
  image->pixels = calloc(image->width, image->height * sizeof(int));
  converted++; // CHECK: [[@LINE]]:3: error: 'converted' is written here with no lock while another thread writes it [heddle-data-race]
  if (!image->pixels) {
    uv_mutex_lock(&lock);
    failures++;
    uv_mutex_unlock(&lock);
  }
}

static void after_convert(uv_work_t *request, int status) {
  struct image *image = request->data;
  printf("%d of %ld\n", image->pixels != 0, converted); // its own is done, another one may run
  free(image->pixels);
  free(image);
}

static void on_timer(uv_timer_t *handle) {
  struct image *image = calloc(1, sizeof *image);
  if (!image)
    return;
  image->width = image->height = 64;
  image->request.data = image;
  uv_queue_work(handle->loop, &image->request, convert, after_convert);
}

static void on_notice(uv_async_t *handle) {
  printf("%d%%\n", progress);
  if (progress == 100)
    uv_stop(handle->loop);
}

static void read_all(void *given) {
  for (int i = 0; i <= 100; ++i) {
    progress = i; // CHECK: [[@LINE]]:5: error: 'progress' is written here with no lock while 'on_notice' reads it [heddle-data-race]
    uv_async_send(&notice);
  }
}

int main(void) {
  uv_thread_t reader;
  uv_mutex_init(&lock);
  uv_async_init(uv_default_loop(), &notice, on_notice);
  uv_timer_init(uv_default_loop(), &timer);
  uv_timer_start(&timer, on_timer, 10, 10);
  uv_thread_create(&reader, read_all, 0);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  uv_thread_join(&reader);
  uv_mutex_lock(&lock);
  printf("%ld failed\n", failures);
  uv_mutex_unlock(&lock);
  return 0;
}
