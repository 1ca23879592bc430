// RUN: %check-units %s
// Two units of one program each have a struct point of their own: C ties tags to no unit, and fields of one aren't the other's.
//--- label.c
struct point {
  const char *label;
  int id;
};
static struct point home = {"home", 1};
int home_id(void) { return home.id; }
//--- main.c
#include <pthread.h>
struct point {
  int x, y;
};
int home_id(void);

static void set(struct point *p, int x) {
  p->x = x;
  // CHECK: main.c:[[@LINE-1]]:3: error: 'x' and 'y' of 'here' are written here with no lock while 'sum' reads both; it can see one new and one old [heddle-torn-update]
  p->y = -x;
}
static int sum(const struct point *p) { return p->x + p->y; }

static void *mover(void *arg) {
  for (int i = 0; i < 1000; ++i)
    set(arg, i);
  return 0;
}

int main(void) {
  struct point here = {0, 0};
  pthread_t thread;
  int wrong = 0;
  pthread_create(&thread, 0, mover, &here);
  for (int i = 0; i < 1000; ++i)
    wrong += sum(&here) != 0;
  pthread_join(thread, 0);
  return wrong + home_id();
}
