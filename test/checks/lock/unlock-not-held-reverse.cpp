// RUN: %check %s
// A reverse guard takes the lock again when its scope is left, by an exception too: who catches it, holds the lock.
#include <exception>
#include <mutex>

class Released {
  std::mutex &mutex_;

public:
  explicit Released(std::mutex &mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~Released() { mutex_.lock(); }
  Released(const Released &) = delete;
};

int readDevice(int);

class Stream {
public:
  void seek(int n) {
    std::scoped_lock<std::mutex> protect(mutex_);
    try {
      move(n);
    } catch (...) {
      error_ = std::current_exception();
      state_ = 0;
    }
  }
  bool fill() {
    std::scoped_lock<std::mutex> protect(mutex_);
    try {
      Released open(mutex_);
      return readDevice(0) > 0;
    } catch (...) {
      state_ = 1;
    }
    return false;
  }
  void drop(int n) {
    mutex_.lock();
    try {
      Released open(mutex_);
      readDevice(n);
    } catch (...) {
      mutex_.unlock();
      throw;
    }
    mutex_.unlock();
    mutex_.unlock();
    // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'Stream::mutex_' of '*this' is released while it is not held; it was released already [heddle-unlock-not-held]
  }
  int get() {
    std::scoped_lock<std::mutex> protect(mutex_);
    return state_;
  }

private:
  void move(int n) {
    Released open(mutex_);
    if (readDevice(n) < 0)
      throw n;
  }
  std::mutex mutex_;
  std::exception_ptr error_;
  int state_ = 0;
};

int use(Stream &stream) {
  stream.seek(1);
  stream.drop(2);
  return stream.fill() ? stream.get() : 0;
}
