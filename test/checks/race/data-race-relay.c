// RUN: %check %s
// What is handed on by a thread in between: main fills the table, then gives work to the first, which gives it to the second.
#include <pthread.h>
#include <stdlib.h>

struct channel {
  pthread_mutex_t mutex;
  pthread_cond_t more;
  int items[8], head, tail;
};
static void give(struct channel *channel, int item) {
  pthread_mutex_lock(&channel->mutex);
  channel->items[channel->head++ % 8] = item;
  pthread_cond_signal(&channel->more);
  pthread_mutex_unlock(&channel->mutex);
}
static int take(struct channel *channel) {
  pthread_mutex_lock(&channel->mutex);
  while (channel->head == channel->tail)
    pthread_cond_wait(&channel->more, &channel->mutex);
  int item = channel->items[channel->tail++ % 8];
  pthread_mutex_unlock(&channel->mutex);
  return item;
}

static struct channel raw = {.mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
static struct channel cut = {.mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
static struct channel other = {.mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
static int *table, *prices;

static void *cutter(void *given) {
  for (int i = 0; i < 100; ++i)
    give(&cut, take(&raw));
  return given;
}
static void *weaver(void *given) {
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    sum += table[take(&cut) % 16];
  return sum ? given : 0;
}
// Nobody passes anything on to this one.
static void *seller(void *given) {
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    sum += prices[take(&other) % 16];
  return sum ? given : 0;
}

int main(void) {
  pthread_t threads[3];
  pthread_create(&threads[0], 0, cutter, 0);
  pthread_create(&threads[1], 0, weaver, 0);
  pthread_create(&threads[2], 0, seller, 0);
  table = calloc(16, sizeof *table);
  prices = calloc(16, sizeof *prices); // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'prices' is written here with no lock while 'seller' reads it [heddle-data-race]
  for (int i = 0; i < 100; ++i)
    give(&raw, i);
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], 0);
  return 0;
}
