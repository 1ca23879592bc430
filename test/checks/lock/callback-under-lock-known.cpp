// RUN: %check %s
// A program: all that can be called is in it, and takes no lock.
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

class Progress {
public:
  void onStep(std::function<void(int)> handler) {
    std::lock_guard<std::mutex> lock(mutex_);
    step_ = std::move(handler);
  }
  void advance() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++done_;
    if (step_)
      step_(done_);
  }

private:
  std::mutex mutex_;
  std::function<void(int)> step_;
  int done_ = 0;
};

static thread_local int last;
static void remember(int step) { last = step; }

int main() {
  Progress progress;
  progress.onStep(remember);
  std::thread other([&] { progress.advance(); });
  progress.advance();
  other.join();
  return last;
}
