// RUN: %check %s
// An object for each round, given to an executor that keeps one thread: what the round then does to it meets what the thread does to it,
// whatever is said in the next round. What is said in this one is heard.
#include <condition_variable>
#include <mutex>
#include <new>
#include <queue>
#include <thread>

class Executor {
public:
  virtual ~Executor() = default;
  virtual void schedule(void (*run)(void *), void *given) = 0;
  static Executor *common();
};

class Background : public Executor {
public:
  void schedule(void (*run)(void *), void *given) override {
    std::lock_guard<std::mutex> hold(mutex_);
    if (!started_) {
      started_ = true;
      std::thread(&Background::serve, this).detach();
    }
    work_.emplace(run, given);
    filled_.notify_one();
  }

private:
  struct Item {
    Item(void (*run)(void *), void *given) : run(run), given(given) {}
    void (*const run)(void *);
    void *const given;
  };
  void serve() {
    for (;;) {
      std::unique_lock<std::mutex> hold(mutex_);
      while (work_.empty())
        filled_.wait(hold);
      Item item = work_.front();
      work_.pop();
      hold.unlock();
      item.run(item.given);
    }
  }
  std::mutex mutex_;
  std::condition_variable filled_;
  bool started_ = false;
  std::queue<Item> work_;
};

// Made in storage of its own, and never destroyed.
template <class T> class Forever {
public:
  Forever() { new (storage_) T(); }
  T *get() { return reinterpret_cast<T *>(storage_); }

private:
  alignas(T) unsigned char storage_[sizeof(T)];
};
Executor *Executor::common() {
  static Forever<Background> background;
  return background.get();
}

class Round {
public:
  bool stop = false;
  int result = 0;
  long rounds = 0;
  void wait() {
    std::unique_lock<std::mutex> hold(mutex_);
    while (!done_)
      ended_.wait(hold);
  }
  void end() {
    std::lock_guard<std::mutex> hold(mutex_);
    done_ = true;
    ended_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
};

static void spin(void *given) {
  Round *round = static_cast<Round *>(given);
  while (!round->stop)
    // CHECK: [[@LINE-1]]:11: error: the loop goes on until 'round.stop' changes, which 'main' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
    ++round->rounds;
  round->result = 1;
  round->end();
}

int main() {
  int result = 0;
  for (int i = 0; i < 10; ++i) {
    Round round;
    Executor::common()->schedule(spin, &round);
    round.stop = true;
    round.wait();
    result += round.result;
  }
  return result;
}
