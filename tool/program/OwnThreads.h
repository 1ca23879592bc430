// Threads that objects start on themselves: what a class does where nobody is seen to use it, as in a library.
//
// Computes the bodies that run in a thread which a member function starts with its own object: the function or lambda that the
// start names, and the members of the class that it calls. Gets wrong: what runs in the thread through other classes isn't
// followed.
#pragma once

#include "program/Program.h"

#include <set>

namespace heddle {

struct OwnThread {
  facts::RecordId record = kNone; // the class
  facts::BodyId starter = kNone;  // a member function of it
  facts::EventId start = kNone;   // that starts the thread
  std::set<facts::BodyId> bodies; // what runs in it
};

std::vector<OwnThread> ownThreadsOf(const Program &program);

/// The member of the class that a place of one of its functions, or of a lambda in one, is: of the object that is `this` there.
facts::FieldId ownField(const Program &program, PlaceId place);

} // namespace heddle
