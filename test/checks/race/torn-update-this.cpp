// RUN: %check %s
// The thread is a member, started by a method with `this`; a method of the same object reads from outside.
#include <algorithm>
#include <atomic>
#include <thread>

struct Range {
  long begin = 0, end = 0;
};

class Scanner {
public:
  void start() { thread_ = std::thread(&Scanner::run, this); }
  void stop() {
    stopped_ = true;
    thread_.join();
  }
  long width() const { return range_.end - range_.begin; }

private:
  void run() {
    for (long at = 0; !stopped_; at += 100) {
      range_.begin = at;
      // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'begin' and 'end' of 'scanner.range_' are written here with no lock while 'Scanner::width' reads both; it can see one new and one old [heddle-torn-update]
      range_.end = at + 100;
    }
  }

  Range range_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

int main() {
  Scanner scanner;
  scanner.start();
  long widest = 0;
  for (int i = 0; i < 100; ++i)
    widest = std::max(widest, scanner.width());
  scanner.stop();
  return widest != 100;
}
