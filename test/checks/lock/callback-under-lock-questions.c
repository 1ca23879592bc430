// RUN: %check %s
// What a table asks of its users' functions: an order, a hash, the freeing of an element. They work on what they are given.
#include <pthread.h>
#include <stddef.h>

struct node {
  struct node *next;
  void *value;
};

struct table {
  pthread_mutex_t lock;
  struct node *buckets[64];
  unsigned (*hash)(const void *key);
  int (*compare)(const void *a, const void *b);
  void (*destroy)(void *value);
};

void table_init(struct table *table, unsigned (*hash)(const void *), int (*compare)(const void *, const void *),
                void (*destroy)(void *)) {
  pthread_mutex_init(&table->lock, NULL);
  table->hash = hash;
  table->compare = compare;
  table->destroy = destroy;
}

void *table_find(struct table *table, const void *key) {
  void *found = NULL;
  pthread_mutex_lock(&table->lock);
  for (struct node *node = table->buckets[table->hash(key) % 64]; node && !found; node = node->next)
    if (table->compare(node->value, key) == 0)
      found = node->value;
  pthread_mutex_unlock(&table->lock);
  return found;
}

void table_clear(struct table *table) {
  pthread_mutex_lock(&table->lock);
  for (int i = 0; i < 64; ++i)
    for (struct node *node = table->buckets[i]; node; node = node->next)
      table->destroy(node->value);
  pthread_mutex_unlock(&table->lock);
}
