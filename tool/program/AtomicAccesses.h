// Atomic accesses: every load, store and update in one step of an atomic, by body.
//
// Computes. What facts say of the language's atomics (_Atomic, __atomic_…), and calls of member functions of classes that a model
// calls atomic: const ones load, those under `stores` store, the others update in one step. A store is *computed from* a load of
// the same atomic when its value mentions what the load gave, directly or by locals of the body.
//
// Gets wrong: a value that went through another function, or through memory, isn't followed; a local is followed through all of
// its writes, whatever their order. Source: C++ standard, [atomics.types.operations].
#pragma once

#include "program/Program.h"

namespace heddle {

struct AtomicAccess {
  enum Kind : uint8_t { Load, Store, Update } kind = Load;
  facts::EventId event = kNone;
  PlaceId place = kNone; // canonical; the atomic
  PlaceId value = kNone; // of a store
  // Of an update, where the model says so; what the language has itself (`__atomic_fetch_add`) isn't told apart.
  bool raises = false; // only adds
  bool swaps = false;  // its answer says who did it
};

/// What an event does to an atomic; nullopt for others.
std::optional<AtomicAccess> atomicAccessAt(const Program &program, const facts::BodyView &body, facts::EventId event);

/// In order of event.
std::vector<AtomicAccess> atomicAccessesOf(const Program &program, const facts::BodyView &body);

/// The load of the same atomic that a store's value is computed from; kNone if there is none.
facts::EventId computedFrom(const Program &program, const facts::BodyView &body, llvm::ArrayRef<AtomicAccess> all,
                            const AtomicAccess &store);

} // namespace heddle
