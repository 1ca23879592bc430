// RUN: %check %s
// Who only tries for the lock doesn't wait for it.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t row_lock = PTHREAD_MUTEX_INITIALIZER, table_lock = PTHREAD_MUTEX_INITIALIZER;
static int rows, tables, skipped;

static void *compact(void *arg) {
  pthread_mutex_lock(&row_lock);
  rows /= 2;
  usleep(1000);
  pthread_mutex_unlock(&row_lock);
  return arg;
}

static void *rebuild(void *arg) {
  pthread_mutex_lock(&table_lock);
  tables /= 2;
  usleep(1000);
  // CHECK: [[@LINE-1]]:3: warning: 'table_lock' is held while 'rebuild' sleeps; 'count' has to wait for it as long [heddle-blocking-under-lock]
  pthread_mutex_unlock(&table_lock);
  return arg;
}

static int count(void) {
  if (pthread_mutex_trylock(&row_lock) != 0) {
    skipped++;
    return 0;
  }
  int n = rows;
  pthread_mutex_unlock(&row_lock);
  pthread_mutex_lock(&table_lock);
  n += tables;
  pthread_mutex_unlock(&table_lock);
  return n;
}

int main(void) {
  pthread_t compactor, builder;
  pthread_create(&compactor, NULL, compact, NULL);
  pthread_create(&builder, NULL, rebuild, NULL);
  int n = 0;
  for (int i = 0; i < 100; ++i)
    n += count();
  pthread_join(compactor, NULL);
  pthread_join(builder, NULL);
  return n;
}
