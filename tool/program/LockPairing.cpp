// Locks that are taken and never given back, by anybody (LockMisuse.h).
#include "program/CallGraph.h"
#include "program/LockMisuse.h"
#include "program/LockOrder.h"
#include "program/PathState.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

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
/// methods do is done by who calls them. Any such object may be meant by a function that nobody is seen to call.
void LockMisuses::findMembersReleases() {
  const Places &places = program_.places();
  for (BodyId id : program_.bodies()) {
    const LockSummary &summary = program_.locks().summary(id);
    for (const Outcome &outcome : summary.outcomes)
      for (PlaceId lock : llvm::concat<const PlaceId>(outcome.released, outcome.unsure))
        (program_.calls().callers(id).empty() ? wayReleasedAnywhere_ : wayReleased_).insert(wayOf(places, lock));
    for (const CriticalPair &pair : summary.pairs)
      if (llvm::none_of(summary.outcomes, [&](const Outcome &o) { return !o.thrown && PathReader::find(o.acquired, pair.lock); }))
        wayBalanced_.insert(wayOf(places, pair.lock));
  }
}

/// Whether the body gives the address of a lock, or of what it is a member of, to somebody: who keeps it may give the lock back.
bool LockMisuses::addressGiven(BodyId id, PlaceId lock) const {
  Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  for (; places[lock].kind() == PlaceKind::Field; lock = places[lock].parent()) {
    PlaceId address = places.addressOf(lock);
    for (const Event &event : body.events)
      for (PlaceId operand : body.operands(event))
        if (operand != kNone && places.canonical(operand) == address)
          return true;
  }
  return false;
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
    if (wayReleasedAnywhere_.count(Way(way.begin() + i, way.end())))
      return false;
  return !wayReleased_.count(way) && wayBalanced_.count(way);
}

void LockMisuses::addHeldAtEnd(LockMisuse::Kind kind, BodyId body, const Held &held) {
  LockMisuse claim;
  claim.kind = kind;
  claim.body = body;
  claim.lock = held.lock;
  claim.mode = held.mode;
  claim.held = held.acquisition;
  misuses_.push_back(claim);
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
      for (PlaceId lock : llvm::concat<const PlaceId>(outcome.released, outcome.unsure)) {
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
            locks.releasedByCaller(id, held.lock) ||
            !(own ? unpaired(held.lock, node) : memberUnpaired(held) && !addressGiven(id, held.lock)) ||
            !told.insert(held.lock).second)
          continue;
        addHeldAtEnd(LockMisuse::Unpaired, id, held);
      }
  }
}

} // namespace heddle
