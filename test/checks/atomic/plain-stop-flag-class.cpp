// RUN: %check %s
// A library: nobody is seen to use the class, which starts a thread on its own object. Silent: atomics; a lock on one side at least;
// what is set before the start; a flag that the loop sets itself.
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

class Capture {
public:
  void start() {
    running_ = true;
    thread_ = std::thread(&Capture::run, this);
  }
  void stop() {
    running_ = false;
    if (thread_.joinable())
      thread_.join();
  }

private:
  void run() {
    while (running_) // CHECK: [[@LINE]]:12: warning: the loop goes on until 'this->running_' changes, which 'Capture::stop' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::thread thread_;
  bool running_ = false;
};

class Poller {
public:
  Poller() : thread_([this] { poll(); }) {}
  ~Poller() {
    quit_ = true;
    thread_.join();
  }

private:
  void poll() {
    while (!quit_) // CHECK: [[@LINE]]:13: warning: the loop goes on until 'this->quit_' changes, which 'Poller::~Poller' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
      ++polls_;
  }
  long polls_ = 0;
  bool quit_ = false;
  std::thread thread_;
};

class Silent {
public:
  void start() {
    ready_ = 0;
    thread_ = std::thread(&Silent::run, this);
  }
  void stop() {
    quit_ = true;
    {
      std::lock_guard<std::mutex> hold(mutex_);
      locked_ = true;
    }
    thread_.join();
  }

private:
  void run() {
    while (!quit_)
      ++rounds_;
    while (ready_ != 0)
      ++rounds_;
    while (!isLocked())
      ++rounds_;
    while (more_)
      more_ = rounds_-- > 0;
  }
  bool isLocked() {
    std::lock_guard<std::mutex> hold(mutex_);
    return locked_;
  }
  std::atomic<bool> quit_{false};
  std::mutex mutex_;
  bool locked_ = false, more_ = true;
  int ready_ = 1;
  long rounds_ = 0;
  std::thread thread_;
};

void use(Silent &silent) {
  silent.start();
  silent.stop();
}
