// RUN: %check %s
// A class that owns its thread: the destructor waits for the thread, but what it writes before that the thread may be reading.
#include <cstdio>
#include <string>
#include <thread>

class Logger {
public:
  Logger() {
    level_ = 1; // nobody else knows it yet
    thread_ = std::thread([this] { run(); });
    limit_ = 10;
    // CHECK: [[@LINE-1]]:5: error: 'logger.limit_' is set here in a constructor after 'Logger::run', which reads it, was started on the object [heddle-unsafe-publication]
  }
  ~Logger() {
    thread_.join();
    level_ = 0; // alone again
  }

private:
  void run() {
    for (int i = 0; i < limit_; ++i)
      std::printf("%d: %d\n", level_, i);
  }

  int level_ = 0;
  int limit_ = 0;
  std::thread thread_;
};

int main() {
  Logger logger;
  return 0;
}
