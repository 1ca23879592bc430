// Writes under a lock that is held only as shared: others who hold it so run at the same time.
//
// Computes, for each field and global and each lock that is a member of the same object, or global as it is: the accesses with
// the mode in which the lock is held there, callers' locks included. A write with the shared mode only is told when something
// says that the lock is what guards the field: an attribute, or another function that writes it with the lock held exclusively
// (sure), or others that read it under the lock (likely).
//
// Left out: atomics; the first write, constructors and destructors; writes where another lock is held exclusively, or may be, for
// that one can be the writers' own. Gets wrong: fields that only one thread writes, and reads by itself.
#pragma once

#include "program/LockState.h"

namespace heddle {

struct LockedAccess {
  facts::BodyId body = facts::kNone;
  facts::EventId event = facts::kNone;
  PlaceId place = kNone, lock = kNone; // in the body's frame
  Mode mode = Mode::Exclusive;
  bool write = false;
  bool guarded = false; // another lock is held exclusively there, or may be
};

struct SharedWrite {
  LockedAccess write;
  LockedAccess other;    // that shows what the lock guards; `body` is kNone if only the attribute does
  bool declared = false; // by an attribute
  bool sure() const { return declared || (other.write && other.mode == Mode::Exclusive); }
};

class SharedWrites {
public:
  explicit SharedWrites(const Program &program);

  /// One for each function, field and lock.
  std::span<const SharedWrite> all() const { return writes_; }

private:
  /// The field or global, and the lock's way from the same object.
  struct Key {
    facts::OwnerKind owner;
    uint32_t subject;
    PlaceId lock;
    friend auto operator<=>(const Key &, const Key &) = default;
  };

  void collect(facts::BodyId body, std::map<Key, std::vector<LockedAccess>> &out) const;
  HeldSet heldAt(facts::BodyId body, facts::EventId event) const;
  void judge(const Key &key, llvm::ArrayRef<LockedAccess> accesses);
  bool isDeclared(const LockedAccess &access) const;

  const Program &program_;
  std::vector<SharedWrite> writes_;
};

} // namespace heddle
