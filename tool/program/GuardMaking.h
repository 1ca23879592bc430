// What the making of an object means for locks, from the model of its constructor or from its body.
//
// A class whose constructor takes a lock and whose destructor releases it is a guard, whatever its name. What a making does
// is read off the ops of the constructor's model; a body's is read off the locks held just before the object's end.
#pragma once

#include "program/LockState.h"

namespace heddle {

enum class Making : uint8_t {
  Other,    // no guard, or not known
  Empty,    // a guard of no lock
  Owning,   // took its lock
  Deferred, // knows its lock and hasn't taken it
  Tried,    // tried to take it: whether it owns it must be asked
  Adopting, // took over a lock that its maker holds
  Moved     // took over what another guard had
};

/// What a Construct event makes.
Making makingOf(const Program &program, const facts::BodyView &body, facts::EventId event);

/// Whether destroying an object of the class may release a lock.
bool releasesAtEnd(const Program &program, facts::RecordId record);

/// Whether the constructor or destructor of a guard with bodies does something else while it holds the lock: then its life is the
/// section.
bool worksInside(const Program &program, facts::FunctionId constructor);

/// The locks that an event takes for a guard which lives until `end`: held just before `end`, and taken by `event`.
std::vector<Held> takenUntil(const Program &program, facts::BodyId body, facts::EventId event, facts::EventId end);

/// The locks that an event releases or takes by the ops of its callee's model, as the body names them.
std::vector<PlaceId> locksOf(const Program &program, const facts::BodyView &body, facts::EventId event, Verb verb);

} // namespace heddle
