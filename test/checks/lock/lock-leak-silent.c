// RUN: %check %s
// Locks that a function rightly keeps: wrappers, correlated flags, error codes, functions that don't return, handed-over objects.
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>

struct session {
  pthread_mutex_t lock;
  bool dead, locked;
  int uses;
};

// Success means that it is held.
int session_lock(struct session *s) {
  pthread_mutex_lock(&s->lock);
  if (s->dead) {
    pthread_mutex_unlock(&s->lock);
    return -1;
  }
  s->uses++;
  return 0;
}
void session_unlock(struct session *s) { pthread_mutex_unlock(&s->lock); }

// Null means that it isn't.
struct session *session_find(struct session *all, int n) {
  for (int i = 0; i < n; ++i) {
    pthread_mutex_lock(&all[i].lock);
    if (!all[i].dead)
      return &all[i];
    pthread_mutex_unlock(&all[i].lock);
  }
  return NULL;
}

// Its caller releases, whatever it returns.
static int session_peek(struct session *s) {
  pthread_mutex_lock(&s->lock);
  if (s->dead)
    return 0;
  pthread_mutex_unlock(&s->lock);
  pthread_mutex_lock(&s->lock);
  return 1;
}
int session_alive(struct session *s) {
  int alive = session_peek(s);
  pthread_mutex_unlock(&s->lock);
  return alive;
}

// One condition decides twice.
void session_use(struct session *s, bool threaded) {
  if (threaded)
    pthread_mutex_lock(&s->lock);
  s->uses++;
  if (threaded)
    pthread_mutex_unlock(&s->lock);
}
void session_flag(struct session *s, bool shared) {
  bool locked = false;
  if (shared) {
    pthread_mutex_lock(&s->lock);
    locked = true;
  }
  s->uses = 0;
  if (locked)
    pthread_mutex_unlock(&s->lock);
}

// A try that failed holds nothing; the codes of the others.
int session_try(struct session *s) {
  if (pthread_mutex_trylock(&s->lock) != 0)
    return -1;
  s->uses++;
  pthread_mutex_unlock(&s->lock);
  return 0;
}
int session_checked(struct session *s) {
  int error = pthread_mutex_lock(&s->lock);
  if (error)
    return error;
  s->uses++;
  return pthread_mutex_unlock(&s->lock);
}

// Doesn't come back.
void session_must(struct session *s) {
  pthread_mutex_lock(&s->lock);
  if (s->dead)
    abort();
  s->uses++;
  pthread_mutex_unlock(&s->lock);
}

// Left held for good on every way out: a wrapper with a wait inside.
void session_wait(struct session *s) {
  pthread_mutex_lock(&s->lock);
  while (s->uses) {
    pthread_mutex_unlock(&s->lock);
    pthread_mutex_lock(&s->lock);
  }
}

// A semaphore is taken by one and given by another.
static sem_t free_slots, filled_slots;
static int slots[4], in, out;
void produce(int value) {
  sem_wait(&free_slots);
  if (value < 0)
    return;
  slots[in++ & 3] = value;
  sem_post(&filled_slots);
}
int consume(void) {
  sem_wait(&filled_slots);
  int value = slots[out++ & 3];
  sem_post(&free_slots);
  return value;
}

// A clean-up at one label.
int session_label(struct session *s) {
  int result = -1;
  pthread_mutex_lock(&s->lock);
  if (s->dead)
    goto done;
  if (s->uses > 10)
    goto done;
  s->uses++;
  result = 0;
done:
  pthread_mutex_unlock(&s->lock);
  return result;
}
