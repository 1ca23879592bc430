// RUN: %check-units %s
// The thread is started in one unit, through a wrapper; what it writes is read in another.
//--- meter.h
#pragma once
#include <thread>
class Meter {
public:
  void start();
  void stop();
  void count();
  long total() const { return total_; }

private:
  std::thread thread_;
  long total_ = 0;
};
//--- meter.cpp
#include "meter.h"
void Meter::count() {
  for (int i = 0; i < 100; ++i)
    total_ += i;
  // CHECK: [[@LINE-1]]:5: error: 'meter.total_' is written here with no lock while 'Meter::total' reads it [heddle-data-race]
}
void Meter::start() { thread_ = std::thread(&Meter::count, this); }
void Meter::stop() { thread_.join(); }
//--- main.cpp
#include "meter.h"
int main() {
  Meter meter;
  meter.start();
  long early = meter.total();
  meter.stop();
  return early == meter.total();
}
