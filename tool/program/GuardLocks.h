// GuardLocks: locks by the names under which accesses in many functions have them in common, and which of them callers may hold.
//
// Computes. A lock is named by the global that it is, or by the field that it is a member as; an array of locks is one name, told
// apart by the index where that matters. A lock in memory that a field or global points at is named by that pointer: surely,
// where all that is ever stored in the pointer was made for it; else the pointer may name any lock. What only a local or a
// parameter points at has no name. For every body, the names of what is held on some way of calls to it.
//
// Gets wrong: two objects of one class have one name; a pointer that is set through another pointer, or by a library, is taken to
// be set as the writes that are seen say.
#pragma once

#include "program/LockState.h"

#include "llvm/ADT/SmallVector.h"

#include <map>
#include <tuple>

namespace heddle {

/// A lock as the accesses of many functions have it in common: a global one, or a field of a class.
struct GuardLock {
  PlaceId global = kNone;
  facts::FieldId field = kNone;
  friend auto operator<=>(const GuardLock &, const GuardLock &) = default;
};

/// One lock's place. A member of a global has both names.
struct LockName {
  PlaceId global = kNone;
  facts::FieldId field = kNone;
  PlaceId owner = kNone; // of a field: the object that the access reaches its fields from
  PlaceId index = kNone; // of an array's element, where it is known
  bool element = false;
  bool ambiguous = false; // it is, or may be, one that has another name
};

/// Names of locks, and whether there are others beside them that have none.
struct LockNames {
  struct Name {
    GuardLock lock;
    bool maybe;    // not on every path
    uint8_t calls; // of an access: how many calls up it is held
  };
  llvm::SmallVector<Name, 2> names; // sorted by lock
  bool others = false;

  bool empty() const { return names.empty() && !others; }
  void add(GuardLock lock, bool maybe, uint8_t calls = 0);
  const Name *find(GuardLock lock) const;
  bool mayHave(GuardLock lock) const { return others || find(lock); }
  bool surelyHas(GuardLock lock) const {
    const Name *name = find(lock);
    return name && !name->maybe;
  }
};

class GuardLocks {
public:
  explicit GuardLocks(const Program &program);

  LockName nameOf(const Held &held) const { return nameOf(placeOf(held)); }
  LockName nameOf(PlaceId lock) const;
  PlaceId placeOf(const Held &held) const { return program_.places().canonical(locks_.lockObject(held.lock)); }
  /// Locks that the body gives back for its caller at or after an event: who called it held them.
  HeldSet givenBack(facts::BodyId body, facts::EventId event) const;
  /// The lock as the event that takes it names it, where that is one of the body itself; else kNone.
  PlaceId asWritten(const Held &held) const;
  /// Whether a lock has, by either of its ways of being named, this name.
  bool is(const Held &held, GuardLock lock) const;
  void add(LockNames &names, const Held &held, uint8_t calls = 0) const;
  /// Held on some way of calls to a body.
  const LockNames &above(facts::BodyId body) const { return above_[body]; }
  /// Whether a pointer's value is an object that the body made, directly or by a function that makes and returns one.
  bool fresh(const facts::BodyView &body, PlaceId value, unsigned depth = 0) const;
  /// Whether a call gives back a new object.
  bool makes(const facts::Event &call, unsigned depth = 0) const;

private:
  bool ownMemory(PlaceId pointer) const;
  void indexPointers() const;
  void findAbove();
  bool inherit(facts::BodyId body);

  const Program &program_;
  const LockState &locks_;
  std::vector<LockNames> above_;
  using Pointer = std::pair<PlaceKind, uint32_t>; // a field's or global's kind and id
  mutable std::map<Pointer, bool> ownMemory_;     // by pointers to locks that are stored anywhere
  mutable bool indexed_ = false;
};

} // namespace heddle
