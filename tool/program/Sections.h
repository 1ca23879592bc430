// Sections: the uses of guarded data by the critical section that they are in, as every function on the way to them sees it.
//
// Computes. A subject (Guards.h) is *guarded* when every write of it surely holds one lock. Each of its accesses is seen by the
// function that makes it and by those that call that one, as far as Guards follows the calls: there the call is the use. The
// section of a use is taken by the function that sees it (`Here`), by one that it calls (`Callee`: it begins and ends within the
// use), or there is none. Two uses that one run of a function makes one after the other are in sections *apart* when on every way
// from the first to the second the lock is let go.
//
// Left out: ways on which a caller holds some lock, for what a section of it keeps together isn't known here; accesses of which
// the locks aren't known; elements, of which one name may mean two. Gets wrong: a wait for a condition lets go of the lock and
// is no end of a section here. Source: critical sections as units, Flanagan and Qadeer, "A Type and Effect System for Atomicity",
// PLDI 2003.
#pragma once

#include "program/BlockGraph.h"
#include "program/Guards.h"

#include <map>
#include <memory>

namespace heddle {

struct SectionUse {
  enum Section : uint8_t { None, Callee, Here };
  const GuardedAccess *access = nullptr;
  uint32_t subject = 0; // index in Sections::subjects()
  uint32_t level = 0;   // calls of the access that are below `body`
  facts::BodyId body = kNone;
  facts::EventId event = kNone; // the access itself, or the call that leads to it
  PlaceId place = kNone;        // in `body`
  Section section = None;

  /// The function below on the way to the access, or its own: at `level`, and its event there.
  GuardedAccess::Call at(uint32_t level) const {
    return level == 0 ? GuardedAccess::Call{access->body, access->event} : access->calls[level - 1];
  }
};

struct GuardedSubject {
  const Subject *subject = nullptr;
  const std::vector<GuardedAccess> *accesses = nullptr;
  GuardLock guard;
};

class Sections {
public:
  explicit Sections(const Program &program);

  llvm::ArrayRef<GuardedSubject> subjects() const { return subjects_; }
  const GuardedSubject &subjectOf(const SectionUse &use) const { return subjects_[use.subject]; }
  /// Uses in a body, in order of event.
  llvm::ArrayRef<SectionUse> in(facts::BodyId body) const;
  /// Bodies with uses, in order.
  const std::map<facts::BodyId, std::vector<SectionUse>> &all() const { return uses_; }
  const BlockGraph &graph(facts::BodyId body) const { return program_.graph(body); }

  /// Whether the first comes before the second in one run of the body, on some way.
  bool inOrder(const SectionUse &first, const SectionUse &second) const;
  /// Whether the lock is let go between two uses of one body, on every way from the first to the second.
  bool apart(const SectionUse &first, const SectionUse &second) const;
  /// Whether both are in one section that this body sees: one that it takes, or that a callee leaves with.
  bool together(const SectionUse &a, const SectionUse &b) const;
  /// Whether some other lock is held at both.
  bool gated(const SectionUse &a, const SectionUse &b) const;

private:
  std::optional<GuardLock> guardOf(const std::vector<GuardedAccess> &accesses) const;
  void add(uint32_t subject, const GuardedAccess &access);
  PlaceId placeOf(const Subject &subject, const GuardedAccess &access) const;
  PlaceId outward(PlaceId place, facts::BodyId callee, const GuardedAccess::Call &call) const;
  bool holds(facts::BodyId body, facts::EventId event, const GuardLock &guard) const;
  bool lockedAt(const GuardedAccess::Call &call) const;
  bool lockedAbove(const GuardedAccess &access, uint32_t level) const;

  const Program &program_;
  const LockState &locks_;
  std::vector<GuardedSubject> subjects_;
  std::map<facts::BodyId, std::vector<SectionUse>> uses_;
};

} // namespace heddle
