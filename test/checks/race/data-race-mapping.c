// RUN: %check %s
// Memory that a library makes is an object of its own, whatever else is known of it.
#include <pthread.h>
#include <sys/mman.h>

static void *fill(void *page) {
  *(int *)page = 42;
  return 0;
}

static void *count(void *page) {
  ++*(int *)page;
  return 0;
}

int main(void) {
  int *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int *other = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || other == MAP_FAILED)
    return 1;
  pthread_t first, second;
  pthread_create(&first, 0, fill, page);
  pthread_create(&second, 0, count, other);
  *page = 1; // CHECK: :[[@LINE]]:3: error: 'object' is written here with no lock while 'fill' writes it [heddle-data-race]
  pthread_join(second, 0);
  *other = 1;
  pthread_join(first, 0);
  return munmap(page, 4096) + munmap(other, 4096);
}
