// RUN: %check-units %s
// A lock wrapper whose methods are in another unit, and a swap of two objects' locks across three units.
//--- port.h
#pragma once
namespace port {
struct Native;
class Mutex {
public:
  Mutex();
  ~Mutex();
  void Lock();
  void Unlock();

private:
  Native *native_;
};
class MutexLock {
public:
  explicit MutexLock(Mutex *mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() { mutex_->Unlock(); }
  MutexLock(const MutexLock &) = delete;

private:
  Mutex *const mutex_;
};
} // namespace port
//--- port.cpp
#include "port.h"
#include <mutex>
namespace port {
struct Native {
  std::mutex mutex;
};
Mutex::Mutex() : native_(new Native) {}
Mutex::~Mutex() { delete native_; }
void Mutex::Lock() { native_->mutex.lock(); }
void Mutex::Unlock() { native_->mutex.unlock(); }
} // namespace port
//--- table.h
#pragma once
#include "port.h"
struct Table {
  port::Mutex lock;
  int rows = 0;
};
void copyRows(Table &to, Table &from);
void exchangeRows(Table &x, Table &y);
extern Table orders, archive;
//--- table.cpp
#include "table.h"
void copyRows(Table &to, Table &from) {
  port::MutexLock first(&to.lock);
  port::MutexLock second(&from.lock);
  to.rows = from.rows;
}
//--- exchange.cpp
#include "table.h"
void exchangeRows(Table &x, Table &y) { copyRows(y, x); }
//--- main.cpp
#include "table.h"
#include <thread>
Table orders, archive;
int main() {
  std::thread t1([] { copyRows(archive, orders); });
  std::thread t2([] { exchangeRows(archive, orders); });
  t1.join();
  t2.join();
}
// CHECK: table.cpp:{{[0-9]+}}:{{[0-9]+}}: error: 'Table::lock' of 'from' is locked while 'Table::lock' of 'to' is held; {{.*}}[heddle-lock-order-cycle]
// CHECK: note: thread 1: calls 'copyRows'
// CHECK: note: thread 1: {{.*}}
