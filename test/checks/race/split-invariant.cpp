// RUN: %check %s
// Written together under one lock, read or written in two sections of it. No thread starts here: a class that locks is meant for
// several.
#include <mutex>

class Climate {
public:
  void measured(double temperature, double humidity) {
    std::lock_guard<std::mutex> lock(mutex_);
    temperature_ = temperature;
    humidity_ = humidity;
  }
  double temperature() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return temperature_;
  }
  double humidity() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return humidity_;
  }
  bool sultry() const {
    mutex_.lock();
    double degrees = temperature_;
    mutex_.unlock();
    mutex_.lock();
    double share = humidity_;
    // CHECK: [[@LINE-1]]:20: warning: 'temperature_' and 'humidity_' are read here in two sections of 'mutex_' while 'Climate::measured' writes both in one; what is used together can be one new and one old [heddle-split-invariant]
    mutex_.unlock();
    return degrees + 20 * share > 40;
  }

private:
  mutable std::mutex mutex_;
  double temperature_ = 0, humidity_ = 0;
};

double dewPoint(double temperature, double humidity);

// Each getter is a section of its own.
double dewPointOf(const Climate &climate) {
  return dewPoint(climate.temperature(), climate.humidity());
  // CHECK: [[@LINE-1]]:42: warning: 'temperature_' and 'humidity_' are read here in two sections of 'mutex_'{{.*}}[heddle-split-invariant]
}

class Window {
public:
  Window(int left, int right) : left_(left), right_(right) {}
  void set(int left, int right) {
    std::lock_guard<std::mutex> lock(mutex_);
    left_ = left;
    right_ = right;
  }
  // Between the two, the window has a width that it never had.
  void shift(int by) {
    int left;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      left = left_ + by;
      left_ = left;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    right_ = left + 10;
    // CHECK: [[@LINE-1]]:5: warning: 'left_' and 'right_' are written here in two sections of 'mutex_' while 'Window::width' reads both in one; it can see one new and one old [heddle-split-invariant]
  }
  int width() {
    std::lock_guard<std::mutex> lock(mutex_);
    return right_ - left_;
  }

private:
  std::mutex mutex_;
  int left_, right_;
};
