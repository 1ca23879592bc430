// RUN: %check %s
// Locks that end when nobody can have them any more.
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <thread>
#include <unistd.h>
#include <vector>

pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
int jobs;

void *work(void *) {
  pthread_mutex_lock(&queue);
  ++jobs;
  pthread_mutex_unlock(&queue);
  return nullptr;
}

// After the join.
void joined() {
  pthread_t worker;
  pthread_create(&worker, nullptr, work, nullptr);
  pthread_join(worker, nullptr);
  pthread_mutex_destroy(&queue);
}

void local() {
  std::mutex mutex;
  int count = 0;
  std::thread other([&] {
    std::lock_guard<std::mutex> guard(mutex);
    ++count;
  });
  other.join();
}

// A detached thread that says when it is done.
void announced() {
  std::mutex mutex;
  std::condition_variable done;
  bool over = false;
  std::thread([&] {
    std::lock_guard<std::mutex> guard(mutex);
    over = true;
    done.notify_one();
  }).detach();
  std::unique_lock<std::mutex> lock(mutex);
  done.wait(lock, [&] { return over; });
}

// Released before; another object's lock; the last owner lets go after the section.
struct Session {
  std::mutex mutex;
  int users = 0;
  ~Session() {}
  void release() {
    bool last;
    {
      std::lock_guard<std::mutex> guard(mutex);
      last = --users == 0;
    }
    if (last)
      delete this;
  }
};

std::mutex sessions_lock;
std::vector<Session *> sessions;

void close_all() {
  std::lock_guard<std::mutex> guard(sessions_lock);
  for (Session *session : sessions)
    delete session;
  sessions.clear();
}

void hold_and_drop(std::shared_ptr<Session> session) {
  std::lock_guard<std::mutex> guard(session->mutex);
  ++session->users;
}

void drop(std::shared_ptr<Session> &session) {
  std::lock_guard<std::mutex> guard(session->mutex);
  session.reset();
}

void end(pthread_mutex_t *mutex) {
  pthread_mutex_lock(mutex);
  pthread_mutex_unlock(mutex);
  pthread_mutex_destroy(mutex);
}

// The thread is declared behind what it uses, so that it is joined first.
class Poller {
public:
  void start() {
    thread_ = std::thread([this] {
      std::lock_guard<std::mutex> guard(mutex_);
      ++polls_;
    });
  }
  ~Poller() { thread_.join(); }

private:
  std::mutex mutex_;
  int polls_ = 0;
  std::thread thread_;
};

// Threads that are let go, and say when they are done.
sem_t finished;
pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
int rows;

void *fill(void *) {
  pthread_mutex_lock(&table);
  ++rows;
  pthread_mutex_unlock(&table);
  sem_post(&finished);
  return nullptr;
}

void by_semaphore() {
  pthread_t worker;
  sem_init(&finished, 0, 0);
  pthread_create(&worker, nullptr, fill, nullptr);
  pthread_detach(worker);
  sem_wait(&finished);
  pthread_mutex_destroy(&table);
}

std::atomic<int> alive{0};
pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
int lines;

void *write_log(void *) {
  pthread_mutex_lock(&log_mutex);
  ++lines;
  pthread_mutex_unlock(&log_mutex);
  --alive;
  return nullptr;
}

void by_counter() {
  pthread_t worker;
  alive = 1;
  pthread_create(&worker, nullptr, write_log, nullptr);
  while (alive.load() != 0)
    usleep(1000);
  pthread_mutex_destroy(&log_mutex);
}

int main() {
  joined();
  by_semaphore();
  by_counter();
  local();
  announced();
  Poller poller;
  poller.start();
}
