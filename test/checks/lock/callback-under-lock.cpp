// RUN: %check %s
// A library keeps what its users register, and runs it with its own lock held: a std::function, one of a list, an observer.
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

class Connection {
public:
  void onClose(std::function<void(int)> handler) {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = std::move(handler);
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    open_ = false;
    if (closed_)
      closed_(id_);
    // CHECK: [[@LINE-1]]:7: warning: 'Connection::closed_' is called while 'Connection::mutex_' of '*this' is held; who sets it
    // cannot know, and waits for ever if it asks for the lock [heddle-callback-under-lock] CHECK: note: thread: locks 'this->mutex_'
    // CHECK: note: thread: calls 'Connection::closed_'
    // CHECK: note: it is set through a function that code outside of this target calls
  }
  bool isOpen() {
    std::lock_guard<std::mutex> lock(mutex_);
    return open_;
  }

private:
  std::mutex mutex_;
  std::function<void(int)> closed_;
  bool open_ = true;
  int id_ = 0;
};

class Observer {
public:
  virtual ~Observer() = default;
  virtual void changed(const std::string &key) = 0;
};

class Store {
public:
  void observe(Observer *observer) {
    std::lock_guard<std::mutex> lock(mutex_);
    observer_ = observer;
  }
  void put(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    keys_.push_back(key);
    if (observer_)
      observer_->changed(key);
    // CHECK: [[@LINE-1]]:7: warning: 'Observer::changed' is called while 'Store::mutex_' of '*this' is held; who overrides it
    // cannot know, and waits for ever if it asks for the lock [heddle-callback-under-lock]
  }

private:
  std::mutex mutex_;
  Observer *observer_ = nullptr;
  std::vector<std::string> keys_;
};

void use(Connection &connection, Store &store) {
  connection.onClose([](int) {});
  connection.close();
  store.observe(nullptr);
  store.put("key");
}
