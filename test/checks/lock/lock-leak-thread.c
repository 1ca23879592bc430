// RUN: %check %s
// A thread that ends with a lock: named where it is started, and handed to a function that starts it.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER, marks_lock = PTHREAD_MUTEX_INITIALIZER;
static int jobs, marks;

static void mark(void) {
  pthread_mutex_lock(&marks_lock);
  ++marks;
}

static void unmark(void) {
  --marks;
  pthread_mutex_unlock(&marks_lock);
}

static void *take_job(void *unused) {
  (void)unused;
  pthread_mutex_lock(&jobs_lock);
  // CHECK: [[@LINE-1]]:3: {{.*}} 'jobs_lock' is locked here and never released; {{.*}}[heddle-lock-leak]
  // CHECK: [[@LINE-2]]:3: note: thread: locks 'jobs_lock'
  // CHECK: [[@LINE+3]]:1: note: thread: leaves with 'jobs_lock' held
  --jobs;
  return NULL;
}

static void *make_marks(void *unused) {
  (void)unused;
  mark();
  // CHECK: [[@LINE-1]]:3: error: 'marks_lock' is still held when the thread ends that runs 'make_marks' [heddle-lock-leak]
  // CHECK: note: thread: calls 'mark'
  // CHECK: note: thread: locks 'marks_lock'
  // CHECK: [[@LINE+2]]:1: note: thread: the thread ends with 'marks_lock' held
  return NULL;
}

static void launch(void *(*run)(void *), void *with) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, with);
  pthread_detach(thread);
}

void post(void) {
  mark();
  unmark();
  pthread_mutex_lock(&jobs_lock);
  ++jobs;
  pthread_mutex_unlock(&jobs_lock);
}

int main(void) {
  launch(take_job, NULL);
  launch(make_marks, NULL);
  post();
  return 0;
}
