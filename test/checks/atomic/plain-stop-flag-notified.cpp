// RUN: %check %s
// A flag that is set without the lock before the condition is notified: the waiter asks for it before it waits, too, and then nobody
// has told it anything. And one that is set in the same block as the join, just before it.
#include <condition_variable>
#include <mutex>
#include <thread>

class Timer {
public:
  Timer() : thread_(&Timer::run, this) {}
  ~Timer() {
    quit_ = true;
    changed_.notify_one();
    if (thread_.joinable())
      thread_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> hold(mutex_);
    while (!quit_) // CHECK: [[@LINE]]:13: error: the loop goes on until '{{.*}}quit_' changes, which 'Timer::~Timer' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
      changed_.wait(hold);
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool quit_ = false;
  std::thread thread_;
};

class Capture {
public:
  void start() {
    running_ = true;
    thread_ = std::thread(&Capture::run, this);
  }
  void stop() {
    if (running_) {
      running_ = false;
      thread_.join();
    }
  }
  long frames = 0;

private:
  void run() {
    while (running_) // CHECK: [[@LINE]]:12: error: the loop goes on until '{{.*}}running_' changes, which 'Capture::stop' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
      ++frames;
  }
  bool running_ = false;
  std::thread thread_;
};

int main() {
  Timer timer;
  Capture capture;
  capture.start();
  capture.stop();
  return static_cast<int>(capture.frames);
}
