// RUN: %check %s
// Objects with a lock in them, copied by assignment, by memcpy, by value.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

struct account {
  pthread_mutex_t mutex;
  long balance;
};

// The original is held meanwhile: the copy looks held, for good.
void save(struct account *to, struct account *from) {
  pthread_mutex_lock(&from->mutex);
  *to = *from;
  // CHECK: [[@LINE-1]]:3: error: the lock 'from->mutex' is copied to 'to->mutex', while it is held; a copy of a lock is no lock [heddle-copied-lock]
  // CHECK: [[@LINE-3]]:3: note: this thread: locks 'from->mutex'
  // CHECK: [[@LINE-3]]:3: note: this thread: copies 'from->mutex' to 'to->mutex'
  pthread_mutex_unlock(&from->mutex);
}

// The copy is locked.
long audit(struct account *account) {
  struct account copy;
  memcpy(&copy, account, sizeof copy);
  // CHECK: [[@LINE-1]]:3: error: the lock 'account->mutex' is copied to 'copy.mutex', and the copy is taken; a copy of a lock is no lock [heddle-copied-lock]
  // CHECK: [[@LINE-2]]:3: note: this thread: copies 'account->mutex' to 'copy.mutex'
  // CHECK: [[@LINE+1]]:3: note: this thread: takes 'copy.mutex'
  pthread_mutex_lock(&copy.mutex);
  long balance = copy.balance;
  pthread_mutex_unlock(&copy.mutex);
  return balance;
}

// Each call gets a lock of its own.
long read_balance(struct account account) {
  pthread_mutex_lock(&account.mutex);
  // CHECK: [[@LINE-1]]:3: error: the lock 'account.mutex' is a copy that each call of 'read_balance' gets of its own, so that it keeps no other thread out [heddle-copied-lock]
  // CHECK: [[@LINE-3]]:6: note: each thread: 'account' is passed by value
  // CHECK: [[@LINE-3]]:3: note: each thread: locks 'account.mutex'
  long balance = account.balance;
  pthread_mutex_unlock(&account.mutex);
  return balance;
}

// Over a lock that is in use.
static struct account bank;
static const struct account empty;

void reset(void) {
  pthread_mutex_lock(&bank.mutex);
  bank.balance = 0;
  pthread_mutex_unlock(&bank.mutex);
  bank = empty;
  // CHECK: [[@LINE-1]]:3: error: the lock 'empty.mutex' is copied to 'bank.mutex', over a lock in use; {{.*}}[heddle-copied-lock]
  // CHECK: note: this thread: uses 'bank.mutex'
  // CHECK: note: this thread: copies
}

// A semaphore, and a mutex by itself.
struct pool {
  sem_t slots;
  int used;
};

int borrow(const struct pool *pool) {
  struct pool mine = *pool;
  // CHECK: [[@LINE-1]]:15: error: the semaphore 'pool->slots' is copied to 'mine.slots', and the copy is taken; a copy of a semaphore is no semaphore [heddle-copied-lock]
  // CHECK: [[@LINE-2]]:15: note: this thread: copies 'pool->slots' to 'mine.slots'
  // CHECK: [[@LINE+1]]:3: note: this thread: takes 'mine.slots'
  sem_wait(&mine.slots);
  int used = ++mine.used;
  sem_post(&mine.slots);
  return used;
}

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static int lines;

void log_line(void) {
  pthread_mutex_lock(&log_mutex);
  ++lines;
  pthread_mutex_unlock(&log_mutex);
}

int log_lines(void) {
  pthread_mutex_t mutex = log_mutex;
  // CHECK: [[@LINE-1]]:19: error: the lock 'log_mutex' is copied to 'mutex', and the copy is taken; a copy of a lock is no lock [heddle-copied-lock]
  // CHECK: [[@LINE-2]]:19: note: this thread: copies
  // CHECK: [[@LINE+1]]:3: note: this thread: takes 'mutex'
  pthread_mutex_lock(&mutex);
  int result = lines;
  pthread_mutex_unlock(&mutex);
  return result;
}
