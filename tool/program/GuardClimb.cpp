// From an access up the calls that lead to it, with the locks that are held on the way (Guards.h).
#include "program/CallGraph.h"
#include "program/Guards.h"

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

void Guards::findUnderLock() {
  underLock_.assign(program_.facts().bodies().size(), false);
  // Callers come after their callees in the components.
  auto components = program_.calls().components();
  for (size_t i = components.size(); i-- > 0;)
    for (BodyId id : components[i])
      for (const CallGraph::Caller &caller : program_.calls().callers(id))
        underLock_[id] = underLock_[id] || underLock_[caller.body] || !locks_.at(caller.body, caller.event).empty();
}

/// The fields from the last pointer on; `object` gets what the first of them is a member of.
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

void Guards::addLocks(Climb &at, const HeldSet &held) const {
  const Places &places = program_.places();
  for (const Held &h : held) {
    PlaceId lock = places.canonical(locks_.lockObject(h.lock));
    GuardLock guard;
    PlaceId base = lock;
    while (base != kNone && places[base].kind() == PlaceKind::Element)
      base = places[base].parent();
    if (base == kNone)
      continue;
    at.access.anyLock = true;
    const ClassModel *model = program_.classModel(program_.recordOf(places[lock].type()));
    if (model && model->is == "semaphore")
      continue; // who gives it back is often another thread: that is a signal
    bool global = places.rootKind(base) == PlaceKind::Global;
    bool strong = false;
    if (places[base].kind() == PlaceKind::Field) {
      guard.field = places[base].id();
      // A member of what the access goes through, by value or by pointer.
      PlaceId owner = places[base].parent();
      while (owner != kNone && places[owner].kind() == PlaceKind::Field)
        owner = places[owner].parent();
      strong = at.place != kNone && owner != kNone && places.within(at.place, owner);
    }
    if (global) {
      bool only = true; // fields of one variable
      for (PlaceId step = base; step != kNone; step = places[step].parent())
        only = only && (places[step].kind() == PlaceKind::Field || places[step].kind() == PlaceKind::Global);
      if (only && base == lock) {
        guard = {base, kNone};
        // What many instances of a class have in common with a global lock is chance.
        strong = at.place != kNone && places.rootKind(at.place) == PlaceKind::Global && !turns_.count(base);
      }
    }
    if (guard.field == kNone && guard.global == kNone) {
      at.access.nameless = true;
      continue;
    }
    add(at.access.somehow, guard);
    if (strong && !h.maybe && !at.handed)
      add(at.access.surely, guard);
  }
}

void Guards::climb(Climb at, BodyId id, EventId event, size_t &ways) {
  if (unseen(id, at.object))
    return;
  addLocks(at, locks_.at(id, event));
  addLocks(at, locks_.declared(id));
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
    addLocks(at, locks_.byCallers(id));
    // Of many callers, where some hold a lock, it isn't known which of them.
    at.access.unclear |= tooMany && underLock_[id] && at.access.somehow.empty();
    ++ways;
    if (at.subject)
      subjects_[*at.subject].push_back(at.access);
    return;
  }
  for (const CallGraph::Caller &caller : callers) {
    BodyView from = program_.facts().body(caller.body);
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
      up.handed |= invocation.closure == kNone && (invocation.nested || from.events[caller.event].callee() == kNone);
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
