#include "program/GuardLocks.h"
#include "program/BlockGraph.h"
#include "program/CallGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

void LockNames::add(GuardLock lock, bool maybe, uint8_t calls) {
  auto at = llvm::lower_bound(names, lock, [](const Name &name, GuardLock lock) { return name.lock < lock; });
  if (at == names.end() || at->lock != lock)
    names.insert(at, {lock, maybe, calls});
  else
    at->maybe = at->maybe && maybe, at->calls = std::min(at->calls, calls);
}

const LockNames::Name *LockNames::find(GuardLock lock) const {
  auto at = llvm::lower_bound(names, lock, [](const Name &name, GuardLock lock) { return name.lock < lock; });
  return at != names.end() && at->lock == lock ? at : nullptr;
}

GuardLocks::GuardLocks(const Program &program) : program_(program), locks_(program.locks()) { findAbove(); }

LockName GuardLocks::nameOf(PlaceId lock) const {
  const Places &places = program_.places();
  LockName name;
  PlaceId base = lock;
  for (; base != kNone; base = places[base].parent()) {
    const Place &step = places[base];
    if (step.kind() == PlaceKind::Element) {
      if (!name.element)
        name.index = step.id() == kNone ? kNone : places.canonical(step.id());
      name.element = true;
      continue;
    }
    if (step.kind() == PlaceKind::Field && step.id() >= program_.facts().fields().size()) {
      name.ambiguous = true; // what a smart pointer holds: the member that the pointer is names it
      continue;
    }
    PlaceKind pointer = step.kind() == PlaceKind::Deref ? places[step.parent()].kind() : PlaceKind::Unknown;
    if (pointer != PlaceKind::Field && pointer != PlaceKind::Global && pointer != PlaceKind::Element)
      break;
    name.ambiguous |= !ownMemory(step.parent());
  }
  if (base == kNone)
    return name;
  if (places[base].kind() == PlaceKind::Field) {
    name.field = places[base].id();
    for (name.owner = places[base].parent(); name.owner != kNone && places[name.owner].kind() == PlaceKind::Field;)
      name.owner = places[name.owner].parent();
  }
  PlaceId variable = base; // its own fields only
  while (places[variable].kind() == PlaceKind::Field)
    variable = places[variable].parent();
  if (places[variable].kind() == PlaceKind::Global)
    name.global = base;
  name.ambiguous |= name.global == kNone && name.field == kNone;
  return name;
}

HeldSet GuardLocks::givenBack(BodyId id, EventId event) const {
  HeldSet held;
  if (locks_.releases(id).empty())
    return held;
  // On every way out, or else the body only looks as if it did.
  auto always = [&](PlaceId lock) {
    return llvm::all_of(locks_.summary(id).outcomes,
                        [&](const Outcome &outcome) { return outcome.thrown || llvm::is_contained(outcome.released, lock); });
  };
  const BlockGraph &graph = program_.graph(id);
  for (auto [lock, release] : locks_.releases(id))
    if (always(lock) && (release == event || graph.reaches(event, release)))
      held.push_back(Held{.lock = lock});
  return held;
}

PlaceId GuardLocks::asWritten(const Held &held) const {
  if (held.acquisition == kNone)
    return kNone;
  const Acquisition &taken = locks_.acquisition(held.acquisition);
  if (taken.via != kNone)
    return kNone;
  Places &places = program_.places();
  BodyView body = program_.facts().body(taken.body);
  const Event &event = body.events[taken.event];
  LockName name = nameOf(held);
  auto names = [&](PlaceId place) {
    LockName other = nameOf(place);
    return (name.field != kNone && other.field == name.field) || (name.global != kNone && other.global == name.global);
  };
  if (event.place() != kNone && names(places.canonical(event.place())))
    return places.canonical(event.place());
  for (PlaceId operand : body.operands(event)) {
    PlaceId place = operand == kNone ? kNone : places.canonical(operand);
    if (place == kNone)
      continue;
    place = places[place].kind() == PlaceKind::AddressOf ? places.canonical(places[place].parent()) : places.deref(place);
    if (names(place))
      return place;
  }
  return kNone;
}

bool GuardLocks::is(const Held &held, GuardLock lock) const {
  LockName name = nameOf(held);
  return (lock.global != kNone && name.global == lock.global) || (lock.field != kNone && name.field == lock.field);
}

void GuardLocks::add(LockNames &names, const Held &held, uint8_t calls) const {
  LockName name = nameOf(held);
  if (name.global != kNone)
    names.add({name.global, kNone}, held.maybe && !held.alike, calls);
  if (name.field != kNone)
    names.add({kNone, name.field}, held.maybe && !held.alike, calls);
  names.others |= name.ambiguous;
}

bool GuardLocks::fresh(const BodyView &body, PlaceId value, unsigned depth) const {
  const Places &places = program_.places();
  if (value == kNone || depth > 3)
    return false;
  value = places.canonical(value);
  const Place &p = places[value];
  if (p.kind() == PlaceKind::Local) {
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && event.operand_count() > 0 && places.canonical(event.place()) == value &&
          fresh(body, body.operands(event)[0], depth + 1))
        return true;
    return false;
  }
  if (p.kind() != PlaceKind::Result)
    return false;
  const Event &made = body.events[p.id()];
  if (made.kind() == EventKind::Allocate || made.kind() == EventKind::Construct)
    return true;
  return made.kind() == EventKind::Call && makes(made, depth);
}

bool GuardLocks::makes(const Event &call, unsigned depth) const {
  if (call.callee() == kNone)
    return false;
  if (program_.bodiesOf(call.callee()).empty())
    return program_.facts().functions()[call.callee()].record() == kNone; // C's allocators, and other libraries' makers
  for (BodyId callee : program_.bodiesOf(call.callee())) {
    BodyView inner = program_.facts().body(callee);
    for (const Event &event : inner.events)
      if (event.kind() == EventKind::Return && event.operand_count() > 0 && fresh(inner, inner.operands(event)[0], depth + 1))
        return true;
  }
  return false;
}

/// Whether a pointer names memory that is its own: all that is ever stored in it was made by who stores it.
bool GuardLocks::ownMemory(PlaceId pointer) const {
  const Places &places = program_.places();
  while (places[pointer].kind() == PlaceKind::Element)
    pointer = places[pointer].parent();
  if (!indexed_)
    indexPointers();
  auto found = ownMemory_.find({places[pointer].kind(), places[pointer].id()});
  return found != ownMemory_.end() && found->second;
}

void GuardLocks::indexPointers() const {
  indexed_ = true;
  const Facts &f = program_.facts();
  const Places &places = program_.places();
  auto pointsAtLock = [&](TypeId type) {
    while (type != kNone && f.types()[type].kind() != TypeKind::Record)
      type = f.types()[type].pointee();
    const ClassModel *model = program_.classModel(program_.recordOf(type));
    return model && model->is == "lock";
  };
  std::vector<int8_t> fields(f.fields().size(), -1), variables(f.variables().size(), -1);
  auto matters = [&](const Place &place) {
    bool field = place.kind() == PlaceKind::Field;
    if ((!field && place.kind() != PlaceKind::Global) || place.id() >= (field ? fields : variables).size())
      return false;
    int8_t &known = (field ? fields : variables)[place.id()];
    if (known < 0)
      known = pointsAtLock(field ? f.fields()[place.id()].type() : f.variables()[place.id()].type());
    return known > 0;
  };
  for (BodyId id : program_.bodies()) {
    BodyView body = f.body(id);
    for (const Event &event : body.events) {
      if (event.kind() != EventKind::Write || event.place() == kNone)
        continue;
      PlaceId to = places.canonical(event.place());
      while (places[to].kind() == PlaceKind::Element)
        to = places[to].parent();
      if (!matters(places[to]))
        continue;
      PlaceId value = event.operand_count() > 0 ? body.operands(event)[0] : kNone;
      bool null = value != kNone && places.asConstant(places.canonical(value)) == 0;
      auto [at, isNew] = ownMemory_.try_emplace({places[to].kind(), places[to].id()}, true);
      at->second = at->second && (null || fresh(body, value));
    }
  }
}

void GuardLocks::findAbove() {
  above_.resize(program_.facts().bodies().size());
  // Callers come after their callees in the components.
  auto components = program_.calls().components();
  for (size_t i = components.size(); i-- > 0;)
    for (bool changed = true; changed;) {
      changed = false;
      for (BodyId id : components[i])
        changed |= inherit(id) && components[i].size() > 1;
    }
}

/// Takes over what a body's callers hold, and what is held above them; tells whether there was anything new.
bool GuardLocks::inherit(BodyId id) {
  LockNames &names = above_[id];
  auto weight = [&] {
    return names.others + 2 * names.names.size() + llvm::count_if(names.names, [](const LockNames::Name &n) { return !n.maybe; });
  };
  size_t before = weight();
  for (const CallGraph::Caller &caller : program_.calls().callers(id)) {
    for (const Held &held : locks_.at(caller.body, caller.event))
      add(names, held);
    for (const Held &held : locks_.declared(caller.body, caller.event))
      add(names, held);
    if (caller.body != id)
      for (const LockNames::Name &name : above_[caller.body].names)
        names.add(name.lock, name.maybe);
    names.others |= above_[caller.body].others;
  }
  return weight() != before;
}

} // namespace heddle
