#include "program/LockMisuse.h"
#include "program/CallGraph.h"
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
      if (program.locks().semaphore(claim.lock))
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
  if (locks.recursive(claim.lock) == false && !shared)
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

void LockMisuses::addLeaked(const LockMisuse &claim) {
  const LockState &locks = program_.locks();
  if (locks.releasedByCaller(claim.body, claim.lock))
    return;
  if (!claim.thrown && program_.calls().callers(claim.body).empty() && callerCanTell(claim))
    return;
  misuses_.push_back(claim);
}

void LockMisuses::addUnpaired() {
  const LockState &locks = program_.locks();
  const LockOrder &order = program_.lockOrder();
  std::set<LockNode> releasedForOthers, balanced;
  for (BodyId id : program_.bodies()) {
    for (const Outcome &outcome : locks.summary(id).outcomes)
      for (PlaceId lock : outcome.released)
        releasedForOthers.insert(order.node(lock, id));
    for (const CriticalPair &pair : locks.summary(id).pairs)
      if (llvm::none_of(locks.summary(id).outcomes,
                        [&](const Outcome &o) { return PathReader::find(o.acquired, pair.lock) != nullptr; }))
        balanced.insert(order.node(pair.lock, id));
  }
  for (BodyId id : program_.bodies()) {
    const LockSummary &summary = locks.summary(id);
    const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
    if (has(function.flags(), FunctionFlag::Main | FunctionFlag::Constructor))
      continue;
    for (const Outcome &outcome : summary.outcomes) {
      if (outcome.thrown)
        continue;
      for (const Held &held : outcome.acquired) {
        LockNode node = order.node(held.lock, id);
        bool own = locks.acquisition(held.acquisition).via == kNone && !held.maybe;
        bool named = node.kind == LockNode::Object || node.kind == LockNode::Member;
        if (!own || !named || releasedForOthers.count(node) || !balanced.count(node) || locks.semaphore(held.lock) ||
            locks.releasedByCaller(id, held.lock))
          continue;
        PlaceId address = program_.places().addressOf(held.lock);
        if (llvm::any_of(outcome.stores, [&](const auto &store) { return store.second == address; }))
          continue;
        LockMisuse claim{
            LockMisuse::Unpaired, id, kNone, held.lock, held.mode, held.acquisition, kNone, kNone, false, false, false};
        bool known = llvm::any_of(misuses_, [&](const LockMisuse &m) {
          return m.body == id && m.lock == held.lock && (m.kind == LockMisuse::Leaked || m.kind == LockMisuse::Unpaired);
        });
        if (!known)
          misuses_.push_back(claim);
      }
    }
  }
}

// ---- where threads begin ---------------------------------------------------------------------------------------------------

void LockMisuses::addEntries() {
  const LockState &locks = program_.locks();
  const Facts &f = program_.facts();
  std::set<BodyId> entries;
  for (BodyId id : program_.bodies()) {
    BodyView body = f.body(id);
    if (has(f.functions()[body.function()].flags(), FunctionFlag::Main))
      entries.insert(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      if (const FunctionModel *model = program_.model(body.events[event].callee());
          model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Start; }))
        for (const Op &op : program_.ops(*model, body, event))
          if (op.verb == Verb::Start)
            for (const Invocation &invocation : program_.calls().run(op, body, event))
              for (BodyId entry : program_.bodiesOf(invocation.function))
                entries.insert(entry);
  }
  const Places &places = program_.places();
  for (BodyId id : entries) {
    const LockSummary &summary = locks.summary(id);
    if (summary.unknownCallee)
      continue;
    std::set<PlaceId> released;
    for (const Outcome &outcome : summary.outcomes)
      if (!outcome.thrown)
        released.insert(outcome.released.begin(), outcome.released.end());
    for (PlaceId lock : released)
      if (places[lock].kind() == PlaceKind::Global && !locks.semaphore(lock) && locks.releaseOf(id, lock) != kNone)
        misuses_.push_back(
            {LockMisuse::NotHeld, id, locks.releaseOf(id, lock), lock, Mode::Any, kNone, kNone, kNone, false, false, false});
  }
}

} // namespace heddle
