// RUN: %check %s
// A struct that is no more than a lock, as a member of two others or behind a pointer in them: which lock it is, the member says.
#include <pthread.h>

struct own_lock {
  pthread_mutex_t lock;
  int holder;
};
static void mutex_lock(struct own_lock *mutex) { pthread_mutex_lock(&mutex->lock); }
static void mutex_unlock(struct own_lock *mutex) { pthread_mutex_unlock(&mutex->lock); }

struct list {
  struct own_lock mutex;
  int length;
};
struct connection {
  struct own_lock mutex;
  struct list *list;
  int sent;
};

void transmit(struct connection *connection) {
  mutex_lock(&connection->mutex);
  mutex_lock(&connection->list->mutex); // CHECK: [[@LINE]]:3: warning: 'list::mutex' of '*connection->list' is locked while 'connection::mutex' of '*connection' is held; 'fire' locks them in the opposite order [heddle-lock-order-cycle]
  connection->list->length++;
  mutex_unlock(&connection->list->mutex);
  connection->sent++;
  mutex_unlock(&connection->mutex);
}
void fire(struct list *list, struct connection *connection) {
  mutex_lock(&list->mutex);
  mutex_lock(&connection->mutex);
  connection->sent--;
  mutex_unlock(&connection->mutex);
  mutex_unlock(&list->mutex);
}

struct cache {
  struct own_lock *mutex;
  int entries;
};
struct store {
  struct own_lock *mutex;
  struct cache *cache;
  int reads;
};

void fetch(struct store *store) {
  mutex_lock(store->mutex);
  mutex_lock(store->cache->mutex); // CHECK: [[@LINE]]:3: warning: 'cache::mutex' of '*store->cache' is locked while 'store::mutex' of '*store' is held; 'trim' locks them in the opposite order [heddle-lock-order-cycle]
  store->reads += store->cache->entries;
  mutex_unlock(store->cache->mutex);
  mutex_unlock(store->mutex);
}
void trim(struct cache *cache, struct store *store) {
  mutex_lock(cache->mutex);
  mutex_lock(store->mutex);
  cache->entries -= store->reads;
  mutex_unlock(store->mutex);
  mutex_unlock(cache->mutex);
}
