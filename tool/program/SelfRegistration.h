// Self-registration: a constructor that hands `this` to others before it is done.
//
// Computes, for each constructor, an event that puts `this` where others find it (a global, or what a parameter or global leads
// to; by itself, or in a function that it calls) while a lock is held, which says that there are other threads that look there;
// and a write of a plain member of the object after it, of a member that some function beside constructors and destructors reads.
//
// Gets wrong: readers that can't run yet for a reason of their own. What derived classes' constructors do after this one isn't
// looked at. Source: SEI CERT CON; Goetz et al., "Java Concurrency in Practice", 3.2.1.
#pragma once

#include "program/LockState.h"

namespace heddle {

struct SelfRegistration {
  facts::BodyId body = facts::kNone;      // the constructor
  facts::EventId handOver = facts::kNone; // the store, or the call of a function that makes it
  facts::BodyId storer = facts::kNone;    // where the store is
  facts::EventId store = facts::kNone;
  PlaceId where = kNone;               // in `storer`
  facts::EventId write = facts::kNone; // of the member
  facts::FieldId field = facts::kNone;
  facts::BodyId reader = facts::kNone;
  facts::EventId read = facts::kNone;
};

/// One for each constructor, in order.
std::vector<SelfRegistration> selfRegistrations(const Program &program);

} // namespace heddle
