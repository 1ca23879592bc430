// RUN: %check %s
// Copied with the lock held, called with it free.
#include <functional>
#include <mutex>
#include <utility>

class Connection {
public:
  void onClose(std::function<void(int)> handler) {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = std::move(handler);
  }
  void close() {
    std::function<void(int)> closed;
    int id;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      closed = closed_;
      id = id_;
    }
    if (closed)
      closed(id);
  }

private:
  std::mutex mutex_;
  std::function<void(int)> closed_;
  int id_ = 0;
};

void use(Connection &connection) {
  connection.onClose([](int) {});
  connection.close();
}
