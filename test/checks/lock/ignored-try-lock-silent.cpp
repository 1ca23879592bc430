// RUN: %check %s
// Answers that are heeded, however they are read.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

std::mutex one, two;
int count;

bool positive() {
  if (one.try_lock()) {
    ++count;
    one.unlock();
    return true;
  }
  return false;
}

bool negative() {
  if (!one.try_lock())
    return false;
  ++count;
  one.unlock();
  return true;
}

void fall_back() {
  if (!one.try_lock())
    one.lock();
  ++count;
  one.unlock();
}

void spin() {
  while (!one.try_lock())
    sched_yield();
  ++count;
  one.unlock();
}

bool both() {
  if (std::try_lock(one, two) != -1)
    return false;
  std::lock_guard<std::mutex> a(one, std::adopt_lock);
  std::lock_guard<std::mutex> b(two, std::adopt_lock);
  ++count;
  return true;
}

bool both_by_hand() {
  int failed = std::try_lock(one, two);
  if (failed == -1) {
    ++count;
    one.unlock();
    two.unlock();
  }
  return failed < 0;
}

bool later() {
  bool locked = one.try_lock();
  if (locked)
    ++count;
  if (locked)
    one.unlock();
  return locked;
}

bool handed_on() { return one.try_lock(); }
void handed_back() { one.unlock(); }

void asked_later() {
  std::unique_lock<std::mutex> lock(one, std::defer_lock);
  lock.try_lock();
  if (lock.owns_lock())
    ++count;
}

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int by_code() {
  int rc = pthread_mutex_trylock(&mutex);
  if (rc != 0)
    return rc;
  ++count;
  return pthread_mutex_unlock(&mutex);
}

void by_code_or_wait() {
  if (pthread_mutex_trylock(&mutex))
    pthread_mutex_lock(&mutex);
  ++count;
  pthread_mutex_unlock(&mutex);
}

void spin_by_code() {
  while (pthread_mutex_trylock(&mutex))
    sched_yield();
  ++count;
  pthread_mutex_unlock(&mutex);
}

// A semaphore's count may well be taken down without looking whether there was one.
sem_t tokens;

void reset() {
  sem_trywait(&tokens);
  count = 0;
}

// A robust lock whose owner died is taken, too.
pthread_mutex_t robust;

void make_robust() {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &attributes);
}

bool by_the_living() {
  int rc = pthread_mutex_trylock(&robust);
  if (rc == EOWNERDEAD) {
    pthread_mutex_consistent(&robust);
    count = 0;
    pthread_mutex_unlock(&robust);
    return false;
  }
  if (rc)
    return false;
  ++count;
  pthread_mutex_unlock(&robust);
  return true;
}

// Some failures are told apart before all of them are turned away.
int by_reason() {
  int rc = pthread_mutex_trylock(&mutex);
  if (rc == EBUSY)
    sched_yield();
  if (rc == EINVAL)
    return -1;
  if (rc != 0)
    return rc;
  ++count;
  return pthread_mutex_unlock(&mutex);
}
