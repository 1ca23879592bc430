// RUN: %check %s -- -std=c++20
// Members are destroyed in the reverse order of their declaration: a thread, or an object that joins its own, that is declared behind
// the lock it takes has ended before. A stop that has been called before has joined before. A thread that couldn't be started doesn't
// run, also where a function of the program's own says so.
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <pthread.h>

class Counter {
public:
  Counter()
      : worker_([this] {
          std::lock_guard<std::mutex> hold(mutex_);
          ++count_;
        }) {}

private:
  std::mutex mutex_;
  int count_ = 0;
  std::jthread worker_;
};

class Alarm {
public:
  explicit Alarm(void (*ring)(void *), void *given) : ring_(ring), given_(given), thread_(&Alarm::run, this) {}
  ~Alarm() { stop(); }
  void stop() {
    {
      std::lock_guard<std::mutex> hold(mutex_);
      if (stopped_)
        return;
      stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> hold(mutex_);
    while (!stopped_) {
      changed_.wait(hold);
      ring_(given_);
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  void (*ring_)(void *);
  void *given_;
  std::thread thread_;
};

class Clock {
public:
  Clock() : alarm_(&Clock::tick, this) {}

private:
  static void tick(void *given) {
    Clock *clock = static_cast<Clock *>(given);
    std::lock_guard<std::mutex> hold(clock->mutex_);
    ++clock->ticks_;
  }
  std::mutex mutex_;
  int ticks_ = 0;
  Alarm alarm_;
};

struct Timer {
  pthread_t thread;
  pthread_mutex_t lock;
  int live;
};
static void *run(void *given) {
  Timer *timer = static_cast<Timer *>(given);
  pthread_mutex_lock(&timer->lock);
  timer->live++;
  pthread_mutex_unlock(&timer->lock);
  return nullptr;
}
static int spawn(pthread_t *thread, void *(*function)(void *), void *given) {
  if (pthread_create(thread, nullptr, function, given) != 0)
    return -1;
  return 0;
}

int main() {
  Counter counter;
  Clock clock;
  Timer *timer = static_cast<Timer *>(std::calloc(1, sizeof(Timer)));
  pthread_mutex_init(&timer->lock, nullptr);
  if (spawn(&timer->thread, run, timer) < 0) {
    pthread_mutex_destroy(&timer->lock);
    std::free(timer);
    return 1;
  }
  pthread_join(timer->thread, nullptr);
  pthread_mutex_destroy(&timer->lock);
  std::free(timer);
}
