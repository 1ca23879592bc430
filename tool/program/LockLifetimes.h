// Locks that the thread which has ended them goes on to use: taken again after pthread_mutex_destroy, or ended a second time.
//
// Computes, for each body, the ends of locks by its own calls and by functions that always end what they are given, and what
// comes after them in one run: an acquisition or an end of the lock with the same name, by the body's own call or a callee's, so
// that every way on from the first leads to the second, or every way to the second comes from the first. Nothing between may make
// the lock anew: an initialiser, a write to the lock or to a pointer of its name, another function that is given the object.
//
// Gets wrong: ways that a condition keeps apart are told apart only by that rule; elements of arrays are left out.
// Source: POSIX.1-2017, pthread_mutex_destroy: "undefined if the object is referenced after it has been destroyed".
#pragma once

#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/LockState.h"

#include <map>

namespace heddle {

struct LockAfterEnd {
  facts::BodyId body = kNone;
  facts::EventId end = kNone, use = kNone;
  PlaceId lock = kNone;
  bool again = false; // ended a second time
};

class LockLifetimes {
public:
  explicit LockLifetimes(const Program &program) : program_(program) {}
  /// In order of event.
  std::vector<LockAfterEnd> usesAfterEnd(facts::BodyId body);

private:
  struct End {
    facts::EventId event;
    PlaceId lock;
  };
  const std::vector<End> &endsOf(facts::BodyId body, unsigned depth = 0);
  bool named(const facts::BodyView &body, PlaceId lock) const;
  bool takes(const facts::BodyView &body, facts::EventId event, PlaceId lock) const;
  bool mayRemake(const facts::BodyView &body, facts::EventId event, PlaceId lock) const;
  bool follows(const facts::BodyView &body, facts::EventId first, facts::EventId second) const;

  const Program &program_;
  std::map<facts::BodyId, std::vector<End>> ends_;
};

} // namespace heddle
