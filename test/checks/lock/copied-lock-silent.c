// RUN: %check %s
// Copies that are made locks of afterwards, and those whose lock nobody takes.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

struct connection {
  pthread_mutex_t mutex;
  int fd;
};

// Before initialisation: made from a template, then made a lock.
static struct connection defaults = {.fd = -1};

struct connection *connection_new(void) {
  struct connection *c = malloc(sizeof *c);
  *c = defaults;
  pthread_mutex_init(&c->mutex, NULL);
  pthread_mutex_lock(&c->mutex);
  c->fd = 0;
  pthread_mutex_unlock(&c->mutex);
  return c;
}

void connection_setup(struct connection *c) {
  memcpy(c, &defaults, sizeof *c);
  pthread_mutex_init(&c->mutex, NULL);
}

// The caller makes it a lock.
static void assign(struct connection *to, struct connection *from) {
  pthread_mutex_lock(&from->mutex);
  *to = *from;
  pthread_mutex_unlock(&from->mutex);
}

void duplicate(struct connection *to, struct connection *from) {
  assign(to, from);
  pthread_mutex_init(&to->mutex, NULL);
}

static void make(struct connection *c) { pthread_mutex_init(&c->mutex, NULL); }

int through_a_helper(struct connection *from) {
  struct connection c = *from;
  make(&c);
  pthread_mutex_lock(&c.mutex);
  int fd = c.fd;
  pthread_mutex_unlock(&c.mutex);
  return fd;
}

// A snapshot for its other members: nobody takes its lock.
int snapshot(struct connection *from) {
  pthread_mutex_lock(&from->mutex);
  struct connection copy = *from;
  pthread_mutex_unlock(&from->mutex);
  return copy.fd;
}

// Made of a constant, as the library asks for.
void fresh(struct connection *c) {
  static const pthread_mutex_t initial = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  c->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  (void)initial;
  (void)mutex;
}

// All but the lock, which stands last.
struct record {
  long key, value;
  pthread_mutex_t mutex;
};

long without_the_lock(struct record *from) {
  struct record copy;
  pthread_mutex_init(&copy.mutex, NULL);
  memcpy(&copy, from, __builtin_offsetof(struct record, mutex));
  pthread_mutex_lock(&copy.mutex);
  long value = copy.value;
  pthread_mutex_unlock(&copy.mutex);
  return value;
}

// Members one by one; pointers to the same lock.
void take_over(struct connection *to, struct connection *from) {
  pthread_mutex_lock(&from->mutex);
  to->fd = from->fd;
  pthread_mutex_unlock(&from->mutex);
}

// Templates that are there to make others from: nobody takes their lock.
static const struct connection closed = {PTHREAD_MUTEX_INITIALIZER, -1};

void reopen(struct connection *c) {
  *c = closed;
  pthread_mutex_lock(&c->mutex);
  c->fd = 1;
  pthread_mutex_unlock(&c->mutex);
}

struct connection *open_new(int fd) {
  struct connection *c = malloc(sizeof *c);
  struct connection made = {PTHREAD_MUTEX_INITIALIZER, fd};
  *c = made;
  pthread_mutex_lock(&c->mutex);
  ++c->fd;
  pthread_mutex_unlock(&c->mutex);
  return c;
}

// A semaphore that is made anew in the copy.
struct pool {
  sem_t slots;
  int size;
};

int fresh_pool(const struct pool *like) {
  struct pool pool = *like;
  sem_init(&pool.slots, 0, pool.size);
  sem_wait(&pool.slots);
  sem_post(&pool.slots);
  return pool.size;
}
