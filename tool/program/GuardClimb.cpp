// From an access up the calls that lead to it, with the locks that are held on the way (Guards.h).
#include "program/CallGraph.h"
#include "program/Guards.h"
#include "program/HandOverRoles.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

void add(llvm::SmallVector<GuardLock, 2> &set, GuardLock lock) {
  auto at = std::lower_bound(set.begin(), set.end(), lock);
  if (at == set.end() || *at != lock)
    set.insert(at, lock);
}

} // namespace

/// Locks that main holds where what it calls gives them back and takes them again.
void Guards::findTurns() {
  const Facts &f = program_.facts();
  auto letsGo = [](const LockSummary &callee, PlaceId lock) {
    return llvm::any_of(callee.pairs,
                        [&](const CriticalPair &pair) { return pair.lock == lock && llvm::is_contained(pair.released, lock); });
  };
  for (BodyId id : program_.bodies()) {
    if (!has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::Main))
      continue;
    BodyView body = f.body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      for (const Held &held : locks_.at(id, event))
        for (const Invocation &invocation : program_.calls().invocations(body, event))
          for (BodyId callee : program_.bodiesOf(invocation.function))
            if (letsGo(locks_.summary(callee), held.lock))
              turns_.insert(program_.places().canonical(locks_.lockObject(held.lock)));
  }
}

/// Whether the lock is the one that another object of the same class has: `this` holds its own, and a parameter is read. Who
/// writes there may fill an object that is nobody else's yet.
bool Guards::ofAnother(const Climb &at, PlaceId lock) const {
  if (at.place == kNone || !at.subject || at.subject->fields.empty())
    return false;
  const Places &places = program_.places();
  LockName name = names_.nameOf(lock);
  if (name.field == kNone || name.field >= program_.facts().fields().size() || name.owner == kNone)
    return false;
  RecordId owner = program_.facts().fields()[name.field].record();
  PlaceId used = places.root(at.place), locked = places.root(name.owner);
  auto direct = [&](PlaceId place, PlaceId root) {
    return places[place].kind() == PlaceKind::Deref && places[place].parent() == root;
  };
  return !at.access.write && places[used].kind() == PlaceKind::Param && places[locked].kind() == PlaceKind::This &&
         direct(name.owner, locked) && at.object != kNone && direct(at.object, used) &&
         program_.facts().fields()[at.subject->fields.front()].record() == owner;
}

void Guards::addLocks(Climb &at, const HeldSet &held) const {
  const Places &places = program_.places();
  // A field of what a global points at is the field of one object; not so where an array of pointers is on the way.
  bool global = at.place != kNone && places.rootKind(at.place) == PlaceKind::Global;
  if (global && at.subject && at.subject->global == kNone)
    for (PlaceId step = at.place; step != kNone; step = places[step].parent())
      global = global && places[step].kind() != PlaceKind::Element;
  auto hasIndex = [&](PlaceId index) {
    for (PlaceId step = at.place; step != kNone; step = places[step].parent())
      if (places[step].kind() == PlaceKind::Element && places.canonical(places[step].id()) == index)
        return true;
    return false;
  };
  for (const Held &h : held) {
    PlaceId lock = places.canonical(locks_.lockObject(h.lock));
    if (lock == kNone)
      continue;
    at.access.anyLock = true;
    const ClassModel *model = program_.classModel(program_.recordOf(places[lock].type()));
    if (model && model->is == "semaphore")
      continue; // who gives it back is often another thread: that is a signal
    if (ofAnother(at, lock))
      continue;
    names_.add(at.access.somehow, h, at.access.calls.size());
    if ((h.maybe && !h.alike) || at.handed)
      continue;
    // As the path knows it, or as the body writes it, where that is what the access goes by.
    for (PlaceId place : {lock, names_.asWritten(h)}) {
      if (place == kNone)
        continue;
      LockName name = names_.nameOf(place);
      // What many instances of a class have in common with a global lock is chance; of an array of locks, the one with the same
      // index is meant.
      if (name.global != kNone && global && !turns_.count(name.global) &&
          (!name.element || (name.index != kNone && hasIndex(name.index))))
        add(at.access.surely, {name.global, kNone});
      // A member of what the access goes through, by value or by pointer.
      if (name.field != kNone && at.place != kNone && name.owner != kNone && places.within(at.place, name.owner))
        add(at.access.surely, {kNone, name.field});
    }
  }
}

bool Guards::ownsLock(const Subject &subject, GuardLock lock) const {
  const Facts &f = program_.facts();
  if (lock.field >= f.fields().size() || subject.fields.empty())
    return false;
  RecordId owner = f.fields()[lock.field].record();
  return llvm::any_of(subject.fields, [&](FieldId field) { return program_.isA(f.fields()[field].record(), owner); }) ||
         llvm::any_of(program_.fieldsOf(f.fields()[subject.fields.front()].record()),
                      [&](FieldId beside) { return program_.recordOf(f.fields()[beside].type()) == owner; });
}

bool Guards::goesThroughOwner(const GuardedAccess &access, const Subject &subject, GuardLock lock) const {
  const Facts &f = program_.facts();
  if (lock.field == kNone)
    return subject.global != kNone ||
           (access.reached != kNone && program_.places().rootKind(access.reached) == PlaceKind::Global);
  if (lock.field >= f.fields().size() || ownsLock(subject, lock))
    return true;
  for (PlaceId step = access.reached; step != kNone; step = program_.places()[step].parent())
    if (const Place &p = program_.places()[step]; p.kind() == PlaceKind::Field && p.id() < f.fields().size() &&
                                                  f.fields()[p.id()].record() == f.fields()[lock.field].record())
      return true;
  return false;
}

/// Paths on which one of them doesn't hold it are as good as any; of what is held far above, a lock without a name says too
/// little.
bool Guards::mayShareLock(const GuardedAccess &a, const GuardedAccess &b) const {
  auto has = [&](const GuardedAccess &access, GuardLock lock) {
    return access.somehow.surelyHas(lock) || (access.cut != kNone && names_.above(access.cut).surelyHas(lock));
  };
  auto meet = [&](const LockNames &names, const GuardedAccess &other) {
    return llvm::any_of(names.names, [&](const LockNames::Name &name) { return !name.maybe && has(other, name.lock); });
  };
  return (a.somehow.others && b.anyLock) || (b.somehow.others && a.anyLock) || meet(a.somehow, b) ||
         (a.cut != kNone && meet(names_.above(a.cut), b));
}

/// Whether a library offers the function to its users: one with the linkage of C that uses classes.
bool Guards::isInterface(BodyId id) const {
  const Facts &f = program_.facts();
  FunctionFlag flags = f.functions()[f.bodies()[id].function()].flags();
  return !program_.hasMain() && has(flags, FunctionFlag::C) && !has(flags, FunctionFlag::Internal) &&
         llvm::any_of(f.body(id).events, [&](const Event &event) {
           return event.kind() == EventKind::Call && event.callee() != kNone &&
                  has(f.functions()[event.callee()].flags(), FunctionFlag::Member);
         });
}

/// Whether the body's function is given to code that isn't seen, in a call that is made with some lock held: it may be run there
/// and then.
bool Guards::givenUnderLock(BodyId id) const {
  if (!givenKnown_) {
    givenKnown_ = true;
    const Places &places = program_.places();
    for (BodyId giver : program_.bodies()) {
      BodyView body = program_.facts().body(giver);
      for (EventId event = 0; event < body.events.size(); ++event) {
        const Event &call = body.events[event];
        if (call.kind() != EventKind::Call || (call.callee() != kNone && program_.model(call.callee())))
          continue;
        for (PlaceId operand : body.operands(call)) {
          PlaceId value = operand == kNone ? kNone : places.canonical(operand);
          if (value != kNone && places[value].kind() == PlaceKind::AddressOf)
            value = places[value].parent();
          if (value != kNone && places[value].kind() == PlaceKind::Function &&
              (!locks_.at(giver, event).empty() || !names_.above(giver).empty() || !locks_.declared(giver, event).empty()))
            givenUnderLock_.insert(places[value].id());
        }
      }
    }
  }
  return givenUnderLock_.count(program_.facts().bodies()[id].function());
}

void Guards::climb(Climb at, BodyId id, EventId event, size_t &ways) {
  addLocks(at, locks_.at(id, event));
  addLocks(at, names_.givenBack(id, event));
  addLocks(at, locks_.declared(id, event));
  at.access.ending |= endsBeside(at, id, event);
  if (!at.access.ending && unseen(id, event, at.object))
    return;
  at.access.unclear |= !locks_.known(id, event) || locks_.attributes().unchecked(program_.facts().bodies()[id].function());
  std::span<const CallGraph::Caller> callers = program_.calls().callers(id);
  bool repeats = false; // a recursion: what its first call held
  if (!at.access.calls.empty()) {
    repeats = at.access.body == id;
    for (const GuardedAccess::Call &call : llvm::ArrayRef(at.access.calls).drop_back())
      repeats = repeats || call.body == id;
  }
  bool tooMany = at.access.calls.size() >= kDepth || ways + callers.size() > kWays;
  if (callers.empty() || repeats || tooMany) {
    addLocks(at, locks_.byCallers(id, event));
    at.access.unclear |= callers.empty() && givenUnderLock(id);
    if (tooMany)
      at.access.cut = id;
    ++ways;
    at.access.reached = at.place;
    if (at.subject)
      subjects_[*at.subject].push_back(at.access);
    return;
  }
  if (isInterface(id)) { // others call it, too
    ++ways;
    GuardedAccess outside = at.access;
    outside.reached = at.place;
    if (at.subject)
      subjects_[*at.subject].push_back(std::move(outside));
  }
  for (const CallGraph::Caller &caller : callers) {
    BodyView from = program_.facts().body(caller.body);
    if (runsOnce(program_, from.events[caller.event]))
      continue; // before anybody who asked for it goes on
    FunctionId function = program_.facts().bodies()[id].function();
    for (const Invocation &invocation : program_.calls().reached(from, caller.event)) {
      if (invocation.function != function)
        continue;
      Climb up = at;
      auto outward = [&](PlaceId place) {
        PlaceId there = place == kNone ? kNone : program_.translate(place, invocation, from, caller.event);
        return there == kNone ? kNone : program_.places().canonical(there);
      };
      bool global = at.object != kNone && program_.places()[at.object].kind() == PlaceKind::Global;
      if (!global) {
        up.place = outward(at.place);
        up.object = outward(at.object);
      }
      up.access.calls.push_back({caller.body, caller.event});
      const Event &call = from.events[caller.event];
      bool byName = call.callee() == function || has(call.flags(), EventFlag::Virtual);
      up.handed |= invocation.closure == kNone && (invocation.nested || !byName);
      if (!up.subject && up.place != kNone) {
        up.subject = subjectOf(up.place, up.object);
        if (up.subject && !mayMatter(*up.subject))
          break;
      }
      if (!up.subject && !throughParameter(up.place))
        break;
      if (up.object != kNone && !global) {
        const Place &object = program_.places()[up.object];
        // A class by value in the caller's frame is nobody else's.
        if (program_.places().rootKind(up.object) == PlaceKind::Local && object.kind() != PlaceKind::Deref &&
            object.kind() != PlaceKind::Local)
          break;
        if (object.kind() == PlaceKind::Local || own(from, up.object))
          break;
      }
      climb(std::move(up), caller.body, caller.event, ways);
      break;
    }
  }
}

} // namespace heddle
