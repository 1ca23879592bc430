// RUN: %check %s
// Said to be called with the lock held: by an attribute, by a name. And a lock that its holder may take again.
#include <functional>
#include <mutex>
#include <string>
#include <utility>

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

static Mutex registry;

class Listener {
public:
  virtual ~Listener() = default;
  virtual void added(const std::string &name) __attribute__((requires_capability(registry))) = 0;
};

void add(Listener &listener, const std::string &name) {
  registry.lock();
  listener.added(name);
  registry.unlock();
}

class Cache {
public:
  void onEvict(std::function<void(int)> handler) {
    std::lock_guard<std::mutex> lock(mutex_);
    evictedLocked_ = std::move(handler);
  }
  void evict() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (evictedLocked_)
      evictedLocked_(--size_);
  }

private:
  std::mutex mutex_;
  std::function<void(int)> evictedLocked_; // called with mutex_ held
  int size_ = 100;
};

class Document {
public:
  void onChange(std::function<void(int)> handler) {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    changed_ = std::move(handler);
  }
  void edit() {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    if (changed_)
      changed_(++version_);
  }

private:
  std::recursive_mutex mutex_;
  std::function<void(int)> changed_;
  int version_ = 0;
};

void use(Cache &cache, Document &document) {
  cache.onEvict([](int) {});
  cache.evict();
  document.onChange([](int) {});
  document.edit();
}
