// How closely a body is walked for locks: as closely as its locks can tell its paths apart.
//
// Three kinds of body, by what its events can do, callees and models included:
// * *irrelevant*: nothing in it takes or releases a lock, or runs a callback of its caller's that could. It matters for the
//   values that it returns and stores alone, to those that lead to a lock, and only short functions do that in ways that can be
//   followed; a long one, or one that none of those asks, isn't walked: it returns or throws.
// * *neutral*: locks are taken in it, but every event leaves them as it found them (a callee that locks, works and unlocks). All
//   paths through it have the same locks, those that the caller holds, so no branch can tell lock states apart: what it has to
//   say is which locks are acquired in it, and where. A long one is walked with one state a block, which keeps the names that all
//   paths agree on and the conditions that all paths to an event have met; a shorter one as closely as the others: a flag in
//   memory may tell when they are taken.
// * the rest, whose paths may differ in locks, is walked with states that know what the branches told (LockFlow).
//
// Sound for locks: in a neutral body every state of every event has the same lock set, so merging states loses none, and an
// acquisition under fewer conditions is one that may happen more often, never less. Lost are values: which of a long function's
// results goes with which of its stores. That is property simulation (Das, Lerner, Seigle, PLDI 2002): paths that agree on the
// property are one, decided for a whole body, where it is certain, and not at each join, where a flag may tell paths apart later.
//
// Recursion: a member of a component is neutral by the first guess (it returns and changes nothing), and is walked anew when a
// callee in it turns out not to be.
#include "program/CallGraph.h"
#include "program/LockFlow.h"
#include "program/LockState.h"

namespace heddle {

using namespace facts;

namespace {

constexpr uint32_t kShort = 16; // events of a body whose values are followed though no lock is in it
constexpr uint32_t kMedium =
    40; // of one whose paths are followed though all have the same locks: a flag may tell when they are taken

bool returns(const LockSummary &summary) {
  return llvm::any_of(summary.outcomes, [](const Outcome &outcome) { return !outcome.thrown; });
}

bool usesLocks(const LockSummary &summary) {
  return !summary.pairs.empty() || !summary.given.empty() || llvm::any_of(summary.outcomes, [](const Outcome &outcome) {
    return !outcome.acquired.empty() || !outcome.released.empty();
  });
}

bool keepsLocks(const LockSummary &summary) {
  return llvm::all_of(summary.outcomes, [](const Outcome &outcome) {
    return outcome.acquired.empty() && outcome.released.empty() && outcome.unsure.empty();
  });
}

bool changesLocks(const FunctionModel &model) {
  return llvm::any_of(model.ops, [](const Op &op) { return op.verb == Verb::Acquire || op.verb == Verb::Release; });
}

} // namespace

bool LockState::runs(const Invocation &invocation, Which which) const {
  if (const FunctionModel *model = program_.model(invocation.function); model && changesLocks(*model))
    return true;
  return llvm::any_of(program_.bodiesOf(invocation.function), [&](BodyId id) { return which(invocation, id); });
}

/// Whether something in a body, or that it runs, takes or releases a lock; of what has a body, `which` tells.
bool LockState::touches(BodyId id, Which which) const {
  BodyView body = program_.facts().body(id);
  if (!demands_[id].empty())
    return true;
  if (!attributes_.empty() && llvm::any_of(body.events, [&](const Event &e) { return attributes_.hasEffect(e.callee()); }))
    return true;
  for (EventId event = 0; event < body.events.size(); ++event)
    for (const Invocation &invocation : program_.calls().reached(body, event))
      if (runs(invocation, which))
        return true;
  return false;
}

/// What of the program can lead to a lock at all, before any summary is made.
void LockState::findLeading() {
  leading_.resize(summaries_.size());
  std::vector<BodyId> work;
  auto names = [&](const Event &event) {
    const FunctionModel *model = event.callee() == kNone ? nullptr : program_.model(event.callee());
    return event.callee() != kNone && (attributes_.hasEffect(event.callee()) || (model && changesLocks(*model)));
  };
  for (BodyId id : program_.bodies())
    if (llvm::any_of(program_.facts().body(id).events, names)) {
      leading_[id] = true;
      work.push_back(id);
    }
  while (!work.empty()) {
    BodyId id = work.back();
    work.pop_back();
    for (const CallGraph::Caller &caller : program_.calls().callers(id))
      if (!leading_[caller.body]) {
        leading_[caller.body] = true;
        work.push_back(caller.body);
      }
  }
}

/// Called from what leads to a lock, directly or by others: what these return and store may decide on it.
void LockState::findAsked() {
  asked_ = leading_;
  auto components = program_.calls().components();
  for (size_t i = components.size(); i-- > 0;) { // callers first
    bool asked = llvm::any_of(components[i], [&](BodyId id) {
      return asked_[id] || llvm::any_of(program_.calls().callers(id), [&](const CallGraph::Caller &c) { return asked_[c.body]; });
    });
    for (BodyId id : components[i])
      asked_[id] = asked;
  }
}

/// Whether something that the body's callers may give it to run leads to a lock.
bool LockState::runsLeading(BodyId id) const {
  const CallGraph &calls = program_.calls();
  auto leads = [&](FunctionId function) {
    return llvm::any_of(program_.bodiesOf(function), [&](BodyId body) { return bool(leading_[body]); });
  };
  return llvm::any_of(calls.givenCalls(id), [&](const GivenCall &given) { return llvm::any_of(calls.mayBe(id, given), leads); });
}

/// Of a component whose callees have their summaries.
void LockState::findRelevant(const std::vector<BodyId> &component) {
  auto uses = [&](const Invocation &invocation, BodyId callee) {
    const LockSummary &summary = summaries_[callee];
    return relevant_[callee] && usesLocks(summary) && (returns(summary) || invocation.certainty == Invocation::Exact);
  };
  bool relevant = llvm::any_of(component, [&](BodyId id) { return runsLeading(id) || touches(id, uses); });
  for (BodyId id : component)
    relevant_[id] = relevant;
}

bool LockState::neutral(BodyId id) const {
  return required(id).empty() &&
         !touches(id, [&](const Invocation &, BodyId callee) { return !keepsLocks(summaries_[callee]); }) && !unwindsLocks(id);
}

/// Whether a destructor that an exception runs changes locks. Most are run by events too; those of parts that were made are not.
bool LockState::unwindsLocks(BodyId id) const {
  auto changes = [&](const Invocation &, BodyId callee) { return !keepsLocks(summaries_[callee]); };
  for (const Cleanup &row : program_.facts().body(id).cleanups) {
    if (row.callee() == kNone || row.place() == kNone)
      continue;
    Invocation direct;
    direct.function = row.callee();
    if (attributes_.hasEffect(row.callee()) || runs(direct, changes))
      return true;
    bool known = !program_.bodiesOf(row.callee()).empty() || program_.model(row.callee());
    RecordId record = program_.facts().functions()[row.callee()].record();
    if (!known && record != kNone)
      for (const Invocation &part : program_.calls().destruction(record, program_.places().canonical(row.place())))
        if (runs(part, changes))
          return true;
  }
  return false;
}

LockSummary LockState::summarise(BodyId body) {
  const Body &row = program_.facts().bodies()[body];
  if (!relevant_[body] && (row.event_count() > kShort || !asked_[body])) {
    LockSummary summary;
    summary.opaque = true;
    summary.outcomes.resize(1);
    bool noThrow = has(program_.facts().functions()[row.function()].flags(), FunctionFlag::NoExcept | FunctionFlag::C);
    if (!noThrow)
      summary.outcomes.emplace_back().thrown = true;
    findWaits(body, summary);
    return summary;
  }
  LockFlow::Closeness closeness =
      row.event_count() > kMedium && neutral(body) ? LockFlow::Closeness::Names : LockFlow::Closeness::Paths;
  LockFlow flow(program_, *this, body, demands_[body], closeness);
  LockSummary summary = flow.run();
  before_[body] = flow.before();
  misuses_[body] = flow.misuses();
  releases_[body] = flow.releases();
  return summary;
}

} // namespace heddle
