#include "program/LockMisuse.h"
#include "program/CallGraph.h"
#include "program/Entries.h"
#include "program/LockOrder.h"
#include "program/PathState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

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
      default:
        misuses_.push_back(claim);
      }
    }
  addUnpaired();
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

bool LockMisuses::handedOn(const Outcome &outcome, PlaceId lock) const {
  PlaceId address = program_.places().addressOf(lock);
  return llvm::any_of(outcome.stores, [&](const auto &store) { return store.second == address; });
}

namespace {

/// The fields from the last pointer on, or from the root.
using Way = std::vector<FieldId>;
Way wayOf(const Places &places, PlaceId lock) {
  Way way;
  for (; places[lock].kind() == PlaceKind::Field; lock = places[lock].parent())
    way.insert(way.begin(), places[lock].id());
  return way;
}

} // namespace

/// A lock of a class that has methods to take it and to give it back is known by the member that such an object is: what the
/// methods do is done by who calls them. Only functions that nobody is seen to call may mean any such object.
void LockMisuses::findMembersReleases() {
  const Places &places = program_.places();
  for (BodyId id : program_.bodies()) {
    const LockSummary &summary = program_.locks().summary(id);
    for (const Outcome &outcome : summary.outcomes)
      for (PlaceId lock : outcome.released)
        (program_.calls().callers(id).empty() ? wayReleasedByRoots_ : wayReleased_).insert(wayOf(places, lock));
    for (const CriticalPair &pair : summary.pairs)
      if (llvm::none_of(summary.outcomes, [&](const Outcome &o) { return !o.thrown && PathReader::find(o.acquired, pair.lock); }))
        wayBalanced_.insert(wayOf(places, pair.lock));
  }
}

/// Whether a lock that is held where a body ends is taken by a method of the member that it is in, and never given back so.
bool LockMisuses::memberUnpaired(const Held &held) const {
  const LockState &locks = program_.locks();
  const Places &places = program_.places();
  AcquisitionId via = locks.acquisition(held.acquisition).via;
  Way way = wayOf(places, held.lock);
  if (via == kNone || locks.acquisition(via).via != kNone || way.size() < 2)
    return false;
  const Acquisition &taken = locks.acquisition(via);
  RecordId owner = program_.facts().functions()[program_.facts().bodies()[taken.body].function()].record();
  if (owner == kNone || places.rootKind(taken.lock) != PlaceKind::This || way.back() >= program_.facts().fields().size() ||
      program_.facts().fields()[way.back()].record() != owner || wayOf(places, taken.lock).size() != 1)
    return false;
  for (size_t i = 0; i < way.size(); ++i)
    if (wayReleasedByRoots_.count(Way(way.begin() + i, way.end())))
      return false;
  return !wayReleased_.count(way) && wayBalanced_.count(way);
}

void LockMisuses::addUnpaired() {
  // Who takes a lock for another, who gives it back for another, who does both. A global's lock is that one place; of a member
  // any object's counts, but where the name says which object it is, only those that nobody calls may mean another name of it.
  const LockState &locks = program_.locks();
  const LockOrder &order = program_.lockOrder();
  const Places &places = program_.places();
  std::set<LockNode> released, releasedByRoots, balanced;
  std::set<PlaceId> releasedPlaces;
  for (BodyId id : program_.bodies()) {
    const LockSummary &summary = locks.summary(id);
    for (const Outcome &outcome : summary.outcomes)
      for (PlaceId lock : outcome.released) {
        LockNode node = order.node(lock, id);
        released.insert(node);
        if (program_.calls().callers(id).empty())
          releasedByRoots.insert(node);
        releasedPlaces.insert(lock);
      }
    for (const CriticalPair &pair : summary.pairs)
      if (llvm::none_of(summary.outcomes, [&](const Outcome &o) { return PathReader::find(o.acquired, pair.lock) != nullptr; }))
        balanced.insert(order.node(pair.lock, id));
  }
  findMembersReleases();
  auto unpaired = [&](PlaceId lock, LockNode node) {
    if (places.rootKind(lock) != PlaceKind::Global)
      return !released.count(node) && balanced.count(node) != 0;
    const Variable &variable = program_.facts().variables()[places[places.root(lock)].id()];
    bool seen = program_.target().closed || has(variable.flags(), VariableFlag::Internal | VariableFlag::StaticLocal);
    return !releasedPlaces.count(lock) && !releasedByRoots.count(node) && (seen || balanced.count(node) != 0);
  };
  for (BodyId id : program_.bodies()) {
    const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
    if (has(function.flags(), FunctionFlag::Main | FunctionFlag::Constructor))
      continue;
    std::set<PlaceId> told;
    for (const LockMisuse &misuse : misuses_)
      if (misuse.body == id)
        told.insert(misuse.lock);
    for (const Outcome &outcome : locks.summary(id).outcomes)
      for (const Held &held : outcome.acquired) {
        LockNode node = order.node(held.lock, id);
        bool named = node.kind == LockNode::Object || node.kind == LockNode::Member;
        // By the one who names the lock: a callee that takes what it is given is its wrapper.
        AcquisitionId via = locks.acquisition(held.acquisition).via;
        bool own = via == kNone || (places.rootKind(held.lock) == PlaceKind::Global &&
                                    places.rootKind(locks.acquisition(via).lock) != PlaceKind::Global);
        if (outcome.thrown || held.maybe || !named || locks.semaphore(held.lock, id) || handedOn(outcome, held.lock) ||
            locks.releasedByCaller(id, held.lock) || !(own ? unpaired(held.lock, node) : memberUnpaired(held)) ||
            !told.insert(held.lock).second)
          continue;
        LockMisuse claim;
        claim.kind = LockMisuse::Unpaired;
        claim.body = id;
        claim.lock = held.lock;
        claim.mode = held.mode;
        claim.held = held.acquisition;
        misuses_.push_back(claim);
      }
  }
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
      released.insert(outcome.released.begin(), outcome.released.end());
      for (const Held &held : outcome.acquired) {
        kept.insert(order.node(held.lock, id));
        bool told = llvm::any_of(misuses_, [&](const LockMisuse &m) {
          return (m.kind == LockMisuse::Leaked || m.kind == LockMisuse::Unpaired || m.kind == LockMisuse::Ended) &&
                 LockNode(order.node(m.lock, m.body)) == order.node(held.lock, id);
        });
        if (!started.count(id) || held.maybe || locks.semaphore(held.lock, id) || handedOn(outcome, held.lock) || told)
          continue;
        LockMisuse claim;
        claim.kind = LockMisuse::Ended;
        claim.body = id;
        claim.lock = held.lock;
        claim.mode = held.mode;
        claim.held = held.acquisition;
        misuses_.push_back(claim);
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
      if (!ours && (!entry || summary.unknownCallee))
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
