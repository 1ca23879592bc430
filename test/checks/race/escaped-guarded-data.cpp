// RUN: %check %s
// Names of guarded data that outlive the section. No thread starts here: a class that locks is meant for several.
#include <mutex>
#include <string>
#include <vector>

class Roster {
public:
  void add(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.push_back(name);
  }
  // The lock is given back before the caller looks.
  const std::vector<std::string> &names() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return names_;
    // CHECK: [[@LINE-1]]:5: warning: 'names_' leaves the section of 'mutex_' here by reference; 'Roster::add' changes 'names_' under it meanwhile [heddle-escaped-guarded-data]
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> names_;
};

class Track {
public:
  void append(int point) {
    std::lock_guard<std::mutex> lock(mutex_);
    points_.push_back(point);
  }
  // An element moves when others are added.
  int &last() {
    std::lock_guard<std::mutex> lock(mutex_);
    return points_.back();
    // CHECK: [[@LINE-1]]:5: warning: an element of 'points_' leaves the section of 'mutex_' here by reference; 'Track::append' changes 'points_' under it meanwhile [heddle-escaped-guarded-data]
  }
  int firstDoubled() {
    std::unique_lock<std::mutex> lock(mutex_);
    int &first = points_.front();
    lock.unlock();
    return 2 * first;
    // CHECK: [[@LINE-1]]:16: warning: an element of 'points_' is used here after 'mutex_', under which it was got, is let go; 'Track::append' can change 'points_' meanwhile [heddle-escaped-guarded-data]
  }
  int beginning() {
    std::vector<int>::iterator at;
    mutex_.lock();
    auto first = points_.begin();
    mutex_.unlock();
    return *first;
    // CHECK: [[@LINE-1]]:12: warning: an element of 'points_' is used here after 'mutex_'{{.*}}[heddle-escaped-guarded-data]
  }

private:
  std::mutex mutex_;
  std::vector<int> points_;
};

class Limits {
public:
  void set(int highest) {
    std::lock_guard<std::mutex> lock(mutex_);
    highest_ = highest;
  }
  int *highest() {
    std::lock_guard<std::mutex> lock(mutex_);
    return &highest_;
    // CHECK: [[@LINE-1]]:5: warning: 'highest_' leaves the section of 'mutex_' here by reference; 'Limits::set' changes 'highest_' under it meanwhile [heddle-escaped-guarded-data]
  }

private:
  std::mutex mutex_;
  int highest_ = 0;
};
