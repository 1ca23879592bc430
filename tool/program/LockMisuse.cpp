#include "program/LockMisuse.h"
#include "program/CallGraph.h"
#include "program/Entries.h"
#include "program/LockOrder.h"
#include "program/PathState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDeep = 4; // calls that are followed to what releases

/// Whether no value that `a` may be is one that `b` may be.
bool differ(const Outcome &a, const Outcome &b) {
  if (a.relation == Relation::Eq)
    return b.relation != Relation::Always && !holds(a.constant, b.relation, b.constant);
  return b.relation == Relation::Eq && a.relation != Relation::Always && !holds(b.constant, a.relation, a.constant);
}

/// By the customs of C: null and negative numbers are failures, other numbers and pointers are not, false is one.
bool saysFailure(const Program &program, FunctionId function, const Outcome &outcome) {
  TypeId result = program.facts().functions()[function].result();
  TypeKind kind = result == kNone ? TypeKind::Other : program.facts().types()[result].kind();
  if (outcome.relation != Relation::Eq)
    return false;
  return outcome.constant < 0 || (outcome.constant == 0 && (kind == TypeKind::Pointer || kind == TypeKind::Bool));
}

} // namespace

LockMisuses::LockMisuses(const Program &program) : program_(program) {
  for (BodyId body : program.bodies())
    for (const LockMisuse &claim : program.locks().misuses(body)) {
      if (program.locks().semaphore(claim.lock, body))
        continue; // taken here and given back there is what it is for
      switch (claim.kind) {
      case LockMisuse::Reacquired:
        addReacquired(claim);
        break;
      case LockMisuse::Leaked:
        addLeaked(claim);
        break;
      case LockMisuse::NotTaken:
        if (skipped(claim))
          skipped_.push_back(claim);
        break;
      default:
        misuses_.push_back(claim);
      }
    }
  addUnpaired();
  addSkipped();
  addEntries();
  std::sort(misuses_.begin(), misuses_.end(), [](const LockMisuse &a, const LockMisuse &b) {
    return std::tie(a.body, a.event, a.kind, a.lock) < std::tie(b.body, b.event, b.kind, b.lock);
  });
}

void LockMisuses::addReacquired(const LockMisuse &claim) {
  const LockState &locks = program_.locks();
  bool shared = claim.mode == Mode::Shared && locks.acquisition(claim.held).mode == Mode::Shared;
  // Both in one call: a callee holds it and runs what it was given. However many pass the same, it is one defect.
  auto end = [](const Acquisition &a) { return End(a.body, a.event); };
  const Acquisition &held = locks.acquisition(claim.held), &wanted = locks.acquisition(claim.wanted);
  bool passed = held.via != kNone && wanted.via != kNone && held.body == wanted.body && held.event == wanted.event;
  if (passed &&
      !passed_.emplace(claim.lock, end(locks.acquisition(held.via)), end(locks.acquisition(locks.chain(claim.wanted).back())))
           .second)
    return;
  if (locks.recursive(claim.lock, claim.body) == false && !shared)
    misuses_.push_back(claim);
}

// ---- leaks -----------------------------------------------------------------------------------------------------------------

bool LockMisuses::callerCanTell(const LockMisuse &claim) const {
  std::vector<const Outcome *> with, without;
  for (const Outcome &outcome : program_.locks().summary(claim.body).outcomes)
    if (!outcome.thrown)
      (PathReader::find(outcome.acquired, claim.lock) ? with : without).push_back(&outcome);
  FunctionId function = program_.facts().bodies()[claim.body].function();
  for (const Outcome *held : with)
    for (const Outcome *free : without)
      if (!differ(*held, *free) || saysFailure(program_, function, *held))
        return false;
  return !with.empty();
}

bool LockMisuses::callerReleases(const LockMisuse &claim) const {
  // Under another name, which then is a release of something that the caller never took.
  for (const CallGraph::Caller &caller : program_.calls().callers(claim.body)) {
    for (auto [lock, event] : program_.locks().releases(caller.body))
      if (alike(program_.places(), lock, claim.lock))
        return true;
  }
  return false;
}

void LockMisuses::addLeaked(const LockMisuse &claim) {
  const LockState &locks = program_.locks();
  if (locks.releasedByCaller(claim.body, claim.lock) || callerReleases(claim))
    return;
  // Callers that are seen whole have said all; others may do what they can tell.
  std::span<const CallGraph::Caller> callers = program_.calls().callers(claim.body);
  bool seen =
      !callers.empty() && llvm::none_of(callers, [&](const CallGraph::Caller &caller) { return locks.summary(caller.body).cut; });
  if (!claim.thrown && !seen && callerCanTell(claim))
    return;
  misuses_.push_back(claim);
}

// ---- where threads begin and end -------------------------------------------------------------------------------------------

namespace {

/// By what is named at the start, and by what flows there.
std::set<BodyId> startedBodies(const Program &program) {
  std::set<BodyId> result;
  for (const Entry &entry : program.entries().all())
    if (entry.kind == Entry::Started && entry.frame != kNone && !entry.maybe)
      result.insert(program.entries().frames()[entry.frame].body);
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      const FunctionModel *model = program.model(body.events[event].callee());
      if (!model || llvm::none_of(model->ops, [](const Op &op) { return op.verb == Verb::Start; }))
        continue;
      for (const Op &op : program.ops(*model, body, event))
        if (op.verb == Verb::Start)
          for (const Invocation &invocation : program.calls().run(op, body, event))
            for (BodyId entry : program.bodiesOf(invocation.function))
              result.insert(entry);
    }
  }
  return result;
}

} // namespace

void LockMisuses::addEntries() {
  const LockState &locks = program_.locks();
  const LockOrder &order = program_.lockOrder();
  const Places &places = program_.places();
  std::set<BodyId> started = startedBodies(program_), entries = started;
  std::set<PlaceId> taken; // for others
  for (BodyId id : program_.bodies())
    for (const Outcome &outcome : locks.summary(id).outcomes)
      for (const Held &held : outcome.acquired)
        taken.insert(held.lock);
  for (BodyId id : program_.bodies())
    if (has(program_.facts().functions()[program_.facts().bodies()[id].function()].flags(), FunctionFlag::Main) ||
        program_.calls().callers(id).empty())
      entries.insert(id);
  for (BodyId id : entries) {
    const LockSummary &summary = locks.summary(id);
    std::set<PlaceId> released;
    std::set<LockNode> kept;
    for (const Outcome &outcome : summary.outcomes) {
      if (outcome.thrown)
        continue;
      if (!outcome.refused)
        released.insert(outcome.released.begin(), outcome.released.end());
      for (const Held &held : outcome.acquired) {
        kept.insert(order.node(held.lock, id));
        bool told = llvm::any_of(misuses_, [&](const LockMisuse &m) {
          return (m.kind == LockMisuse::Leaked || m.kind == LockMisuse::Unpaired || m.kind == LockMisuse::Ended) &&
                 LockNode(order.node(m.lock, m.body)) == order.node(held.lock, id);
        });
        if (!started.count(id) || held.maybe || locks.semaphore(held.lock, id) || handedOn(outcome, held.lock) || told)
          continue;
        addHeldAtEnd(LockMisuse::Ended, id, held);
      }
    }
    bool entry = started.count(id) ||
                 has(program_.facts().functions()[program_.facts().bodies()[id].function()].flags(), FunctionFlag::Main);
    for (PlaceId lock : released) {
      if (places.rootKind(lock) != PlaceKind::Global || locks.semaphore(lock, id) || kept.count(order.node(lock, id)) ||
          locks.releaseOf(id, lock) == kNone)
        continue;
      // Code that isn't seen may have taken it, unless only this unit can name it and nobody here takes it for another.
      const Variable &variable = program_.facts().variables()[places[places.root(lock)].id()];
      bool ours = has(variable.flags(), VariableFlag::Internal | VariableFlag::StaticLocal) && !taken.count(lock);
      if ((!ours && (!entry || summary.unknownCallee)) || toldBelow(id, locks.releaseOf(id, lock), lock, kDeep))
        continue;
      LockMisuse claim;
      claim.kind = LockMisuse::NotHeld;
      claim.body = id;
      claim.event = locks.releaseOf(id, lock);
      claim.lock = lock;
      claim.mode = Mode::Any;
      misuses_.push_back(claim);
    }
  }
}

} // namespace heddle
