// RUN: %check %s
// Two locks are no lock: the reader holds another one than the writers.
#include <pthread.h>
#include <stdio.h>

struct account {
  pthread_mutex_t in, out;
  long balance;
};

static struct account account = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, 0};

static void *pay(void *given) {
  long *amount = given;
  pthread_mutex_lock(&account.in);
  account.balance += *amount;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'account.balance' is written here holding 'account.in' while 'main' reads it holding 'account.out' [heddle-data-race]
  // CHECK: note: thread 1: starts 'pay'
  pthread_mutex_unlock(&account.in);
  return 0;
}

int main(void) {
  pthread_t first, second;
  long one = 1, two = 2;
  pthread_create(&first, 0, pay, &one);
  pthread_create(&second, 0, pay, &two);
  pthread_mutex_lock(&account.out);
  printf("%ld\n", account.balance);
  pthread_mutex_unlock(&account.out);
  pthread_join(first, 0);
  pthread_join(second, 0);
  printf("%ld\n", account.balance); // after the joins
  return 0;
}
