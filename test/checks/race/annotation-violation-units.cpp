// RUN: %check-units %s
// The lock's own functions are in another unit, and so is what holds it for its caller without saying so.
//--- log.h
#include <mutex>
#define CAPABILITY(x) __attribute__((capability(x)))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
class CAPABILITY("mutex") Monitor {
public:
  void enter() ACQUIRE();
  void leave() RELEASE();

private:
  std::mutex inner_;
};
class Log {
public:
  void write(int line);
  void flush();
  int lines();

private:
  void begin();
  void end();
  void append(int line);
  Monitor monitor_;
  int lines_ GUARDED_BY(monitor_) = 0;
};
//--- monitor.cpp
#include "log.h"
void Monitor::enter() { inner_.lock(); }
void Monitor::leave() { inner_.unlock(); }
void Log::begin() { monitor_.enter(); }
void Log::end() { monitor_.leave(); }
//--- log.cpp
#include "log.h"
void Log::write(int line) {
  begin();
  append(line);
  lines_ += line;
  end();
}
void Log::append(int line) { lines_ += line; }
int Log::lines() {
  return lines_;
  // CHECK: [[@LINE-1]]:10: error: 'lines_' is read here without 'this->monitor_', but is declared to be guarded by it [heddle-annotation-violation]
}
void Log::flush() {
  begin();
  lines_ = 0;
  end();
}
int main() {
  Log log;
  log.write(1);
  log.flush();
  return log.lines();
}
