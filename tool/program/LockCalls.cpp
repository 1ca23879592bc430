// What the events that run other code do to a state: which bodies, models or declarations stand for them, and what is forgotten
// where none does. One body's effect is in LockEffects.cpp, one model's in LockModels.cpp.
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr size_t kAlternatives = 4; // states that the targets of one call leave apart
} // namespace

bool LockFlow::mayThrow(EventId id) const {
  const Event &event = body_.events[id];
  if (!has(event.flags(), EventFlag::MayThrow))
    return false;
  if (const FunctionModel *model = program_.model(event.callee()))
    return !model->noThrow;
  return true;
}

/// What an event runs by itself doesn't depend on the state, and is asked for in every one.
const LockFlow::Callees &LockFlow::calleesOf(EventId id) {
  std::unique_ptr<Callees> &callees = callees_[id];
  if (callees)
    return *callees;
  callees = std::make_unique<Callees>();
  callees->invocations = program_.calls().invocations(body_, id);
  auto modelled = [&](const Invocation &i) { return program_.model(i.function) != nullptr; };
  auto seen = [&](const Invocation &i) { return !program_.bodiesOf(i.function).empty() || modelled(i); };
  callees->known = llvm::any_of(callees->invocations, seen);
  bool declared = !callees->known && locks_.attributes().hasEffect(body_.events[id].callee());
  if (declared) {
    callees->invocations = {program_.calls().direct(body_, id)};
    callees->known = true;
  }
  // A body says itself how it throws.
  callees->throwsUnchanged = mayThrow(id) && (!callees->known || declared || llvm::any_of(callees->invocations, modelled));
  return *callees;
}

/// The same in every state, and asked for in every one.
PlaceId LockFlow::translated(PlaceId place, const Invocation &invocation, EventId id) {
  if (place == kNone || program_.places().rootKind(place) == PlaceKind::Global)
    return program_.translate(place, invocation, body_, id);
  const Callees *own = id == kNone ? nullptr : callees_[id].get();
  std::less<const Invocation *> before;
  const Invocation *first = own ? own->invocations.data() : nullptr;
  if (!own || before(&invocation, first) || !before(&invocation, first + own->invocations.size()))
    return program_.translate(place, invocation, body_, id); // of a callback or a model, made for this state
  auto [it, fresh] = translated_.try_emplace({id, uint32_t(&invocation - first), place}, kNone);
  if (fresh)
    it->second = program_.translate(place, invocation, body_, id);
  return it->second;
}

LockFlow::States LockFlow::invoke(EventId id, States states) {
  const Event &event = body_.events[id];
  const Callees &callees = calleesOf(id);
  if (callees.throwsUnchanged)
    for (const PathState &state : states)
      unwind(event.cleanup(), state, /*raised=*/0); // what throws did nothing
  if (callees.known) {
    states = applyAll(id, callees.invocations, std::move(states));
  } else {
    runGivenAt(id, states);
    for (PathState &state : states) {
      applyUnknown(id, state);
      noteUnseen(id, state);
    }
  }
  if (has(event.flags(), EventFlag::NoReturn))
    return {};
  return states;
}

LockFlow::States LockFlow::applyAll(EventId id, llvm::ArrayRef<Invocation> invocations, States states) {
  for (size_t i = 0; i < invocations.size();) {
    size_t end = i;
    while (end < invocations.size() && invocations[end].group == invocations[i].group)
      ++end;
    States next;
    for (const PathState &state : states)
      for (PathState &after : applyOneOf(id, invocations.slice(i, end - i), state))
        addState(program_.places(), next, std::move(after));
    states = limited(std::move(next), /*ofOneEvent=*/true);
    i = end;
  }
  return states;
}

/// One of several, of which it isn't known which: where they disagree on locks, what only some of them take is held maybe.
LockFlow::States LockFlow::applyOneOf(EventId id, llvm::ArrayRef<Invocation> alternatives, const PathState &state) {
  if (alternatives.size() == 1 && alternatives[0].certainty == Invocation::Exact)
    return apply(id, alternatives[0], state);
  std::vector<States> results;
  for (const Invocation &invocation : alternatives)
    results.push_back(apply(id, invocation, state));
  if (alternatives[0].certainty == Invocation::Open) {
    results.push_back({state});
    applyUnknown(id, results.back().back());
  }
  States all;
  for (const States &result : results)
    for (const PathState &after : result)
      addState(program_.places(), all, after);
  auto covers = [](const States &a, const States &b) {
    return llvm::all_of(b,
                        [&](const PathState &x) { return llvm::any_of(a, [&](const PathState &y) { return sameLocks(x, y); }); });
  };
  bool agree = llvm::all_of(results, [&](const States &result) { return covers(result, all); });
  if (all.size() < 2 || (agree && all.size() <= kAlternatives))
    return all;
  PathState common = all.front();
  for (const PathState &after : llvm::drop_begin(all))
    common = joined(program_.places(), common, after);
  return one(std::move(common));
}

LockFlow::States LockFlow::apply(EventId id, const Invocation &invocation, const PathState &state) {
  if (std::optional<States> declared = declaredEffect(id, invocation, state))
    return *std::move(declared);
  std::span<const BodyId> bodies = program_.bodiesOf(invocation.function);
  if (bodies.size() == 1)
    return applyBody(id, invocation, bodies[0], state);
  if (!bodies.empty()) {
    States result;
    for (BodyId callee : bodies)
      for (PathState &after : applyBody(id, invocation, callee, state))
        result.push_back(std::move(after));
    return result;
  }
  if (const FunctionModel *model = program_.model(invocation.function)) {
    // What a model runs may come back to it: an element that owns what owns it. Once more says nothing new.
    if (llvm::is_contained(running_, invocation.function) || running_.size() == kRunning)
      return {state};
    running_.push_back(invocation.function);
    States result = applyModel(id, *model, invocation, state);
    running_.pop_back();
    return result;
  }
  PathState after = state;
  applyUnknown(id, after);
  return one(std::move(after));
}

void LockFlow::forgetThroughUnknown(EventId id, PathState &state) {
  const Event &event = body_.events[id];
  bool system = event.callee() != kNone && has(program_.facts().functions()[event.callee()].flags(), FunctionFlag::System);
  Places &places = program_.places();
  PathReader reader = read(state);
  if (!system) {
    summary_.unknownCallee = true;
    reader.invalidate([&](FieldId field) { return program_.fieldWrites().byAnyBody().test(field); });
    llvm::erase_if(state.free, [&](const Free &f) { return outward(f.lock) != kNone; });
  }
  // What gets a lock itself may take or release it.
  for (PlaceId operand : body_.operands(event)) {
    PlaceId value = reader.value(places.canonical(operand));
    if (value == kNone)
      continue;
    PlaceId object = places.deref(value);
    llvm::erase_if(state.free, [&](const Free &f) { return places.within(f.lock, object); });
    for (Held &held : state.held)
      held.maybe = held.maybe || held.lock == object;
  }
}

void LockFlow::forgetGiven(EventId id, BodyId callee, PathState &state) {
  const Facts &f = program_.facts();
  Places &places = program_.places();
  const FieldWrites::Fields &fields = program_.fieldWrites().by(callee);
  std::span<const TypeId> params = f.params(f.functions()[f.bodies()[callee].function()]);
  std::span<const uint32_t> operands = body_.operands(body_.events[id]);
  for (size_t i = 0; i < operands.size(); ++i) {
    PlaceId pointer = read(state).value(places.canonical(operands[i]));
    if (pointer == kNone || places[pointer].kind() != PlaceKind::AddressOf || places.rootKind(pointer) != PlaceKind::Local)
      continue;
    PlaceId object = places[pointer].parent();
    TypeId param = i < params.size() ? params[i] : kNone;
    TypeId target = param == kNone ? kNone : f.types()[param].pointee();
    if (target != kNone && has(f.types()[target].flags(), TypeFlag::Const))
      continue;
    if (program_.recordAt(object, body_) == kNone) {
      read(state).store(object, places.make(PlaceKind::Unknown, id));
      continue;
    }
    auto written = [&](PlaceId place) {
      return place != kNone && places[place].kind() == PlaceKind::Field && places.within(place, object) &&
             fields.test(places[place].id());
    };
    llvm::erase_if(state.assumed, [&](const Assumption &a) { return written(a.value); });
    for (auto &entry : state.env)
      if (written(entry.first))
        entry.second = places.make(PlaceKind::Unknown, id);
  }
}

void LockFlow::applyUnknown(EventId id, PathState &state) {
  forgetThroughUnknown(id, state);
  // It may write what it was given the address of, and nothing else that is followed here.
  Places &places = program_.places();
  PathReader reader = read(state);
  for (PlaceId operand : body_.operands(body_.events[id])) {
    operand = places.canonical(operand);
    if (operand == kNone || places[operand].kind() != PlaceKind::AddressOf)
      continue;
    PlaceId object = reader.lvalue(places[operand].parent());
    if (object != kNone && places.rootKind(object) == PlaceKind::Local)
      reader.store(object, places.make(PlaceKind::Unknown, id));
  }
}

} // namespace heddle
