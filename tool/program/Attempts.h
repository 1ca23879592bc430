// Attempts: try-locks, what their result means, and which branch is taken for which.
//
// Computes, for each call that tries to take locks and tells by its result whether it did, the test that the result passes when
// it did: from the model's `try when`, or, of a function with a body, from its outcomes. Gets wrong: a result that is stored in a
// member or written to a variable more than once isn't followed.
#pragma once

#include "program/LockState.h"

namespace heddle {

struct Attempt {
  facts::EventId event = kNone;
  std::vector<PlaceId> locks; // as the body names them; may be empty: not known
  facts::Relation success = facts::Relation::Ne;
  int64_t constant = 0;
  std::vector<Test> otherwise; // what else the result may pass when a lock of another kind was taken
  bool kept = false;           // the object that was asked remembers the outcome too
  bool counts = false;         // a semaphore, whose count may well be taken down without looking
};

/// The attempts of a body whose result tells the outcome.
std::vector<Attempt> attemptsOf(const Program &program, const facts::BodyView &body);

/// An edge of the graph that is taken for a failed attempt, and what lies behind it alone.
struct FailedWay {
  facts::BlockId from = kNone;
  facts::Edge edge;
  bool always = false;                 // only failed attempts take it
  std::vector<facts::BlockId> section; // blocks that are reached through it and through no other edge of the branch
};

std::vector<FailedWay> failedWays(const Program &program, const facts::BodyView &body, const Attempt &attempt);

} // namespace heddle
