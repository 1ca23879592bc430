// RUN: %check %s
// A robust mutex whose owner died is held by who was told so.
#include <errno.h>
#include <pthread.h>

extern pthread_mutex_t shared; // made robust by whoever defines it
struct Region {
  pthread_mutex_t mutex;
  int records, broken;
};

int add(int *total) {
  int status = pthread_mutex_lock(&shared);
  if (status == EOWNERDEAD) {
    *total = 0;
    pthread_mutex_consistent(&shared);
    status = 0;
  }
  if (status != 0)
    return status;
  ++*total;
  return pthread_mutex_unlock(&shared);
}

int give_up(void) {
  int status = pthread_mutex_lock(&shared);
  if (status == EOWNERDEAD) {
    pthread_mutex_unlock(&shared); // for good: nobody can take it again
    return -1;
  }
  if (status)
    return status;
  pthread_mutex_unlock(&shared);
  return 0;
}

// A failure is another matter.
int wrong(struct Region *region) {
  int status = pthread_mutex_lock(&region->mutex);
  if (status == EOWNERDEAD)
    pthread_mutex_consistent(&region->mutex);
  else if (status == EINVAL)
    pthread_mutex_unlock(&region->mutex); // CHECK: :[[@LINE]]:5: error: 'Region::mutex' of '*region' is released while it is not held; taking it has failed [heddle-unlock-not-held]
  if (status == 0 || status == EOWNERDEAD)
    pthread_mutex_unlock(&region->mutex);
  return status;
}
