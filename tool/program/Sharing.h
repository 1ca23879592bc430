// Sharing: whether two accesses that name one abstract object meet in one real one.
//
// Computes. An object is reachable by two entries when both have a name for it: a global, or an object of a frame of the entry
// that started them (or of one of the two themselves, which gave it to the other). Of an abstract object there may be many real
// ones; two accesses surely meet in one when nothing on the way from the root is an element with an unknown index or a pointer
// whose target nobody was seen to set, and when the object was made before the threads that share it were started: one that is
// made anew for each start, or handed over later (by a queue, say), is another matter, and is unknown, but for its maker: what
// one run of the maker's code made, then gave to a thread and then uses, is the one that this thread has.
//
// Gets wrong: an object that is handed over after the start and then used from both sides is missed. Pointers that are set once
// from outside what is analysed are taken to be stable (Likely).
#pragma once

#include "program/Accesses.h"
#include "program/Entries.h"
#include "program/GivenTests.h"
#include "program/HandOver.h"
#include "program/Invariants.h"
#include "program/LastToArrive.h"
#include "program/Phases.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace heddle {

enum class Identity : uint8_t { Distinct, Unknown, Likely, Same };

class Sharing {
public:
  explicit Sharing(const Program &program);

  const Phases &phases() const { return phases_; }
  const Accesses &accesses() const { return accesses_; }
  const Invariants &invariants() const { return invariants_; }
  const HandOver &handOver() const { return handOver_; }
  const LastToArrive &lastToArrive() const { return lastToArrive_; }
  const GivenTests &givenTests() const { return givenTests_; }
  const Frames &frames() const { return entries_.frames(); }
  const Entries &entries() const { return entries_; }
  const Program &program() const { return program_; }

  /// Whether `object` is one and the same at two points; `why` is told how they share it.
  Identity identity(ObjectId object, Point a, Point b, std::string *why = nullptr) const;
  /// As a reader names it from the outside: "my_point", "state.position".
  std::string nameOf(ObjectId object) const;
  /// What a finding is about: a field by its class, for all instances of it; another variable as it is.
  std::string entityOf(ObjectId object) const;
  /// The event that makes the object, if its frame has one.
  Point madeAt(ObjectId object) const;

private:
  std::string pointerTo(ObjectId id) const;
  bool madeBefore(ObjectId object, EntryId entry) const;
  std::vector<facts::EventId> eventsOf(FrameId frame, Point point) const;
  bool sameInstance(ObjectId object, Point a, Point b) const;

  const Program &program_;
  const Entries &entries_;
  Phases phases_;
  Accesses accesses_;
  Invariants invariants_;
  HandOver handOver_;
  LastToArrive lastToArrive_;
  GivenTests givenTests_;
  mutable std::optional<llvm::DenseMap<ObjectId, ObjectId>> pointed_; // what globals point at: by which
};

} // namespace heddle
