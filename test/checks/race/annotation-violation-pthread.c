// RUN: %check %s
// In C: globals, and functions that take their lock for the caller.
#include <pthread.h>

#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static int table[16] GUARDED_BY(table_lock);
static int used GUARDED_BY(table_lock);

static void lock_table(void) ACQUIRE(table_lock) { pthread_mutex_lock(&table_lock); }
static void unlock_table(void) RELEASE(table_lock) { pthread_mutex_unlock(&table_lock); }

static int insert(int value) REQUIRES(table_lock) {
  table[used++] = value;
  return used;
}

int add(int value) {
  lock_table();
  int place = insert(value);
  unlock_table();
  return place;
}

int first(void) {
  return table[0]; // CHECK: [[@LINE]]:10: error: 'table' is read here without 'table_lock', but is declared to be guarded by it [heddle-annotation-violation]
}

int add_early(int value, int full) {
  lock_table();
  if (full)
    unlock_table();
  int place = insert(value); // CHECK: [[@LINE]]:15: warning: 'insert' is called here on a path that does not hold 'table_lock', but is declared to require it [heddle-annotation-violation]
  if (!full)
    unlock_table();
  return place;
}
