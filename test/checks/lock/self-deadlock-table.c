// RUN: %check %s
// By tables of functions that nobody changes: a driver's function takes the lock that its caller holds.
#include <pthread.h>

struct job;
struct driver {
  const char *name;
  void (*cancel)(struct job *job);
};
struct job {
  pthread_mutex_t lock;
  const struct driver *driver;
  int cancelled;
};

static int job_is_cancelled(struct job *job) {
  pthread_mutex_lock(&job->lock);
  int cancelled = job->cancelled;
  pthread_mutex_unlock(&job->lock);
  return cancelled;
}

static void mirror_cancel(struct job *job) {
  if (!job_is_cancelled(job))
    job->cancelled = 2;
}
static void copy_cancel(struct job *job) { job->cancelled = 1; }

static const struct driver mirror = {"mirror", mirror_cancel}, copy = {"copy", copy_cancel};

void job_start(struct job *job, int mirrored) {
  pthread_mutex_init(&job->lock, 0);
  job->driver = mirrored ? &mirror : &copy;
}

void job_cancel(struct job *job) {
  pthread_mutex_lock(&job->lock);
  job->driver->cancel(job); // CHECK: [[@LINE]]:3: error: 'job::lock' of '*job' is locked again while it is held; it is not recursive [heddle-self-deadlock]
  pthread_mutex_unlock(&job->lock);
}
