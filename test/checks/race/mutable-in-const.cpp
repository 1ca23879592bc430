// RUN: %check %s
// A class with a lock, whose const member functions write mutable members.
#include <atomic>
#include <map>
#include <mutex>
#include <string>

class Directory {
public:
  void add(const std::string &name, int id) {
    std::lock_guard<std::mutex> guard(mutex_);
    ids_[name] = id;
  }
  int find(const std::string &name) const {
    ++lookups_; // CHECK: [[@LINE]]:5: warning: 'lookups_' is mutable and written here in a const member function with no lock, in a class that owns one [heddle-mutable-in-const]
    ++hits_;    // atomic
    std::lock_guard<std::mutex> guard(mutex_);
    auto found = ids_.find(name);
    last_ = name; // under the lock
    return found == ids_.end() ? -1 : found->second;
  }
  std::string last() const {
    std::lock_guard<std::mutex> guard(mutex_);
    remember();
    return last_;
  }
  void forget() const {
    recent_.clear(); // CHECK: [[@LINE]]:5: warning: 'recent_' is mutable and written here in a const member function with no lock, in a class that owns one [heddle-mutable-in-const]
  }

private:
  void remember() const { ++remembered_; } // its callers hold the lock

  mutable std::mutex mutex_;
  std::map<std::string, int> ids_;
  mutable long lookups_ = 0, remembered_ = 0;
  mutable std::atomic<long> hits_{0};
  mutable std::string last_, recent_;
};

// Nobody says that it is shared.
class Polygon {
public:
  double area() const {
    if (area_ < 0)
      area_ = 1;
    return area_;
  }

private:
  mutable double area_ = -1;
};

int use(Directory &directory, const Polygon &polygon) {
  directory.add("a", 1);
  directory.forget();
  return directory.find("a") + static_cast<int>(polygon.area()) + static_cast<int>(directory.last().size());
}
