// RUN: %check %s
// The thread runs until the destructor tells it to stop; the flag is neither atomic nor locked. volatile doesn't make it better.
#include <chrono>
#include <thread>

class Poller {
public:
  Poller() : thread_([this] { run(); }) {}
  ~Poller() {
    running_ = false;
    thread_.join();
  }

private:
  void run() {
    while (running_) {
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: the loop goes on until 'poller.running_' changes, which 'Poller::~Poller' writes with no lock; a plain flag orders nothing, and may be read once for all rounds [heddle-plain-stop-flag]
      // CHECK: note: thread 1: {{.*}}
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      ++rounds_;
    }
  }

  bool running_ = true;
  long rounds_ = 0;
  std::thread thread_;
};

static volatile bool quit;
static int turns;

static void spin() {
  while (!quit)
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: the loop goes on until 'quit' changes, which 'main' writes with no lock; a volatile flag orders nothing [heddle-plain-stop-flag]
    ++turns;
}

int main() {
  {
    Poller poller;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  std::thread spinner(spin);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  quit = true;
  spinner.join();
  return turns;
}
