// RUN: %check %s
// A library's global: one half of it locks the table, the other half the list.
#include <pthread.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER, list_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries, listed;

void insert(void) {
  pthread_mutex_lock(&table_lock);
  entries++;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: warning: 'entries' is written here holding 'table_lock' and {{.*}} in 'append' holding 'list_lock'; neither lock keeps both out [heddle-mixed-guards]
  pthread_mutex_unlock(&table_lock);
}

void append(void) {
  pthread_mutex_lock(&list_lock);
  entries++;
  listed++;
  pthread_mutex_unlock(&list_lock);
}
