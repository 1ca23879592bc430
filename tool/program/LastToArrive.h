// The last to arrive: several threads count themselves out of a counter, or into one, in one step or under its lock, and the one
// that finds the last value goes on alone: it frees what they shared, or gathers what they did.
//
// Computes, for a point, the counters on whose outcome it depends: an event of its way down is only reached by one branch of a
// test of what an update gave, in the same function or in one that returns it. Two points that depend on one counter are reached
// by one of the threads. What a thread does before it counts itself out, is done when the last one goes on.
//
// A test is one that a single thread's value passes: it equals something, or it is the last one of those that go down. A plain
// counter has to be changed under a lock.
//
// Gets wrong: whether the counter is right, and its lock the same everywhere, isn't looked at: that is a claim of its own. What a
// thread finds that came first (`++users == 1`, an exchange) orders nothing for those who come later. Source: Boehm, "Threads
// cannot be implemented as a library"; C++ standard, [util.smartptr.shared].
#pragma once

#include "program/Phases.h"

#include <map>
#include <vector>

namespace heddle {

class Sharing;

class LastToArrive {
public:
  explicit LastToArrive(const Sharing &sharing) : sharing_(sharing) {}

  /// The counter by which one thread alone comes to either of two points; kNone if there is none.
  ObjectId oneOf(Point a, Point b) const;
  /// The counter that the thread of `user` changes after it, and on whose last value `last` depends; kNone if there is none.
  ObjectId orders(Point user, Point last) const;

private:
  struct Counter {
    ObjectId object;
    bool first; // its outcome is that of who came first
    friend auto operator<=>(const Counter &, const Counter &) = default;
  };
  struct Update {
    facts::EventId event;
    PlaceId counter;
    bool first; // adds, or exchanges
    bool atomic;
    bool swaps; // exchanges: tells by its answer who did it
  };
  /// What is asked of a value: INT64_MAX is what isn't a constant.
  struct Asked {
    facts::Relation relation;
    int64_t constant;
  };
  using Counters = std::vector<Counter>; // sorted

  const std::vector<Update> &updatesOf(facts::BodyId body) const;
  const Counters &countersOf(Point point) const;
  const Counters &chosenBy(Point point) const;
  void outcomes(FrameId frame, PlaceId value, Asked asked, facts::EventId before, unsigned depth, Counters &out) const;
  llvm::ArrayRef<Point> updates(ObjectId counter) const;
  bool updatesAfter(Point user, ObjectId counter) const;

  const Sharing &sharing_;
  mutable std::map<facts::BodyId, std::vector<Update>> ofBody_;
  mutable std::map<Point, Counters> ofPoint_, chosen_;
  mutable bool pointsKnown_ = false;
  mutable std::map<ObjectId, std::vector<Point>> points_; // by counter
};

} // namespace heddle
