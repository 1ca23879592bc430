// RUN: %check %s
// A function that doesn't do what it declares.
#include <mutex>

#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))

class Device {
public:
  bool open(int mode) ACQUIRE(mutex_) {
    // CHECK: [[@LINE-1]]:8: error: 'Device::open' is declared to acquire 'this->mutex_', but can return without it [heddle-annotation-violation]
    if (mode < 0)
      return false;
    mutex_.lock();
    return true;
  }
  void close(bool force) RELEASE(mutex_) {
    // CHECK: [[@LINE-1]]:8: error: 'Device::close' is declared to release 'this->mutex_', but can return with it held [heddle-annotation-violation]
    if (!open_ && !force)
      return;
    open_ = false;
    mutex_.unlock();
  }
  void poll(int count) REQUIRES(mutex_) {
    // CHECK: [[@LINE-1]]:8: error: 'Device::poll' is declared to require 'this->mutex_', but can return without it [heddle-annotation-violation]
    mutex_.unlock();
    if (count == 0)
      return;
    mutex_.lock();
  }
  void yield() REQUIRES(mutex_) { // gives it back for a while
    mutex_.unlock();
    mutex_.lock();
  }
  void begin() ACQUIRE(mutex_) { mutex_.lock(); }
  void end() RELEASE(mutex_) { mutex_.unlock(); }

private:
  std::mutex mutex_;
  bool open_ = true;
};

void use(Device &device) {
  if (device.open(1))
    device.close(true);
  device.begin();
  device.poll(1);
  device.yield();
  device.end();
}
