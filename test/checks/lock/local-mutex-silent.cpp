// RUN: %check %s
// Local mutexes that others come by, and those that guard nothing.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <vector>

int total;

// Captured by threads of the call; handed to them by address; in a struct that they are given.
void sum(const std::vector<int> &values) {
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int value : values)
    threads.emplace_back([&mutex, value] {
      std::lock_guard<std::mutex> guard(mutex);
      total += value;
    });
  for (std::thread &thread : threads)
    thread.join();
  std::lock_guard<std::mutex> guard(mutex);
  ++total;
}

void add(std::mutex &mutex, int value) {
  std::lock_guard<std::mutex> guard(mutex);
  total += value;
}

void by_reference() {
  std::mutex mutex;
  std::thread other(add, std::ref(mutex), 1);
  {
    std::lock_guard<std::mutex> guard(mutex);
    ++total;
  }
  other.join();
}

void *run(void *mutex) {
  pthread_mutex_lock(static_cast<pthread_mutex_t *>(mutex));
  ++total;
  pthread_mutex_unlock(static_cast<pthread_mutex_t *>(mutex));
  return nullptr;
}

void by_address() {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, nullptr);
  pthread_t thread;
  pthread_create(&thread, nullptr, run, &mutex);
  pthread_mutex_lock(&mutex);
  ++total;
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, nullptr);
  pthread_mutex_destroy(&mutex);
}

struct Shared {
  std::mutex *mutex;
};
Shared shared;

void published() {
  std::mutex mutex;
  shared.mutex = &mutex;
  std::lock_guard<std::mutex> guard(mutex);
  ++total;
}

// One for all calls.
void static_mutex() {
  static std::mutex mutex;
  std::lock_guard<std::mutex> guard(mutex);
  ++total;
}

// Nothing of anybody else's is used under it: a wait needs a mutex, and a test of a guard too.
std::condition_variable ready;

void nap() {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  ready.wait_for(lock, std::chrono::milliseconds(10));
}

int own() {
  std::mutex mutex;
  int mine = 0;
  std::lock_guard<std::mutex> guard(mutex);
  ++mine;
  return mine;
}
