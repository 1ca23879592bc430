// Cancellation: where a thread that another one cancels may end, and what it has then.
//
// Computes the entries whose handle is given to a cancel, and, in their frames, the cancellation points (POSIX.1-2017, 2.9.5.2:
// the rows marked `cancellation`) at which no shield is up: cancellation disabled, or a clean-up handler pushed, by the same
// function or by one that called it, before and not undone in between.
//
// Gets wrong: that a handler which is pushed does what has to be done isn't looked at, nor is asynchronous cancellation. A handle
// that isn't followed cancels nobody.
#pragma once

#include "program/Phases.h"

#include <map>

namespace heddle {

/// A call at which the thread may end.
struct CancellationPoint {
  Point at;
  Point cancelled; // the event that cancels the thread
};

class Cancellation {
public:
  explicit Cancellation(const Program &program) : program_(program) {}
  /// In order of entry and frame.
  std::vector<CancellationPoint> points() const;

private:
  bool shielded(Point point) const;
  bool shieldedHere(Point point) const;

  const Program &program_;
};

} // namespace heddle
