// What all callers of a body hold around it: it is held in the body too, though nothing there says so.
#include "program/LockFlow.h"
#include "program/LockState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

/// The place of the callee's frame that is `place` of the caller's: the longest prefix that an argument names, then the rest.
PlaceId inward(Places &places, PlaceId place, const Invocation &invocation, const BodyView &caller) {
  if (places.rootKind(place) == PlaceKind::Global)
    return place;
  auto through = [&](PlaceId value, PlaceId root) -> PlaceId {
    if (value == kNone || !places.within(place, places.deref(value)))
      return kNone;
    return places.rebase(place, places.deref(value), places.deref(root));
  };
  if (PlaceId found = through(invocation.self, places.make(PlaceKind::This, kNone)); found != kNone)
    return found;
  for (uint32_t i = 0; i < invocation.arguments.size(); ++i)
    if (PlaceId found = through(invocation.arguments[i], places.make(PlaceKind::Param, i)); found != kNone)
      return found;
  if (invocation.closure == kNone)
    return kNone;
  std::span<const PlaceId> captured = caller.operands(caller.events[invocation.closure]);
  for (uint32_t i = 0; i < captured.size(); ++i)
    if (PlaceId found = through(places.canonical(captured[i]), places.make(PlaceKind::Capture, i)); found != kNone)
      return found;
  return kNone;
}

} // namespace

/// Whether the body releases a lock of its caller's, for good or for a while.
bool LockState::gives(BodyId body, PlaceId lock) const {
  auto within = [&](PlaceId released) { return program_.places().within(released, lock); };
  const LockSummary &summary = summaries_[body];
  return llvm::any_of(summary.outcomes, [&](const Outcome &o) { return llvm::any_of(o.released, within); }) ||
         llvm::any_of(summary.pairs, [&](const CriticalPair &p) { return llvm::any_of(p.released, within); });
}

/// Whether something that the event calls runs what it is given after it has released a lock of its caller.
bool LockState::releasesBefore(const BodyView &body, EventId event) const {
  for (const Invocation &invocation : program_.calls().invocations(body, event))
    for (BodyId callee : program_.bodiesOf(invocation.function))
      if (llvm::any_of(summaries_[callee].given, [](const GivenRun &run) { return !run.released.empty(); }))
        return true;
  return false;
}

void LockState::findByCallers() {
  // Top-down over components: callers are after their callees there.
  byCallers_.resize(summaries_.size());
  Places &places = program_.places();
  std::vector<bool> addressed(program_.facts().functions().size());
  for (BodyId id : program_.bodies()) {
    BodyView body = program_.facts().body(id);
    for (const Event &event : body.events)
      for (PlaceId operand : body.operands(event))
        if (operand != kNone && program_.facts().places()[operand].kind() == PlaceKind::Function)
          addressed[program_.facts().places()[operand].id()] = true;
  }
  for (const Initial &row : program_.facts().initials())
    if (const facts::Place &value = program_.facts().places()[row.value()]; value.kind() == PlaceKind::Function)
      addressed[value.id()] = true;
  auto components = program_.calls().components();
  for (size_t i = components.size(); i-- > 0;)
    for (BodyId id : components[i]) {
      const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
      std::span<const CallGraph::Caller> callers = program_.calls().callers(id);
      bool outside = !program_.hasMain() && !has(function.flags(), FunctionFlag::Internal | FunctionFlag::Lambda);
      // What is called through a value may be so by others than those that are seen.
      bool named = llvm::all_of(callers, [](const CallGraph::Caller &caller) { return caller.named; });
      if (callers.empty() || !named || addressed[program_.facts().bodies()[id].function()])
        continue;
      std::optional<HeldSet> common;
      for (const CallGraph::Caller &caller : callers) {
        if (llvm::is_contained(components[i], caller.body))
          continue; // a call within the recursion holds what the first one did, and more
        BodyView from = program_.facts().body(caller.body);
        HeldSet held = at(caller.body, caller.event);
        held.append(byCallers(caller.body, caller.event));
        held.append(declared(caller.body, caller.event));
        HeldSet here;
        for (const Invocation &invocation : program_.calls().reached(from, caller.event)) {
          if (program_.facts().bodies()[id].function() != invocation.function)
            continue;
          if (invocation.nested && releasesBefore(from, caller.event))
            break;
          for (Held h : held)
            if (!h.maybe)
              if (h.lock = inward(places, h.lock, invocation, from); h.lock != kNone)
                here.push_back(h);
          break;
        }
        if (!common)
          common = here;
        else
          llvm::erase_if(*common, [&](const Held &h) {
            return std::none_of(here.begin(), here.end(), [&](const Held &o) { return o.lock == h.lock; });
          });
      }
      // In an open target others may call it too; members of the same class that never do so unlocked are taken at their word.
      if (outside && !has(function.flags(), FunctionFlag::Member))
        continue;
      if (common)
        byCallers_[id] = std::move(*common);
    }
}

} // namespace heddle
