// RUN: %check %s
// A lock that one way out of a function keeps: return, goto, break, a path of a switch; C's ways to tell a caller.
#include <pthread.h>
#include <stdlib.h>

struct item {
  pthread_mutex_t lock;
  int size, dead;
};
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct item *table[16];

int store(int key, struct item *item) {
  pthread_mutex_lock(&table_lock);
  if (!item)
    return -1; // CHECK: [[@LINE]]:5: error: 'table_lock' is still held here; 'store' releases it on its other ways out [heddle-lock-leak]
  table[key & 15] = item;
  pthread_mutex_unlock(&table_lock);
  return 0;
}

void resize(struct item *item, int size) {
  pthread_mutex_lock(&item->lock);
  switch (size) {
  case 0:
    return; // CHECK: [[@LINE]]:5: error: 'item::lock' of '*item' is still held here; {{.*}}[heddle-lock-leak]
  case 1:
    item->size = 1;
    break;
  default:
    item->size = size;
  }
  pthread_mutex_unlock(&item->lock);
}

static struct item *find(int key) { return table[key & 15]; }

// The lock of what a call returned; a goto past the release.
int touch(int key) {
  int error = 0;
  struct item *item = find(key);
  if (!item)
    return 0;
  if (pthread_mutex_lock(&item->lock) != 0)
    return -1;
  if (item->dead) {
    error = -2;
    goto out;
  }
  item->size++;
  pthread_mutex_unlock(&item->lock);
out:
  return error; // CHECK: [[@LINE]]:3: error: {{.*}}[heddle-lock-leak]
}

// Only the callers tell whether it is a wrapper: this one's never release.
static int begin(struct item *item) {
  pthread_mutex_lock(&item->lock);
  if (item->dead)
    return 0; // CHECK: [[@LINE]]:5: error: {{.*}}[heddle-lock-leak]
  item->size = 0;
  pthread_mutex_unlock(&item->lock);
  return 1;
}
int restart(struct item *item) { return begin(item); }

// A read-write lock, left by break.
static pthread_rwlock_t map_lock = PTHREAD_RWLOCK_INITIALIZER;
int lookup(int from, int to) {
  int found = 0;
  for (int i = from; i < to; ++i) {
    pthread_rwlock_rdlock(&map_lock);
    if (table[i & 15]) {
      found = i;
      break;
    }
    pthread_rwlock_unlock(&map_lock);
  }
  return found; // CHECK: [[@LINE]]:3: error: 'map_lock' is still held here; {{.*}}[heddle-lock-leak]
}

// Taken and never given back by anybody.
static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static long hits;
void hit(void) {
  pthread_mutex_lock(&stats_lock);
  hits++;
  pthread_mutex_unlock(&stats_lock);
}
void reset_stats(void) {
  pthread_mutex_lock(&stats_lock); // CHECK: [[@LINE]]:3: warning: 'stats_lock' is locked here and never released; no function of the program releases it for another [heddle-lock-leak]
  hits = 0;
}
