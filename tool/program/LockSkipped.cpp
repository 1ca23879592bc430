// Releases on ways of a function that skip the acquisition which its other ways have (LockMisuse.h).
#include "facts/Relations.h"
#include "program/CallGraph.h"
#include "program/Guards.h"
#include "program/LockMisuse.h"
#include "program/PathState.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

/// Whether a body that is called does to the lock the same on all its ways, as far as its name tells: what depends on more than
/// that may go together with what the caller did.
template <typename Has> bool always(const Program &program, BodyId callee, Has has) {
  return llvm::all_of(program.locks().summary(callee).outcomes,
                      [&](const Outcome &outcome) { return outcome.thrown || outcome.refused || has(outcome); });
}

} // namespace

/// Whether the body takes the lock where it hasn't touched it before, waits for it, and gives it back; not so on a way that a
/// number which the caller passes keeps apart from those of `when`.
bool LockMisuses::takesFirst(BodyId id, PlaceId lock, const Assumptions &when) const {
  const LockState &locks = program_.locks();
  const Places &places = program_.places();
  auto chosen = [&](const Assumption &a, const Assumption &b) {
    PlaceId passed = places[a.value].kind() == PlaceKind::Expr ? places.canonical(places[a.value].parent()) : a.value;
    if (a.value != b.value || places[passed].kind() != PlaceKind::Param)
      return false;
    return implied(a.relation, a.constant, b.relation, b.constant) == false;
  };
  const LockSummary &summary = locks.summary(id);
  auto untouched = [&](const Outcome &outcome) {
    return !PathReader::find(outcome.acquired, lock) && !llvm::is_contained(outcome.released, lock) &&
           !llvm::is_contained(outcome.unsure, lock);
  };
  auto takes = [&](const CriticalPair &pair) {
    if (pair.lock != lock || pair.mode != Mode::Exclusive || pair.attempt || pair.maybe ||
        llvm::is_contained(pair.released, lock) || llvm::any_of(pair.when, [&](const Assumption &a) {
          return llvm::any_of(when, [&](const Assumption &b) { return chosen(a, b); });
        }))
      return false;
    AcquisitionId via = locks.acquisition(pair.acquisition).via;
    if (via == kNone)
      return true;
    PlaceId inner = locks.acquisition(via).lock;
    auto leaves = [&](const Outcome &outcome) { return PathReader::find(outcome.acquired, inner) != nullptr; };
    BodyId callee = locks.acquisition(via).body;
    return always(program_, callee, leaves) || always(program_, callee, [&](const Outcome &o) { return !leaves(o); });
  };
  return llvm::any_of(summary.pairs, takes) &&
         llvm::any_of(summary.outcomes, [&](const Outcome &outcome) { return !outcome.thrown && untouched(outcome); });
}

/// Whether an event that releases the lock does so whatever it finds.
bool LockMisuses::releasesAlways(const LockMisuse &claim) const {
  BodyView body = program_.facts().body(claim.body);
  for (const Invocation &invocation : program_.calls().invocations(body, claim.event))
    for (BodyId callee : program_.bodiesOf(invocation.function))
      if (!always(program_, callee, [](const Outcome &outcome) { return !outcome.released.empty(); }))
        return false;
  return true;
}

/// Whether the function itself, or one that only others call, takes such a lock and leaves with it: they may come here with it.
/// Where the callers are seen, callerMayHold() knows.
bool LockMisuses::takenForOthers(const LockMisuse &claim) const {
  auto takes = [&](BodyId id) {
    return llvm::any_of(program_.locks().summary(id).outcomes, [&](const Outcome &outcome) {
      return llvm::any_of(outcome.acquired, [&](const Held &held) { return alike(program_.places(), held.lock, claim.lock); });
    });
  };
  return takes(claim.body) || (!program_.hasMain() && llvm::any_of(program_.bodies(), [&](BodyId id) {
           return program_.calls().callers(id).empty() && takes(id);
         }));
}

/// Whether the way that releases it has left out what the other ways do.
bool LockMisuses::skipped(const LockMisuse &claim) const {
  const LockState &locks = program_.locks();
  bool leaves = llvm::any_of(locks.summary(claim.body).outcomes, [&](const Outcome &outcome) {
    return !outcome.thrown && llvm::is_contained(outcome.released, claim.lock) &&
           takesFirst(claim.body, claim.lock, outcome.when);
  });
  return leaves && releasesAlways(claim) && locks.recursive(claim.lock, claim.body) == false &&
         !callerMayHold(claim.body, claim.lock) && !takenForOthers(claim);
}

void LockMisuses::addSkipped() {
  for (LockMisuse claim : skipped_) {
    claim.kind = LockMisuse::NotHeld;
    claim.skipped = true;
    if (llvm::none_of(misuses_, [&](const LockMisuse &m) {
          return m.kind == LockMisuse::NotHeld && m.body == claim.body && m.lock == claim.lock;
        }))
      misuses_.push_back(claim);
  }
}

/// Whether the release is told already, of the body or of one that it calls for it.
bool LockMisuses::toldBelow(BodyId id, EventId event, PlaceId lock, unsigned depth) const {
  auto told = [&](const LockMisuse &m) {
    return m.kind == LockMisuse::NotHeld && m.body == id && m.event == event && m.lock == lock;
  };
  if (llvm::any_of(misuses_, told))
    return true;
  BodyView body = program_.facts().body(id);
  for (const Invocation &invocation : program_.calls().invocations(body, event))
    for (BodyId callee : program_.bodiesOf(invocation.function))
      for (auto [inner, release] : program_.locks().releases(callee))
        if (depth > 0 && toldBelow(callee, release, inner, depth - 1))
          return true;
  return false;
}

/// Whether one that is seen to call the body holds the lock, or one that may be it.
bool LockMisuses::callerMayHold(BodyId id, PlaceId lock) const {
  const GuardLocks &names = program_.guards().lockNames();
  LockName name = names.nameOf(program_.places().canonical(lock));
  const LockNames &above = names.above(id);
  return above.others || (name.global != kNone && above.find({name.global, kNone})) ||
         (name.field != kNone && above.find({kNone, name.field}));
}

} // namespace heddle
