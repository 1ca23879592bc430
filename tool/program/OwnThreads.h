// Threads that objects start on themselves, and how they are told to stop: what a class does where nobody is seen to use it, as
// in a library.
//
// Computes the bodies that run in a thread which a member function starts with its own object (the function or lambda that the
// start names, and the members of the class that it calls), and the *own stops*: a loop in one of them that asks a number of the
// object in each round and never writes it, and a member function outside of the thread that writes a value which ends the loop;
// no lock is held at either. What is written before the start, or after a join, is no stop.
//
// Gets wrong: what runs in the thread through other classes isn't followed, and a member function that is only called before the
// start is taken for one that may be called meanwhile.
#pragma once

#include "program/Program.h"

#include <set>

namespace heddle {

struct OwnThread {
  facts::RecordId record = facts::kNone; // the class
  facts::BodyId starter = facts::kNone;  // a member function of it
  facts::EventId start = facts::kNone;   // that starts the thread
  std::set<facts::BodyId> bodies;        // what runs in it
};

struct OwnStop {
  facts::BodyId starter = facts::kNone;
  facts::EventId start = facts::kNone;
  facts::BodyId loop = facts::kNone;
  facts::EventId test = facts::kNone; // a read
  facts::BodyId setter = facts::kNone;
  facts::EventId set = facts::kNone; // a write
};

std::vector<OwnThread> ownThreadsOf(const Program &program);
/// In order of start and test; one for each test.
std::vector<OwnStop> ownStopsOf(const Program &program);

} // namespace heddle
