// RUN: %check-units %s
// A handler that another unit sets is kept in a member and called with the connection's lock held.
//--- connection.h
#pragma once
#include <functional>
#include <mutex>
class Connection {
public:
  void onClose(std::function<void()> handler);
  void close();
  int id();

private:
  std::mutex mutex_;
  std::function<void()> closed_;
  int id_ = 0;
};
//--- connection.cpp
#include "connection.h"
#include <utility>
void Connection::onClose(std::function<void()> handler) {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = std::move(handler);
}
void Connection::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closed_)
    closed_();
  id_ = -1;
}
int Connection::id() {
  std::lock_guard<std::mutex> lock(mutex_);
  // CHECK: connection.cpp:[[@LINE-1]]:31: warning: 'Connection::mutex_' of '*this' is locked while 'Pool::mutex_' of '*this' is held; 'Pool::forget' locks them in the opposite order [heddle-lock-order-cycle]
  // CHECK: note: thread 2: calls 'Pool::Pool()::lambda'
  // CHECK: note: thread 2: calls 'Pool::forget'
  return id_;
}
//--- pool.cpp
#include "connection.h"
#include <thread>

class Pool {
public:
  Pool() {
    connection_.onClose([this] { forget(); });
  }
  void forget() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++forgotten_;
  }
  int list() {
    std::lock_guard<std::mutex> lock(mutex_);
    return connection_.id() + forgotten_;
  }
  Connection &connection() { return connection_; }

private:
  std::mutex mutex_;
  Connection connection_;
  int forgotten_ = 0;
};

int main() {
  Pool pool;
  std::thread closer([&] { pool.connection().close(); });
  int listed = pool.list();
  closer.join();
  return listed;
}
