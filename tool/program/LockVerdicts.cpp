// How attributes' demands are met, state by state: LockDemands.h says what they are.
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

LockState::Required LockState::required(BodyId body) const {
  Required result;
  Places &places = program_.places();
  FunctionId function = program_.facts().bodies()[body].function();
  for (const Attribute &row : attributes_.ofFunction(function)) {
    switch (row.kind()) {
    case AttributeKind::Requires:
    case AttributeKind::RequiresShared:
    case AttributeKind::Release:
    case AttributeKind::ReleaseShared:
    case AttributeKind::ReleaseGeneric:
      break;
    default:
      continue;
    }
    bool shared = row.kind() == AttributeKind::RequiresShared || row.kind() == AttributeKind::ReleaseShared;
    Mode mode = shared ? Mode::Shared : Mode::Exclusive;
    llvm::SmallVector<PlaceId, 2> locks = attributes_.locks(row);
    if (row.arg_count() == 0 && has(program_.facts().functions()[function].flags(), FunctionFlag::Member))
      locks.push_back(places.deref(places.make(PlaceKind::This, kNone)));
    for (PlaceId lock : locks)
      result.emplace_back(lock, mode);
  }
  return result;
}

namespace {
/// Pseudo-fields: a lock was asserted to be held (0 exclusively, 1 shared); an object may hold locks that aren't known, as it is
/// a guard that code gave which isn't seen.
constexpr llvm::StringLiteral kAsserted = "asserted", kUnseen = "unseen";
} // namespace

PlaceId LockFlow::assertionOf(PlaceId lock) const { return program_.places().member(lock, kAsserted); }

/// Whether an object that is allocated here owns the lock: nobody else may have it yet.
bool LockFlow::isNew(PlaceId lock) const {
  const facts::Place &root = program_.places()[program_.places().root(lock)];
  return root.kind() == PlaceKind::Result && root.id() < body_.events.size() &&
         body_.events[root.id()].kind() == EventKind::Allocate;
}

void LockFlow::noteUnseen(EventId id, PathState &state) {
  PlaceId made = body_.events[id].result();
  // Canonical places are of many bodies and have the type of one; the event's own row has this one's.
  RecordId record = made == kNone ? kNone : program_.recordOf(program_.facts().places()[made].type());
  if (record == kNone)
    return;
  PlaceId result = program_.places().canonical(made);
  const ClassModel *model = program_.classModel(record);
  if (locks_.attributes().scoped(record) || (model && model->is == "guard"))
    read(state).store(program_.places().member(result, kUnseen), program_.places().constant(1));
}

void LockFlow::judge(EventId id, PathState &state) {
  auto first = std::lower_bound(demands_.begin(), demands_.end(), id, [](const Demand &d, EventId e) { return d.event < e; });
  for (; first != demands_.end() && first->event == id; ++first) {
    PlaceId lock = first->lock == kNone ? kNone : read(state).lvalue(first->lock);
    uint8_t met = first->lock != kNone && lock == kNone ? uint8_t(Demand::Unknown) : judge(*first, state, lock);
    if (first->missed == kNone && (met & (Demand::Shared | Demand::Free | Demand::Released)))
      first->missed = lock;
    first->met |= met;
  }
}

uint8_t LockFlow::judge(const Demand &demand, PathState &state, PlaceId lock) {
  Places &places = program_.places();
  auto unnamed = [&](PlaceId place) {
    PlaceKind kind = places.rootKind(place);
    return kind == PlaceKind::Unknown || kind == PlaceKind::Result || kind == PlaceKind::Expr;
  };
  // A lock inside of a wrapper is the wrapper's; one that a smart pointer leads to is the pointer's.
  auto covers = [&](PlaceId held) {
    return lock == kNone || places.within(held, lock) || places.within(lock, held) || locks_.attributes().isAnyLock(held);
  };
  if (lock != kNone && (places.rootKind(lock) == PlaceKind::Unknown || places.rootKind(lock) == PlaceKind::Constant))
    return Demand::Unknown;
  if (lock != kNone && isNew(lock))
    return Demand::Unknown;
  bool full = false, shared = false, maybe = false;
  auto found = [&](Mode mode) { (mode == Mode::Shared && demand.mode == Mode::Exclusive ? shared : full) = true; };
  for (const Held &held : state.held)
    if (covers(held.lock))
      held.maybe ? void(maybe = true) : found(held.mode);
    else if (lock != kNone && (unnamed(lock) || unnamed(held.lock) || held.stale) &&
             places[held.lock].kind() == places[lock].kind() &&
             (places[lock].kind() != PlaceKind::Field || places[held.lock].id() == places[lock].id()))
      maybe = true; // of two names that aren't exact, one may be the other's
  for (auto [where, what] : state.env) {
    if (places[where].kind() != PlaceKind::Field)
      continue;
    llvm::StringRef said = places.pseudoField(places[where].id());
    if (said == kUnseen)
      maybe = true;
    else if (said == kAsserted && covers(places[where].parent()))
      found(places.asConstant(what) == 1 ? Mode::Shared : Mode::Exclusive);
  }
  bool released = false, unsure = false;
  for (PlaceId gone : state.released)
    released = released || (lock != kNone && places.within(gone, lock));
  for (PlaceId gone : state.unsure)
    unsure = unsure || (lock != kNone && places.within(gone, lock));
  maybe = maybe || unsure;
  for (auto [required, mode] : required_)
    if (places.rootKind(required) == PlaceKind::Unknown)
      maybe = true;
    else if (covers(read(state).lvalue(required)) && !released && !unsure)
      found(mode);
  if (full)
    return Demand::Held;
  if (shared)
    return Demand::Shared;
  if (maybe)
    return Demand::Maybe;
  return released ? Demand::Released : Demand::Free;
}

} // namespace heddle
