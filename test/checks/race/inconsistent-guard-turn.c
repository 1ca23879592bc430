// RUN: %check %s
// A lock that the main thread has to its end, but for where it lets others in, is its turn: what it does meanwhile isn't guarded by
// it. A lock that it gives back is a guard as any other.
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER, total_lock = PTHREAD_MUTEX_INITIALIZER;
static int ready[8], served, total;

static void enter(void) { pthread_mutex_lock(&turn); }
static void leave(void) { pthread_mutex_unlock(&turn); }
static void let_in(void) {
  leave();
  usleep(10);
  enter();
}

static void *helper(void *id) {
  int mine = *(int *)id;
  // Ordered in ways of its own: not by the turn.
  if (__atomic_load_n(&served, __ATOMIC_ACQUIRE) && ready[mine])
    ++total;
  // CHECK: [[@LINE-1]]:5: error: 'total' is written here with no lock while 'read_total' reads it holding {{.*}} [heddle-data-race]
  return NULL;
}

static void mark(int i) { ready[i] = 1; }
static void clear(int i) { ready[i] = 0; }
static int count(void) {
  int n = 0;
  for (int i = 0; i < 8; ++i)
    n += ready[i];
  return n;
}

static void add(int n) {
  pthread_mutex_lock(&total_lock);
  total += n;
  pthread_mutex_unlock(&total_lock);
}

static int read_total(void) {
  pthread_mutex_lock(&total_lock);
  int n = total;
  pthread_mutex_unlock(&total_lock);
  return n;
}

int main(void) {
  pthread_t threads[8];
  int ids[8];
  enter();
  for (int i = 0; i < 8; ++i) {
    ids[i] = i;
    mark(i);
    pthread_create(&threads[i], NULL, helper, &ids[i]);
  }
  while (count() > 0 && read_total() < 100) {
    let_in();
    add(1);
    clear(read_total() % 8);
    __atomic_store_n(&served, 1, __ATOMIC_RELEASE);
  }
  return 0;
}
