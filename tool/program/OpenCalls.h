// Calls of code that the target doesn't know, made with a lock held.
//
// Computes, for each body, the calls whose target is *open* and what they surely hold. A target is open where somebody outside of
// the target decides it, not where this analysis lost it: a callable that is kept in a field or global and that a function which
// outsiders may call stores from its argument (FunctionSet::registered), or a pure method of a class of the project that no class
// of the target overrides. A program with main has none: what it runs is in it.
//
// Left out, each by a veto of its own:
// * what is asked and not told: a result that is used (comparators, hash functions, allocators, predicates);
// * deleters: one pointer, which is neither the callable's owner nor kept beside it;
// * what is documented to be called so: REQUIRES on the method, a name that ends in "locked";
// * recursive locks, semaphores and locks of the function's own; constructors and destructors.
//
// Gets wrong: a lock that a caller holds further up isn't seen; a callback of one pointer argument may be taken for a deleter.
// Source: C++ Core Guidelines, CP.22 ("Never call unknown code while holding a lock").
#pragma once

#include "program/LockState.h"

namespace heddle {

struct OpenCall {
  facts::BodyId body = kNone;
  facts::EventId event = kNone;
  PlaceId callable = kNone; // where the callable is kept, in the body's frame; kNone for a method
  facts::FunctionId method = kNone;
  Held held;
};

/// In order of body and event; each with the first of the locks that are held.
std::vector<OpenCall> openCallsUnderLock(const Program &program);

/// What is called, as a reader names it: "Connection::closed_".
std::string nameOf(const Program &program, const OpenCall &call);

} // namespace heddle
