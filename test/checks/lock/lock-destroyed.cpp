// RUN: %check %s
// Locks that end while they are held, or while a thread may still take them.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>

// The object goes, and its lock with it, under the guard that will release it.
struct Session {
  std::mutex mutex;
  int users = 0;

  ~Session() {}
  void release() {
    std::lock_guard<std::mutex> guard(mutex);
    if (--users == 0)
      delete this;
    // CHECK: [[@LINE-1]]:7: error: the lock 'this->mutex' is destroyed while it is held [heddle-lock-destroyed]
    // CHECK: [[@LINE-4]]:33: note: this thread: locks 'this->mutex'
    // CHECK: [[@LINE-3]]:7: note: this thread: destroys '*this'
  }
};

void close(Session *session) {
  std::unique_lock<std::mutex> lock(session->mutex);
  session->users = 0;
  delete session;
  // CHECK: [[@LINE-1]]:3: error: the lock 'session->mutex' is destroyed while it is held [heddle-lock-destroyed]
  // CHECK: note: this thread: locks 'session->mutex'
  // CHECK: note: this thread: destroys '*session'
}

pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
int rows;

void shut_down() {
  pthread_mutex_lock(&table);
  rows = 0;
  pthread_mutex_destroy(&table);
  // CHECK: [[@LINE-1]]:3: error: the lock 'table' is destroyed while it is held [heddle-lock-destroyed]
  // CHECK: note: this thread: locks 'table'
  // CHECK: note: this thread: destroys 'table'
}

// The thread isn't joined yet.
pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
int jobs;

void *work(void *) {
  pthread_mutex_lock(&queue);
  ++jobs;
  pthread_mutex_unlock(&queue);
  return nullptr;
}

// A condition that a thread waits for.
pthread_mutex_t inbox = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t mail = PTHREAD_COND_INITIALIZER;
int letters;

void *read_mail(void *) {
  pthread_mutex_lock(&inbox);
  while (letters == 0)
    pthread_cond_wait(&mail, &inbox);
  --letters;
  pthread_mutex_unlock(&inbox);
  return nullptr;
}

void close_box() {
  pthread_t reader;
  pthread_create(&reader, nullptr, read_mail, nullptr);
  pthread_cond_destroy(&mail);
  // CHECK: [[@LINE-1]]:3: error: 'mail' is destroyed while 'read_mail' may still wait for it [heddle-lock-destroyed]
  // CHECK: note: the thread that started it: 'mail' ends here
  // CHECK: note: the thread: waits for it
  pthread_join(reader, nullptr);
}

// A local lock, and a thread that is let go.
void background() {
  std::mutex mutex;
  std::thread([&mutex] {
    std::lock_guard<std::mutex> guard(mutex);
    ++rows;
  }).detach();
  // CHECK: error: 'mutex' is gone when the call returns, while a lambda in 'background' may still lock it [heddle-lock-destroyed]
  // CHECK: note: the thread that started it: 'mutex' ends here
  // CHECK: note: the thread: locks it
}

int main() {
  pthread_t worker;
  pthread_create(&worker, nullptr, work, nullptr);
  background();
  close_box();
  pthread_mutex_destroy(&queue);
  // CHECK: [[@LINE-1]]:3: error: 'queue' is destroyed while 'work' may still lock it [heddle-lock-destroyed]
  // CHECK: note: the thread that started it: 'queue' ends here
  // CHECK: note: the thread: locks it
  pthread_join(worker, nullptr);
}
