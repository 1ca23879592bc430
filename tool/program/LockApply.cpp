// What the body of a callee does to a state: one of its outcomes after the other (LockFlow.h).
#include "program/LockFlow.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

/// The one number that a function returns when no lock that waits has given an error; nullopt if there are several, or none.
std::optional<int64_t> wellOf(const LockSummary &summary) {
  std::optional<int64_t> well;
  for (const Outcome &outcome : summary.outcomes) {
    if (outcome.thrown || outcome.refused)
      continue;
    if (outcome.relation != Relation::Eq || (well && *well != outcome.constant))
      return std::nullopt;
    well = outcome.constant;
  }
  return well;
}

} // namespace

/// The callee's locks that it may either take or give back in this call, for all that is known of what it was given: the first
/// call of a batch takes, the last one gives.
std::vector<PlaceId> LockFlow::toggled(EventId id, const Invocation &invocation, const LockSummary &summary,
                                       const PathState &state) {
  std::vector<PlaceId> result;
  auto takes = [](const Outcome &outcome, PlaceId lock) { return PathReader::find(outcome.acquired, lock) != nullptr; };
  auto possible = [&](const Outcome &outcome) {
    PathState copy = state;
    PathReader reader = read(copy);
    return llvm::all_of(outcome.when, [&](const Assumption &a) {
      return reader.assume(reader.value(translated(a.value, invocation, id)), a.relation, a.constant);
    });
  };
  for (const Outcome &gives : summary.outcomes)
    for (PlaceId lock : llvm::concat<const PlaceId>(gives.released, gives.unsure))
      if (llvm::any_of(summary.outcomes, [&](const Outcome &other) { return takes(other, lock) && possible(other); }) &&
          possible(gives))
        result.push_back(lock);
  return result;
}

LockFlow::States LockFlow::applyBody(EventId id, const Invocation &invocation, BodyId callee, const PathState &state) {
  const LockSummary &summary = locks_.summaries_[callee];
  Places &places = program_.places();
  // What ends the program and is only one of what may run (a handler for the worst case) makes nobody wait.
  bool returns = llvm::any_of(summary.outcomes, [](const Outcome &outcome) { return !outcome.thrown; });
  if (id != kNone && (returns || invocation.certainty == Invocation::Exact)) {
    if (!summary.pairs.empty() || !summary.waits.empty() || !summary.given.empty()) {
      PathState copy = state;
      pairsOf(id, invocation, callee, copy);
      waitsOf(id, invocation, summary, copy);
    }
    summary_.unknownCallee = summary_.unknownCallee || summary.unknownCallee;
  }
  if (summary.outcomes.empty())
    return {}; // doesn't come back, as far as is known
  States result;
  result.reserve(summary.outcomes.size());
  // As with a model's `acquire` without `try`: what isn't looked at, or can't be told by the result, is taken to have happened.
  std::vector<PlaceId> toggles = toggled(id, invocation, summary, state);
  bool taken = llvm::any_of(summary.outcomes, [](const Outcome &outcome) { return !outcome.thrown && !outcome.refused; });
  std::optional<int64_t> well = wellOf(summary);
  for (const Outcome &outcome : summary.outcomes) {
    bool error = outcome.refused && !outcome.thrown && outcome.relation == Relation::Always && well;
    bool told = id != kNone && tested_.count(id) && (error || outcome.relation != Relation::Always);
    if (outcome.refused && !outcome.thrown && taken && !told)
      continue;
    PathState after = state;
    after.refused = after.refused || outcome.refused;
    PathReader reader = read(after);
    reader.invalidate([&](FieldId field) { return program_.fieldWrites().by(callee).test(field); });
    if (summary.opaque && id != kNone)
      forgetGiven(id, callee, after);
    auto here = [&](PlaceId place) { return reader.lvalue(translated(place, invocation, id)); };
    bool possible = llvm::all_of(outcome.when, [&](const Assumption &a) {
      return reader.assume(reader.value(translated(a.value, invocation, id)), a.relation, a.constant);
    });
    if (!possible)
      continue;
    for (PlaceId lock : outcome.released)
      if (llvm::is_contained(toggles, lock)) {
        if (PlaceId maybe = here(lock); maybe != kNone)
          doubt(after, maybe);
      } else if (PlaceId gone = here(lock); gone != kNone && !places.isElsewhere(places.root(gone)))
        releaseLock(current_, after, gone, Mode::Any);
      else
        releaseUnnamed(after, lock);
    for (PlaceId lock : outcome.unsure)
      if (PlaceId maybe = here(lock); maybe != kNone)
        doubt(after, maybe);
    for (const Held &held : outcome.acquired) {
      PlaceId lock = here(held.lock);
      EventId at = id == kNone ? current_ : id; // the destructor of a reverse guard, run by what throws there
      if (lock == kNone || at == kNone || places.isElsewhere(places.root(lock)))
        continue;
      bool toggle = llvm::is_contained(toggles, held.lock);
      if (!toggle && blocksItself(after, lock, held.mode)) {
        possible = false;
        break;
      }
      Held mine = held;
      mine.maybe = mine.maybe || toggle;
      mine.lock = lock;
      mine.acquisition = locks_.intern({body_.id, at, lock, held.mode, held.acquisition});
      reader.acquire(mine);
    }
    if (!possible)
      continue; // it never comes back that way
    llvm::SmallVector<std::pair<PlaceId, PlaceId>, 4> stores;
    for (auto [where, what] : outcome.stores) {
      PlaceId to = here(where);
      PlaceId from = reader.value(translated(what, invocation, id));
      if (to == kNone || (what == kNone && !known(after, to)))
        continue;
      bool renamed = what == kNone && id != kNone && nameInUse(after, to);
      stores.emplace_back(to, renamed ? places.make(PlaceKind::Unknown, id) : from);
    }
    for (auto [to, from] : stores)
      reader.store(to, from);
    if (outcome.thrown) {
      if (id != kNone && has(body_.events[id].flags(), EventFlag::MayThrow))
        unwind(body_.events[id].cleanup(), std::move(after),
               outcome.raised && outcome.raised < UINT8_MAX && invocation.certainty == Invocation::Exact ? outcome.raised + 1
                                                                                                         : 0);
      continue;
    }
    if (id != kNone) {
      PlaceId scalar = places.make(PlaceKind::Result, id);
      if (PlaceId value = outcome.value == kNone ? kNone : reader.value(translated(outcome.value, invocation, id));
          value != kNone && body_.events[id].result() == kNone)
        reader.store(scalar, value);
      if (!reader.assume(reader.value(scalar), outcome.relation, outcome.constant))
        continue;
      if (error)
        reader.assumeError(reader.value(scalar), *well);
    }
    if (std::find(result.begin(), result.end(), after) == result.end())
      result.push_back(std::move(after));
  }
  return result;
}

} // namespace heddle
