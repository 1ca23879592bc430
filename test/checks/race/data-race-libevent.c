// RUN: %check %s
// A server on libevent: worker threads each loop on a base of their own, main loops on its own. What an event calls runs in the thread that
// loops on its base; the workers are many.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct event_base;
struct event {
  struct event *next;
  struct event_base *base;
};
struct timeval;
struct event_base *event_base_new(void);
void event_set(struct event *, int, short, void (*)(int, short, void *), void *);
int event_base_set(struct event_base *, struct event *);
int event_add(struct event *, const struct timeval *);
int event_base_loop(struct event_base *, int);

struct item {
  struct item *next;
  int socket;
};
struct worker {
  pthread_t thread;
  struct event_base *base;
  struct event notified;
  int wake[2];
  pthread_mutex_t lock;
  struct item *waiting;
};
struct connection {
  int socket;
  long requests; // its worker's alone
  struct event event;
  struct worker *worker;
};

static struct worker *workers;
static int worker_count = 4;
static struct event_base *main_base;
static struct event listening, clock_event;

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static long accepted; // guarded by stats_lock
static long served;
static long seconds;
static long ticks; // main's alone

static void on_request(int socket, short what, void *given) {
  struct connection *c = given;
  char buffer[512];
  if (read(socket, buffer, sizeof buffer) <= 0)
    return;
  c->requests++;
  served++; // CHECK: [[@LINE]]:3: error: 'served' is written here with no lock while 'on_clock' reads it [heddle-data-race]
  if (seconds > 60)
    write(socket, "late\n", 5);
  pthread_mutex_lock(&stats_lock);
  accepted--;
  pthread_mutex_unlock(&stats_lock);
}

static void watch(struct connection *c, struct event_base *base) {
  event_set(&c->event, c->socket, 0x02 | 0x10, on_request, c);
  event_base_set(base, &c->event);
  event_add(&c->event, 0);
}

static void on_clock(int socket, short what, void *given) {
  ticks++;
  seconds++; // CHECK: [[@LINE]]:3: error: 'seconds' is written here with no lock while 'on_request' reads it [heddle-data-race]
  printf("%ld served\n", served);
  event_add(&clock_event, 0);
}

static void on_notified(int socket, short what, void *given) {
  struct worker *me = given;
  char byte;
  if (read(socket, &byte, 1) != 1)
    return;
  pthread_mutex_lock(&me->lock);
  struct item *item = me->waiting;
  if (item)
    me->waiting = item->next;
  pthread_mutex_unlock(&me->lock);
  if (!item)
    return;
  struct connection *c = calloc(1, sizeof *c);
  if (c) {
    c->socket = item->socket;
    c->worker = me;
    watch(c, me->base);
  }
  free(item);
}

static void on_connection(int socket, short what, void *given) {
  static int last;
  struct item *item = malloc(sizeof *item);
  if (!item)
    return;
  item->socket = socket;
  struct worker *to = &workers[last++ % worker_count];
  pthread_mutex_lock(&to->lock);
  item->next = to->waiting;
  to->waiting = item;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_lock(&stats_lock);
  accepted++;
  pthread_mutex_unlock(&stats_lock);
  write(to->wake[1], "", 1);
}

static void *work(void *given) {
  struct worker *me = given;
  event_base_loop(me->base, 0);
  return 0;
}

static void set_up(struct worker *me) {
  me->base = event_base_new();
  event_set(&me->notified, me->wake[0], 0x02 | 0x10, on_notified, me);
  event_base_set(me->base, &me->notified);
  event_add(&me->notified, 0);
}

int main(int argc, char **argv) {
  main_base = event_base_new();
  workers = calloc(worker_count, sizeof *workers);
  for (int i = 0; i < worker_count; ++i) {
    pipe(workers[i].wake);
    pthread_mutex_init(&workers[i].lock, 0);
    set_up(&workers[i]);
  }
  for (int i = 0; i < worker_count; ++i)
    pthread_create(&workers[i].thread, 0, work, &workers[i]);
  event_set(&listening, 3, 0x02 | 0x10, on_connection, 0);
  event_base_set(main_base, &listening);
  event_add(&listening, 0);
  event_set(&clock_event, -1, 0, on_clock, 0);
  event_base_set(main_base, &clock_event);
  event_add(&clock_event, 0);
  while (event_base_loop(main_base, 1) == 0)
    ;
  return 0;
}
