// What a body runs that its caller gave it: the summary names it by its parameter (GivenRun), and the first caller that knows
// what it is has its locks, under those that are held around the run on the way down.
#include "program/CallGraph.h"
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr size_t kGiven = 64; // runs of what it was given
constexpr size_t kPath = 12;  // calls down to one
} // namespace

void LockFlow::addRun(GivenRun run) {
  auto same = [&](const GivenRun &known) {
    return known.callable == run.callable && known.released == run.released && known.path.front() == run.path.front() &&
           std::equal(known.held.begin(), known.held.end(), run.held.begin(), run.held.end(),
                      [](const Held &a, const Held &b) { return a.lock == b.lock && a.maybe == b.maybe; });
  };
  if (auto known = llvm::find_if(summary_.given, same); known != summary_.given.end()) {
    llvm::erase_if(known->when, [&](const Assumption &a) { return !llvm::is_contained(run.when, a); });
    known->maybe &= run.maybe;
  } else if (summary_.given.size() >= kGiven || run.path.size() > kPath) {
    cutShort();
  } else {
    summary_.given.push_back(std::move(run));
  }
}

/// The body runs what it was given, at an event of its own.
void LockFlow::runGiven(EventId id, PlaceId callable, llvm::ArrayRef<PlaceId> arguments, const PathState &state) {
  GivenRun run;
  run.callable = callable;
  run.arguments.assign(arguments.begin(), arguments.end());
  run.path = {{body_.id, id}};
  run.held = state.held;
  run.released = releasedBy(state);
  run.when = given(state);
  addRun(std::move(run));
}

/// The event is a call of it.
void LockFlow::runGivenAt(EventId id, const States &states) {
  const Event &event = body_.events[id];
  if (event.kind() != EventKind::Call || event.callee() != kNone || event.place() == kNone)
    return;
  Places &places = program_.places();
  PlaceId callable = places.canonical(event.place());
  if (!program_.calls().isGiven(callable, body_))
    return;
  llvm::SmallVector<PlaceId, 4> arguments;
  for (PlaceId operand : body_.operands(event))
    arguments.push_back(places.canonical(operand));
  for (const PathState &state : states)
    runGiven(id, callable, arguments, state);
}

/// A callee runs what this body, or its caller, gave it.
void LockFlow::pairsOfGiven(EventId id, const Invocation &invocation, BodyId calleeId, PathState &state, const Path &path) {
  Places &places = program_.places();
  const CallGraph &calls = program_.calls();
  for (const GivenRun &run : locks_.summaries_[calleeId].given) {
    PathState inner = state;
    PathReader reader = read(inner);
    auto here = [&](PlaceId place) { return reader.lvalue(program_.translate(place, invocation, body_, id)); };
    Assumptions when;
    bool possible = llvm::all_of(run.when, [&](const Assumption &a) {
      PlaceId value = reader.value(program_.translate(a.value, invocation, body_, id));
      addCondition(when, {value, a.relation, a.constant});
      return reader.test(value, a.relation, a.constant) != Truth::No;
    });
    if (!possible || path.size() + run.path.size() > kPath)
      continue;
    addConditions(when, state);
    for (PlaceId released : run.released)
      if (PlaceId gone = here(released); gone != kNone && !reader.release(gone) && !llvm::is_contained(inner.released, gone))
        inner.released.insert(std::lower_bound(inner.released.begin(), inner.released.end(), gone), gone);
    for (const Held &held : run.held) {
      PlaceId lock = here(held.lock);
      if (lock == kNone || PathReader::find(inner.held, lock))
        continue;
      Held mine = held;
      mine.lock = lock;
      AcquisitionId via = held.acquisition;
      for (auto [body, event] : llvm::reverse(path))
        via = locks_.intern({body, event, places.make(PlaceKind::Unknown, kNone), held.mode, via});
      mine.acquisition = locks_.intern({body_.id, id, lock, held.mode, via});
      reader.acquire(mine);
    }
    Path whole = path;
    whole.append(run.path.begin(), run.path.end());
    PlaceId named;
    std::vector<Invocation> targets =
        calls.resolve(run.callable, run.arguments, program_.facts().body(calleeId), invocation, body_, id, named);
    if (targets.empty() && named != kNone && calls.isGiven(named, body_)) {
      GivenRun mine{named, {}, {{body_.id, id}}, inner.held, releasedBy(inner), when, run.maybe};
      mine.maybe |= invocation.certainty != Invocation::Exact;
      for (PlaceId argument : run.arguments)
        mine.arguments.push_back(argument == kNone ? kNone : program_.translate(argument, invocation, body_, id));
      mine.path.append(whole.begin(), whole.end());
      addRun(std::move(mine));
    }
    for (Invocation &target : targets) {
      if (run.maybe || invocation.certainty != Invocation::Exact)
        target.certainty = std::max(target.certainty, Invocation::OneOf);
      for (BodyId body : program_.bodiesOf(target.function))
        pairsOf(id, target, body, inner, whole);
    }
  }
}

} // namespace heddle
