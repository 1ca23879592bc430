// RUN: %check %s
// GLib: a pool's threads work on items at the same time; sources run in the thread that runs the main loop, also if another thread adds
// them, and never at the same time.
#include <stdio.h>
#include <stdlib.h>

typedef int gboolean;
typedef void *gpointer;
typedef unsigned guint;
typedef void (*GFunc)(gpointer data, gpointer user_data);
typedef gboolean (*GSourceFunc)(gpointer user_data);
typedef struct _GThread GThread;
typedef struct _GThreadPool GThreadPool;
typedef struct _GMainLoop GMainLoop;
typedef struct _GMainContext GMainContext;
typedef struct _GError GError;
typedef union _GMutex {
  gpointer p;
  unsigned i[2];
} GMutex;
GThreadPool *g_thread_pool_new(GFunc, gpointer, int, gboolean, GError **);
gboolean g_thread_pool_push(GThreadPool *, gpointer, GError **);
void g_thread_pool_free(GThreadPool *, gboolean, gboolean);
GThread *g_thread_new(const char *, gpointer (*)(gpointer), gpointer);
gpointer g_thread_join(GThread *);
guint g_idle_add(GSourceFunc, gpointer);
guint g_timeout_add(guint, GSourceFunc, gpointer);
GMainLoop *g_main_loop_new(GMainContext *, gboolean);
void g_main_loop_run(GMainLoop *);
void g_main_loop_quit(GMainLoop *);
void g_mutex_init(GMutex *);
void g_mutex_lock(GMutex *);
void g_mutex_unlock(GMutex *);

struct album {
  GMutex lock;
  int loaded; // guarded by lock
  int broken; // changed by the pool's threads
};
struct picture {
  struct album *album;
  const char *name;
  int width;
};

static void load(gpointer data, gpointer user_data) {
  struct picture *picture = data;
  struct album *album = user_data;
  picture->width = 640; // its own
  album->broken += !picture->name; // CHECK: [[@LINE]]:3: error: 'window.album.broken' is written here with no lock while another thread writes it [heddle-data-race]
  g_mutex_lock(&album->lock);
  album->loaded++;
  g_mutex_unlock(&album->lock);
}

static void write_line(gpointer data, gpointer user_data) {
  int *lines = user_data;
  ++*lines; // one thread's alone
}

struct window {
  GMainLoop *loop;
  struct album album;
  int shown; // the main loop's
  int percent; // written by the reader
  const char *title;
};

static gboolean on_loaded(gpointer data) {
  struct window *window = data;
  window->shown++;
  window->title = "loaded";
  return 0;
}

static gboolean on_tick(gpointer data) {
  struct window *window = data;
  printf("%s: %d shown, %d%%\n", window->title, window->shown, window->percent);
  if (window->shown == 10)
    g_main_loop_quit(window->loop);
  return 1;
}

static gpointer read_all(gpointer data) {
  struct window *window = data;
  for (int i = 0; i <= 10; ++i) {
    window->percent = i * 10; // CHECK: [[@LINE]]:5: error: 'window.percent' is written here with no lock while 'on_tick' reads it [heddle-data-race]
    g_idle_add(on_loaded, window);
  }
  return 0;
}

int main(void) {
  struct window *window = calloc(1, sizeof *window);
  if (!window)
    return 1;
  g_mutex_init(&window->album.lock);
  GThreadPool *pool = g_thread_pool_new(load, &window->album, 4, 0, 0);
  struct picture *pictures = calloc(10, sizeof *pictures);
  for (int i = 0; i < 10; ++i)
    g_thread_pool_push(pool, &pictures[i], 0);
  g_thread_pool_free(pool, 0, 1);
  printf("%d loaded, %d broken\n", window->album.loaded, window->album.broken);

  int lines = 0;
  GThreadPool *writer = g_thread_pool_new(write_line, &lines, 1, 1, 0);
  for (int i = 0; i < 10; ++i)
    g_thread_pool_push(writer, &pictures[i], 0);
  g_thread_pool_free(writer, 0, 1);
  printf("%d lines\n", lines);

  window->title = "loading";
  window->loop = g_main_loop_new(0, 0);
  g_timeout_add(100, on_tick, window);
  GThread *reader = g_thread_new("reader", read_all, window);
  g_main_loop_run(window->loop);
  g_thread_join(reader);
  printf("%d%% in the end\n", window->percent);
  free(pictures);
  free(window);
  return 0;
}
