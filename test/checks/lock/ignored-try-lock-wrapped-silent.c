// RUN: %check %s
// A wrapper that hands on what a lock that waits returned is no try: an error of it says that the program is wrong, and nobody who
// doesn't look at it goes on without the lock.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static int take(pthread_mutex_t *lock) { return pthread_mutex_lock(lock); }
static int give(pthread_mutex_t *lock) { return pthread_mutex_unlock(lock); }
void add(void) {
  take(&mutex);
  count++;
  give(&mutex);
}

static int take_or_minus(void) {
  if (pthread_mutex_lock(&mutex) != 0)
    return -1;
  return 0;
}
int add_told(void) {
  if (take_or_minus() < 0)
    return -1;
  count++;
  pthread_mutex_unlock(&mutex);
  return 0;
}
int add_untold(void) {
  take_or_minus();
  count++;
  return pthread_mutex_unlock(&mutex);
}

struct device {
  pthread_mutex_t lock;
  int users;
};
static struct device devices[4];
static int device_lock(struct device *device) {
  int error = pthread_mutex_lock(&device->lock);
  if (error)
    return -error;
  return 0;
}
int device_open(int i) {
  struct device *device = &devices[i & 3];
  int error = device_lock(device);
  if (error < 0)
    return error;
  device->users++;
  pthread_mutex_unlock(&device->lock);
  return 0;
}
int device_close(int i) {
  struct device *device = &devices[i & 3];
  if (device_lock(device))
    return -5;
  device->users--;
  pthread_mutex_unlock(&device->lock);
  return 0;
}

/// It has the same answer whether it has taken the lock or not: there is nothing to look at.
int threaded(void);
static int enter(struct device *device) {
  if (threaded())
    pthread_mutex_lock(&device->lock);
  return 0;
}
static void leave(struct device *device) {
  if (threaded())
    pthread_mutex_unlock(&device->lock);
}
int use_device(struct device *device) {
  enter(device);
  int users = ++device->users;
  leave(device);
  return users;
}

/// Whether it tries or waits is for its caller to say, who waits.
enum { kTry = 4 };
static int take_by_mode(unsigned mode, pthread_mutex_t *lock) {
  if (mode & kTry)
    return pthread_mutex_trylock(lock);
  return pthread_mutex_lock(lock);
}
int use_by_mode(struct device *device) {
  take_by_mode(0, &device->lock);
  int users = ++device->users;
  pthread_mutex_unlock(&device->lock);
  return users;
}
