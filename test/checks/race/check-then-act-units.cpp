// RUN: %check-units %s
// The class in one unit, the gap between its sections in another.

//--- shelf.h
#include <mutex>
class Shelf {
public:
  bool has(int copies);
  void lend(int copies);
  void giveBack(int copies);

private:
  std::mutex mutex_;
  int copies_ = 3;
};

//--- shelf.cpp
#include "shelf.h"

bool Shelf::has(int copies) {
  std::lock_guard<std::mutex> lock(mutex_);
  return copies_ >= copies;
}

void Shelf::lend(int copies) {
  std::lock_guard<std::mutex> lock(mutex_);
  copies_ -= copies;
}

void Shelf::giveBack(int copies) {
  std::lock_guard<std::mutex> lock(mutex_);
  copies_ += copies;
}

//--- desk.cpp
#include "shelf.h"

bool serve(Shelf &shelf) {
  if (!shelf.has(1))
    // CHECK: desk.cpp:[[@LINE-1]]:8: warning: 'copies_' is tested here holding 'mutex_' and changed in 'Shelf::lend' in another section, and not tested again; another thread can change it in between [heddle-check-then-act]
    return false;
  shelf.lend(1);
  return true;
}
