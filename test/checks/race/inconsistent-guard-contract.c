// RUN: %check %s
// A function that releases its caller's lock was called with it; an object that was taken off a list is its finder's own.
#include <pthread.h>
#include <stddef.h>

struct page {
  pthread_mutex_t mutex;
  struct page *next;
  long used, items;
  int open;
};

struct store {
  pthread_mutex_t mutex;
  struct page pages[16];
  struct page *unused;
  long written;
};

// Leaves the page locked for put().
struct page *reserve(struct store *store, int at, long size) {
  struct page *page = &store->pages[at];
  pthread_mutex_lock(&page->mutex);
  if (page->used + size > 4096) {
    pthread_mutex_unlock(&page->mutex);
    return NULL;
  }
  return page;
}

void put(struct page *page, long size) {
  page->used += size;
  page->items++;
  pthread_mutex_unlock(&page->mutex);
}

void forget(struct store *store, int at, long size) {
  struct page *page = &store->pages[at];
  pthread_mutex_lock(&page->mutex);
  page->used -= size;
  page->items--;
  pthread_mutex_unlock(&page->mutex);
}

long used(struct store *store, int at) {
  struct page *page = &store->pages[at];
  pthread_mutex_lock(&page->mutex);
  long result = page->used + page->items + page->open;
  pthread_mutex_unlock(&page->mutex);
  return result;
}

// With the store locked: nobody else finds the page that it takes.
static struct page *take(struct store *store) {
  struct page *page = store->unused;
  if (page) {
    store->unused = page->next;
    page->open = 1;
    page->used = 0;
    page->items = 0;
  }
  return page;
}

struct page *open_page(struct store *store) {
  pthread_mutex_lock(&store->mutex);
  struct page *page = take(store);
  store->written++;
  pthread_mutex_unlock(&store->mutex);
  return page;
}

void close_page(struct store *store, int at) {
  struct page *page = &store->pages[at];
  pthread_mutex_lock(&page->mutex);
  page->open = 0;
  pthread_mutex_unlock(&page->mutex);
}

// The store's lock is not the page's.
long used_by_all(struct store *store) {
  long sum = 0;
  pthread_mutex_lock(&store->mutex);
  for (int at = 0; at < 16; ++at)
    sum += store->pages[at].used;
  // CHECK: [[@LINE-1]]:12: warning: 'used' is read here holding 'store::mutex' and written in 'put' holding 'page::mutex'; neither lock keeps both out [heddle-mixed-guards]
  pthread_mutex_unlock(&store->mutex);
  return sum;
}
