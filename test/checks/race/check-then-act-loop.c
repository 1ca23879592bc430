// RUN: %check %s
// What a library's loop runs later on is no act of the function that tested a value before it started the loop.
#include <pthread.h>
#include <stddef.h>

struct event_base;
struct event {
  int fd;
};
struct event_base *event_base_new(void);
int event_assign(struct event *ev, struct event_base *base, int fd, short what, void (*callback)(int, short, void *), void *arg);
int event_add(struct event *ev, const void *timeout);
int event_base_dispatch(struct event_base *base);
_Noreturn void exit(int status);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int connections, most = 100;

static void closed(int fd, short what, void *arg) {
  (void)fd, (void)what, (void)arg;
  pthread_mutex_lock(&lock);
  connections--;
  pthread_mutex_unlock(&lock);
}

static void *work(void *arg) {
  for (int i = 0; i < 100; ++i) {
    pthread_mutex_lock(&lock);
    if (connections < most)
      connections++;
    pthread_mutex_unlock(&lock);
  }
  return arg;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  struct event_base *base = event_base_new();
  struct event ev;
  event_assign(&ev, base, 3, 2, closed, NULL);
  event_add(&ev, NULL);
  if (connections >= most)
    // CHECK: [[@LINE-1]]:7: error: 'connections' is read here without 'lock', which 3 of 4 accesses hold, in 'work' to write it [heddle-inconsistent-guard]
    exit(1);
  event_base_dispatch(base);
  pthread_join(thread, NULL);
  return 0;
}
