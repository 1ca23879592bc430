// RUN: %check %s
// An executor of a program's own: what it keeps is made in place, from what it is given by reference, and run by its thread.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Executor {
public:
  virtual ~Executor() = default;
  virtual void schedule(void (*run)(void *), void *given) = 0;
};

class Background : public Executor {
public:
  void schedule(void (*run)(void *), void *given) override {
    std::lock_guard<std::mutex> hold(mutex_);
    if (!started_) {
      started_ = true;
      std::thread(&Background::serve, this).detach();
    }
    if (work_.empty())
      filled_.notify_one();
    work_.emplace(run, given);
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
      auto run = work_.front().run;
      void *given = work_.front().given;
      work_.pop();
      hold.unlock();
      run(given);
    }
  }
  std::mutex mutex_;
  std::condition_variable filled_;
  bool started_ = false;
  std::queue<Item> work_;
};

static Executor &executor() {
  static Background background;
  return background;
}

static long hits;
struct Count {
  long seen = 0;
};
static void hit(void *given) {
  ++hits;
  // CHECK: [[@LINE-1]]:3: error: 'hits' is written here with no lock while 'main' reads it [heddle-data-race]
  ++static_cast<Count *>(given)->seen;
  // CHECK: [[@LINE-1]]:3: error: 'main::count.seen' is written here with no lock while 'main' reads it [heddle-data-race]
}

int main() {
  static Count count;
  executor().schedule(hit, &count);
  return hits + count.seen > 0;
}
