// RUN: %check %s
// By tables of functions with initial values: of one's own, and given to a library, which may run them there and then or at any
// other time.
#include <pthread.h>

struct ops {
  void (*look)(int);
  void (*forget)(int);
};

static int seen, known;
static void look(int number) {
  if (number)
    ++seen;
}
static void forget(int number) { seen -= number; } // CHECK: [[@LINE]]:34: error: 'seen' is written here with no lock while 'count' reads it [heddle-data-race]
// CHECK: [[@LINE-3]]:5: note: elsewhere: writes 'seen'
static const struct ops ops = {.look = look, .forget = forget};

static int go(const struct ops *given) {
  for (int i = 0; i < 9; ++i)
    given->look(i);
  return 0;
}

extern int run_loop(const struct ops *ops);
static void know(int number) {
  known = number; // CHECK: [[@LINE]]:3: warning: 'known' is written here with no lock while 'count' reads it [heddle-data-race]
}
static const struct ops other = {.look = know};

static void *count(void *unused) {
  int sum = 0;
  for (int i = 0; i < 99; ++i)
    sum += seen + known;
  return sum ? unused : 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, count, 0);
  int result = go(&ops) + run_loop(&other);
  ops.forget(2);
  pthread_join(thread, 0);
  return result;
}
