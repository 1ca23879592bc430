// What one invocation of a body does to a state: the callee's summary in its caller's frame. A model's is in LockModels.cpp.
#include "program/LockFlow.h"
#include "program/LockKinds.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr size_t kPairs = 512;     // critical pairs of a body
constexpr uint32_t kDeepLock = 10; // steps of a lock's name
} // namespace

void LockFlow::addPair(CriticalPair pair) {
  std::vector<PlaceId> held;
  for (const Held &h : pair.held)
    held.push_back(h.lock);
  if (summary_.pairs.size() >= kPairs) {
    cutShort();
    return;
  }
  auto [known, fresh] = pairKeys_.try_emplace(std::tuple(pair.lock, pair.mode, pair.attempt, std::move(held),
                                                         std::vector<PlaceId>(pair.released.begin(), pair.released.end())),
                                              summary_.pairs.size());
  if (fresh)
    summary_.pairs.push_back(std::move(pair));
  else { // the same under the conditions that both share
    summary_.pairs[known->second].maybe &= pair.maybe;
    llvm::erase_if(summary_.pairs[known->second].when, [&](const Assumption &a) { return !llvm::is_contained(pair.when, a); });
  }
}

/// Whether an event runs the invocation for some object that this body is run for. Of those that may stand for a method each has
/// a class of its own, which takes part unless it overrides the method that we are in, too.
bool LockFlow::mayRun(EventId id, const Invocation &invocation) const {
  if (invocation.certainty == Invocation::Exact)
    return true;
  // Of a global's own table the program says which entry it is; of what a caller gives, any may be in it.
  const Event &event = body_.events[id];
  PlaceKind root =
      event.place() == kNone ? PlaceKind::Unknown : program_.places().rootKind(program_.places().canonical(event.place()));
  if (root != PlaceKind::This && root != PlaceKind::Param)
    return false;
  RecordId other = program_.facts().functions()[invocation.function].record();
  return llvm::none_of(program_.calls().overriders(body_.function()), [&](FunctionId overrider) {
    RecordId record = program_.facts().functions()[overrider].record();
    return overrider != body_.function() && record != kNone && record == other;
  });
}

void LockFlow::pairsOf(EventId id, const Invocation &invocation, BodyId calleeId, PathState &state, const Path &path) {
  const LockSummary &callee = locks_.summaries_[calleeId];
  pairsOfGiven(id, invocation, calleeId, state, path);
  Places &places = program_.places();
  PathReader reader = read(state);
  auto here = [&](PlaceId place) { return reader.lvalue(translated(place, invocation, id)); };
  auto taken = [&](PlaceId lock, Mode mode, AcquisitionId via) {
    // What runs a callback is on the way to its locks, and has no name for them.
    for (auto [body, event] : llvm::reverse(path))
      via = locks_.intern({body, event, places.make(PlaceKind::Unknown, kNone), mode, via});
    return locks_.intern({body_.id, id, lock, mode, via});
  };
  for (const CriticalPair &pair : callee.pairs) {
    PlaceId lock = here(pair.lock);
    if (lock == kNone || places.depth(lock) > kDeepLock)
      continue;
    Truth possible = Truth::Yes;
    Assumptions when; // the callee's first: they are nearer to the lock
    for (const Assumption &a : pair.when) {
      PlaceId value = reader.value(translated(a.value, invocation, id));
      Truth truth = reader.test(value, a.relation, a.constant);
      possible = truth == Truth::Yes || possible == Truth::No ? possible : truth;
      if (truth == Truth::Unknown)
        addCondition(when, {value, a.relation, a.constant});
    }
    if (possible == Truth::No)
      continue;
    addConditions(when, state);
    CriticalPair mine{lock, pair.mode, pair.attempt, taken(lock, pair.mode, pair.acquisition), {}, {}, std::move(when)};
    mine.released = releasedBy(state);
    mine.maybe = pair.maybe || invocation.certainty != Invocation::Exact;
    llvm::SmallVector<PlaceId, 2> released;
    for (PlaceId place : pair.released)
      if (PlaceId gone = here(place); gone != kNone)
        released.push_back(gone);
    for (const Held &held : state.held)
      if (!llvm::is_contained(released, held.lock))
        mine.held.push_back(held);
    for (PlaceId gone : released)
      if (!PathReader::find(state.held, gone) && !llvm::is_contained(mine.released, gone))
        mine.released.push_back(gone);
    std::sort(mine.released.begin(), mine.released.end());
    for (const Held &held : pair.held) {
      PlaceId place = here(held.lock);
      if (place == kNone || PathReader::find(mine.held, place))
        continue;
      Held moved = held;
      moved.lock = place;
      moved.acquisition = taken(place, held.mode, held.acquisition);
      mine.held.push_back(moved);
    }
    std::sort(mine.held.begin(), mine.held.end());
    // Else the callee's own frame says it, or nobody can: another object, another callback.
    bool sure = !pair.maybe && mayRun(id, invocation) && places.rootKind(lock) != PlaceKind::Unknown;
    // One half of a protocol may be the other one, by a condition that isn't known.
    if (possible == Truth::Unknown && llvm::any_of(callee.outcomes, [&](const Outcome &outcome) {
          return llvm::is_contained(outcome.released, pair.lock) || llvm::is_contained(outcome.unsure, pair.lock);
        }))
      sure = false;
    if (sure && !PathReader::find(pair.held, pair.lock))
      claimReacquired(id, mine, /*conditional=*/possible == Truth::Unknown, state);
    addPair(std::move(mine));
  }
}

bool LockFlow::known(const PathState &state, PlaceId place) const {
  const Places &places = program_.places();
  return llvm::any_of(state.env, [&](const auto &entry) { return places.within(entry.first, place); }) ||
         llvm::any_of(state.assumed, [&](const Assumption &a) { return places.mentions(a.value, place); }) ||
         nameInUse(state, place);
}

bool LockFlow::nameInUse(const PathState &state, PlaceId place) const {
  const Places &places = program_.places();
  return llvm::any_of(state.held, [&](const Held &held) { return places.mentions(held.lock, place); }) ||
         llvm::any_of(state.env, [&](const auto &entry) { return places.mentions(entry.second, place); });
}

void LockFlow::releaseUnnamed(PathState &state, PlaceId lock) {
  for (Held &held : state.held)
    held.maybe = held.maybe || alike(program_.places(), held.lock, lock);
  if (llvm::none_of(releases_, [&](const auto &known) { return known.first == lock; }))
    releases_.emplace_back(lock, current_);
}

llvm::SmallVector<PlaceId, 1> LockFlow::releasedBy(const PathState &state) {
  llvm::SmallVector<PlaceId, 1> result(state.released);
  result.append(state.unsure.begin(), state.unsure.end());
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

void LockFlow::doubt(PathState &state, PlaceId lock) {
  for (Held &held : state.held)
    held.maybe = held.maybe || held.lock == lock;
  read(state).eraseFree(lock);
  if (!PathReader::find(state.held, lock) && outward(lock) != kNone && !llvm::is_contained(state.unsure, lock))
    state.unsure.insert(std::lower_bound(state.unsure.begin(), state.unsure.end(), lock), lock);
}

void LockFlow::releaseLock(EventId event, PathState &state, PlaceId lock, Mode mode) {
  Places &places = program_.places();
  if (lock == kNone)
    return;
  PathReader reader = read(state);
  reader.forget(assertionOf(lock));
  if (const Held *known = PathReader::find(state.held, lock)) {
    releasedHere(event, *known);
    if (!known->maybe && !state.merged && mode != Mode::Any && known->mode != mode)
      claim({LockMisuse::WrongMode, body_.id, event, lock, mode, known->acquisition, kNone, kNone, false});
    reader.release(lock);
    if (!PathReader::find(state.held, lock))
      reader.setFree(lock, event, /*failed=*/false);
    return;
  }
  // Another name of a held lock: the only one held that is the same member, where one of the two names isn't exact.
  const facts::Place last = places[lock];
  PlaceId other = kNone;
  unsigned found = 0;
  for (const Held &held : state.held) {
    const facts::Place &h = places[held.lock];
    bool sameMember = h.kind() == last.kind() && (h.kind() != PlaceKind::Field || h.id() == last.id());
    bool inexact = places.rootKind(held.lock) == PlaceKind::Unknown || places.rootKind(lock) == PlaceKind::Unknown ||
                   places.rootKind(held.lock) == PlaceKind::Result || places.rootKind(lock) == PlaceKind::Result;
    if (sameMember && inexact) {
      other = held.lock;
      ++found;
    }
  }
  if (found == 1) {
    releasedHere(event, *PathReader::find(state.held, other));
    reader.release(other);
    return;
  }
  if (found > 1) // one of them, who knows which
    for (Held &held : state.held)
      held.maybe = true;
  if (const Free *free = reader.findFree(lock)) {
    if (!unwinding_ && !state.merged)
      claim({LockMisuse::NotHeld, body_.id, event, lock, mode, kNone, kNone, free->since, false, free->failed});
    return;
  }
  if (outward(lock) != kNone) {
    if (!llvm::is_contained(state.released, lock))
      state.released.insert(std::lower_bound(state.released.begin(), state.released.end(), lock), lock);
    if (llvm::none_of(releases_, [&](const auto &known) { return known.first == lock; }))
      releases_.emplace_back(lock, event);
    if (!unwinding_ && !state.merged && !state.refused) // that a lock which waits can't be had, few believe, and go on
      claim({LockMisuse::NotTaken, body_.id, event, lock, mode});
  }
  reader.setFree(lock, event, /*failed=*/false);
}

} // namespace heddle
