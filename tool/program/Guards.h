// Guards: for each field and global, which lock is held at how many of its accesses.
//
// Computes. A subject is a global variable or a field, with the fields of a class that it holds by value told apart by the way to
// them (`this->position.x`). Each access of each body is taken as many times as there are ways to call the body, up to a bound,
// with the locks that the callers hold: what a private function requires is then what its callers do. A lock guards an access
// *strongly* when it is a global one, or a member of the object that the access reaches its field from, or of one on the way to
// it: of instances that are told apart, it is surely the right one. Left out is what no other thread can see: constructors and
// destructors, and what only they call; functions that make or destroy the object's lock; objects that the function made itself;
// locals; what GUARDED_BY names a lock for (LockDemands.h has a say there); what a function does to an object that it frees on
// every way on, or that it is given to move from; and, in a library, functions that make or free what a global points at and take
// no lock: they set it up and tear it down.
//
// A field of a class that owns a lock is one subject, whatever variable the object is; other fields of globals belong to the
// variable.
//
// A class that owns a lock, or whose users lock around its fields, says by that that it is shared: no thread has to be seen.
//
// A lock that main holds around calls that give it back and take it again is the main thread's turn (an interpreter's lock): it
// says who may run, and what happens to be done meanwhile is not what it guards.
//
// What runs a callback holds its own locks around it: they say nothing of what the callback's author meant to guard, so they make
// nothing guarded strongly, except for a lambda that is made where it is run.
//
// Gets wrong: who calls through a pointer that isn't known, and from outside of the program, is not among the callers; elements
// of an array are one subject. Source: Engler, Chen, Hallem, Chou and Chelf, "Bugs as Deviant Behavior", SOSP 2001; ownership of
// a class by its lock as in RacerD (Blackshear et al., OOPSLA 2018).
#pragma once

#include "program/BodyAccesses.h"
#include "program/GuardLocks.h"

#include <map>
#include <set>

namespace heddle {

/// A subject: the global or the fields from the last pointer, or the last class that owns a lock, on; outermost first.
struct Subject {
  facts::VariableId global = kNone;
  llvm::SmallVector<facts::FieldId, 2> fields;
  bool operator<(const Subject &other) const { return std::tie(global, fields) < std::tie(other.global, other.fields); }
  bool operator==(const Subject &other) const = default;
};

struct GuardedAccess : AccessKind {
  facts::BodyId body = kNone;
  facts::EventId event = kNone;
  struct Call {
    facts::BodyId body;
    facts::EventId event;
    friend auto operator<=>(const Call &, const Call &) = default;
  };
  llvm::SmallVector<Call, 2> calls;       // that lead there, the nearest first
  llvm::SmallVector<GuardLock, 2> surely; // held, and strong; sorted
  LockNames somehow;                      // held on some path, or of some object; those of `surely` are in it
  bool anyLock = false;                   // holds some lock
  bool unclear = false;                   // what is held isn't all known, or nobody is to look at it
  bool ending = false;                    // in its object's destructor, beside those for whom that waits
  facts::BodyId cut = kNone;              // the body in which the ways to it are no longer told apart
  PlaceId object = kNone;                 // what the field is reached from, in the body
  PlaceId reached = kNone;                // the place in the frame of the last of `calls`; kNone if it has no name there
};

class Guards {
public:
  static constexpr size_t kWays = 12; // to call a body
  static constexpr size_t kDepth = 3;

  explicit Guards(const Program &program);

  const std::map<Subject, std::vector<GuardedAccess>> &all() const { return subjects_; }

  /// Whether the access holds a lock, as far as is seen: `lock`, or one that may be any.
  static bool mayHold(const GuardedAccess &access, GuardLock lock) { return access.somehow.mayHave(lock); }
  /// Whether some way to the access, of those that aren't told apart, may hold the lock.
  bool mayHoldAbove(const GuardedAccess &access, GuardLock lock) const {
    return access.cut != kNone && names_.above(access.cut).mayHave(lock);
  }
  /// Whether it is known that the access holds no lock, or some that it does.
  bool clear(const GuardedAccess &access) const {
    return !access.unclear && (access.cut == kNone || !access.somehow.empty() || names_.above(access.cut).empty());
  }
  /// Whether the lock is a member of the subject's own object, or of a struct in it, by value; not so a global one.
  bool ownsLock(const Subject &subject, GuardLock lock) const;
  /// Whether an access goes through the object that the lock is a member of; a global lock is everybody's.
  bool goesThroughOwner(const GuardedAccess &access, const Subject &subject, GuardLock lock) const;
  /// Whether the two may have a lock in common.
  bool mayShareLock(const GuardedAccess &a, const GuardedAccess &b) const;
  const GuardLocks &lockNames() const { return names_; }
  /// The events of a body that start a thread.
  llvm::ArrayRef<facts::EventId> startsOf(facts::BodyId body) const;

  /// As a reader names it: "Account::balance", "queue_size"; and the lock: "mu_", "queue_lock".
  std::string nameOf(const Subject &subject) const;
  std::string shortNameOf(const Subject &subject) const;
  /// For findings: the field by its class, as other checks name it.
  std::string entityOf(const Subject &subject) const;
  std::string entityOf(const GuardLock &lock) const;
  std::string nameOf(const GuardLock &lock) const;
  facts::TypeId typeOf(const Subject &subject) const;

private:
  struct Climb {
    GuardedAccess access;
    std::optional<Subject> subject; // none yet: what a parameter points at
    PlaceId place, object;          // in the frame that was reached, kNone if they have no name there
    bool handed = false;            // the frame runs it as a callback of somebody else's
  };

  std::optional<Subject> subjectOf(PlaceId place, PlaceId &object) const;
  bool mayMatter(const Subject &subject) const;
  bool declaresGuard(facts::OwnerKind kind, uint32_t owner) const;
  bool throughParameter(PlaceId place) const;
  bool throughPointer(PlaceId place) const;
  bool own(const facts::BodyView &body, PlaceId object) const;
  PlaceId smartPointer(const facts::BodyView &body, PlaceId pointer) const;
  bool takenOut(const facts::BodyView &body, PlaceId pointer) const;
  bool startsBefore(facts::BodyId body, facts::EventId event) const;
  const std::vector<PlaceId> &initialisedBy(facts::BodyId body, unsigned depth = 0) const;
  bool makesLockOf(facts::BodyId body, PlaceId object) const;
  using Endings = std::vector<std::pair<facts::EventId, PlaceId>>;
  const Endings &endingsOf(facts::BodyId body, unsigned depth = 0) const;
  bool endedOnAllWays(facts::BodyId body, facts::EventId from, PlaceId object) const;
  bool setsUpLibrary(facts::BodyId body) const;
  bool unseen(facts::BodyId body, facts::EventId event, PlaceId object) const;
  bool endsBeside(const Climb &at, facts::BodyId body, facts::EventId event) const;
  bool isInterface(facts::BodyId body) const;
  bool givenUnderLock(facts::BodyId body) const;
  void climb(Climb at, facts::BodyId body, facts::EventId event, size_t &ways);
  bool ofAnother(const Climb &at, PlaceId lock) const;
  void addLocks(Climb &at, const HeldSet &held) const;
  void findTurns();

  const Program &program_;
  const LockState &locks_;
  GuardLocks names_;
  std::map<Subject, std::vector<GuardedAccess>> subjects_;
  std::set<PlaceId> turns_;                                             // global locks by which main lets others run
  mutable std::map<facts::BodyId, std::vector<PlaceId>> initialised_;   // by body: locks that it makes or destroys
  mutable std::map<facts::BodyId, std::vector<facts::EventId>> starts_; // of threads
  mutable std::map<facts::BodyId, Endings> endings_;
  mutable std::set<facts::FunctionId> givenUnderLock_;
  mutable bool givenKnown_ = false;
  mutable std::map<facts::BodyId, bool> setsUp_; // by body: sets a library up, or tears it down
};

} // namespace heddle
