// RUN: %check %s
// In C: the slot is counted under one lock, and taken under it again later.
#include <pthread.h>
#include <stdlib.h>

#define SLOTS 8

static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;
static int used;

static int slots_left(void) {
  pthread_mutex_lock(&slots_lock);
  int left = SLOTS - used;
  pthread_mutex_unlock(&slots_lock);
  return left;
}

void *slot_take(void) {
  if (slots_left() <= 0)
    // CHECK: [[@LINE-1]]:7: warning: 'used' is tested here holding 'slots_lock' and changed in another section, and not tested again; another thread can change it in between [heddle-check-then-act]
    return NULL;
  void *slot = malloc(64);
  pthread_mutex_lock(&slots_lock);
  used++;
  pthread_mutex_unlock(&slots_lock);
  return slot;
}

void slot_give(void *slot) {
  free(slot);
  pthread_mutex_lock(&slots_lock);
  used--;
  pthread_mutex_unlock(&slots_lock);
}

// Made by whoever comes first, with no second look under the lock.
struct table {
  pthread_mutex_t lock;
  int *rows;
};

int table_row(struct table *table, int i) {
  if (table->rows == NULL) {
    // CHECK: [[@LINE-1]]:7: warning: 'rows' is tested here without 'lock' and changed holding it, and not tested again; another thread can change it in between [heddle-check-then-act]
    int *rows = calloc(16, sizeof *rows);
    pthread_mutex_lock(&table->lock);
    table->rows = rows;
    pthread_mutex_unlock(&table->lock);
  }
  pthread_mutex_lock(&table->lock);
  int row = table->rows[i];
  pthread_mutex_unlock(&table->lock);
  return row;
}
