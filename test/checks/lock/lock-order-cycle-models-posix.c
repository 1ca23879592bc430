// RUN: %check %s
// POSIX and C11: a robust mutex whose owner died is held, timed and tried locks don't wait, cleanup handlers release, semaphores
// are signals.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>
#include <time.h>

static pthread_mutex_t shared_table, journal = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int rows, lines;

void make(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&shared_table, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

int recover(void) {
  int rc = pthread_mutex_lock(&shared_table);
  if (rc == EOWNERDEAD) {
    pthread_mutex_lock(&journal);
    // CHECK: [[@LINE-1]]:5: error: 'journal' is locked while 'shared_table' is held; 'append' locks them in the opposite order
    // [heddle-lock-order-cycle]
    ++lines;
    pthread_mutex_unlock(&journal);
    pthread_mutex_consistent(&shared_table);
  } else if (rc != 0) {
    return rc;
  }
  pthread_mutex_unlock(&shared_table);
  return 0;
}

void append(void) {
  pthread_mutex_lock(&journal);
  pthread_mutex_lock(&shared_table);
  ++rows;
  pthread_mutex_unlock(&shared_table);
  pthread_mutex_unlock(&journal);
}

// C11, and readers against writers.
static mtx_t tasks, log_;
static pthread_rwlock_t index_ = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t slots;

void start(void) {
  if (mtx_lock(&tasks) != thrd_success)
    return;
  mtx_lock(&log_);
  // CHECK: [[@LINE-1]]:3: error: 'log_' is locked while 'tasks' is held; 'finish' locks them in the opposite order
  // [heddle-lock-order-cycle]
  ++lines;
  mtx_unlock(&log_);
  mtx_unlock(&tasks);
}

void finish(void) {
  mtx_lock(&log_);
  mtx_lock(&tasks);
  --lines;
  mtx_unlock(&tasks);
  mtx_unlock(&log_);
}

int look(void) {
  pthread_rwlock_rdlock(&index_);
  pthread_spin_lock(&slots);
  // CHECK: [[@LINE-1]]:3: error: 'slots' is locked while 'index_' is held; 'fill' locks them in the opposite order
  // [heddle-lock-order-cycle]
  int found = rows;
  pthread_spin_unlock(&slots);
  pthread_rwlock_unlock(&index_);
  return found;
}

void fill(void) {
  pthread_spin_lock(&slots);
  pthread_rwlock_wrlock(&index_);
  ++rows;
  pthread_rwlock_unlock(&index_);
  pthread_spin_unlock(&slots);
}

// Silent from here on. A timed lock gives up.
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

void nest(void) {
  pthread_mutex_lock(&outer);
  pthread_mutex_lock(&inner);
  ++rows;
  pthread_mutex_unlock(&inner);
  pthread_mutex_unlock(&outer);
}

void timed(const struct timespec *until) {
  pthread_mutex_lock(&inner);
  if (pthread_mutex_timedlock(&outer, until) == 0) {
    --rows;
    pthread_mutex_unlock(&outer);
  }
  pthread_mutex_unlock(&inner);
}

// The handler releases before the other lock is taken.
static void release(void *mutex) { pthread_mutex_unlock(mutex); }

void cleaned(void) {
  pthread_mutex_lock(&inner);
  pthread_cleanup_push(release, &inner);
  ++lines;
  pthread_testcancel();
  pthread_cleanup_pop(1);
  pthread_mutex_lock(&outer);
  --rows;
  pthread_mutex_unlock(&outer);
}

// One thread waits for what the other posts, each with its own lock in hand: no order between the two semaphores.
static sem_t ready, taken;

void produce(void) {
  sem_wait(&taken);
  ++rows;
  sem_post(&ready);
}

void consume(void) {
  sem_wait(&ready);
  --rows;
  sem_post(&taken);
}
