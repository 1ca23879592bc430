// Lock members: which locks and conditions are part of an object, and so are copied, destroyed and shared with it.
//
// Computes, for an object of a class, the places of the locks that it is or holds by value, through members and bases of members.
// Gets wrong: arrays of locks have no member that could be named, and are left out.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

namespace heddle {

class LockMembers {
public:
  explicit LockMembers(const Program &program) : program_(program) {}

  /// The locks in `object`, itself included; `kind` is what models call them: "lock", "semaphore", "condition".
  std::vector<PlaceId> in(PlaceId object, facts::RecordId record, llvm::StringRef kind = "lock") const;
  /// How many bytes the members of an object have together, without what lies between them.
  uint64_t bytesOf(facts::TypeId type, unsigned depth = 0) const;

private:
  void collect(PlaceId object, facts::RecordId record, llvm::StringRef kind, unsigned depth, std::vector<PlaceId> &out) const;

  const Program &program_;
};

} // namespace heddle
