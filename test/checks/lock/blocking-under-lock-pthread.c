// RUN: %check %s
// A server in C: a table's lock is held while a child is waited for, and while a timed wait goes on under another lock.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
  pid_t pid;
  int status;
};

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job table[16];
static int used;

static int finish(struct job *job) { return waitpid(job->pid, &job->status, 0); }
static int poll_one(struct job *job) { return waitpid(job->pid, &job->status, WNOHANG); }

static void wait_for(struct job *job, int block) {
  waitpid(job->pid, &job->status, block ? 0 : WNOHANG);
}

void *reaper(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&table_lock);
    for (int i = 0; i < used; ++i)
      finish(&table[i]);
      // CHECK: [[@LINE-1]]:7: warning: 'table_lock' is held while 'finish' waits for a child process; 'add' has to wait for it as long [heddle-blocking-under-lock]
    pthread_mutex_unlock(&table_lock);
  }
  return NULL;
}

void *poller(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&table_lock);
    for (int i = 0; i < used; ++i)
      poll_one(&table[i]);
    pthread_mutex_unlock(&table_lock);
    sleep(1);
  }
  return NULL;
}

void add(pid_t pid) {
  pthread_mutex_lock(&table_lock);
  table[used++].pid = pid;
  pthread_mutex_unlock(&table_lock);
}

int main(void) {
  pthread_t reap, look;
  pthread_create(&reap, NULL, reaper, NULL);
  pthread_create(&look, NULL, poller, NULL);
  for (int i = 0; i < 16; ++i) {
    pid_t pid = fork();
    if (pid == 0)
      _exit(0);
    add(pid);
  }
  pthread_join(reap, NULL);
  pthread_join(look, NULL);
  wait_for(&table[0], 1);
}
