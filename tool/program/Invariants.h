// Invariants: fields of one object that belong together, told from how the program writes and reads them.
//
// Computes, for every frame, its *groups*: fields of one object that it writes in one stretch (one block, with no lock taken or
// released and no other thread waited for in between), and fields of one object that it reads so close that one run sees both.
// Two or more fields that some frame writes as a group and another reads or writes as a group have an invariant between them.
//
// Fields that don't: counters (only ever updated by ++ and +=), flags (only ever given constants), atomics, and fields whose
// writes in a group are all constants (a reset says nothing of how they belong together).
//
// Gets wrong: fields that are always written by two calls of setters are no group; statistics that are assigned in one place and
// printed in one place look like one.
#pragma once

#include "program/Accesses.h"

namespace heddle {

struct Group {
  FrameId frame = kNone;
  ObjectId object = kNone; // whose fields
  bool writes = false;
  std::vector<uint32_t> members; // accesses, in order of events; the first of each field
};

class Invariants {
public:
  Invariants(const Program &program, const Entries &entries, const Phases &phases, const Accesses &accesses);

  llvm::ArrayRef<Group> all() const { return groups_; }
  llvm::ArrayRef<uint32_t> of(ObjectId object) const;
  llvm::ArrayRef<ObjectId> objects() const { return objects_; }

private:
  void findCounters();
  void group(llvm::ArrayRef<uint32_t> ofFrame);
  void addGroup(llvm::ArrayRef<uint32_t> members, bool writes);
  bool together(const Access &a, const Access &b) const;
  bool counts(const Access &access) const;

  const Program &program_;
  Frames &frames_;
  const Phases &phases_;
  const Accesses &accesses_;
  std::vector<Group> groups_;
  std::vector<ObjectId> objects_;
  llvm::DenseMap<ObjectId, std::vector<uint32_t>> byObject_;
  llvm::DenseMap<facts::FieldId, uint8_t> writes_; // how a field is written: kUpdates, kConstants, kValues
};

} // namespace heddle
