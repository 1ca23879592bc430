// Calls of functions that have bodies: a callee's summary in its caller's frame, and the summary of a path's end.
#include "program/DescriptorsWalk.h"

namespace heddle::descriptors {

using namespace facts;

constexpr size_t kStores = 64;
constexpr size_t kChain = 12;

// ---- a callee's summary in this frame ---------------------------------------------------------------------------------------

Walk::States Walk::applySummary(EventId event, const Callee &callee, const State &state) {
  if (!callee.summary)
    return {state};
  for (const auto &[place, uses] : callee.summary->uses) {
    PlaceId here = translated(place, event, callee.invocation);
    if (here == kNone)
      continue;
    PlaceId value = reader_.value(state, here);
    for (const EntryUse &entry : uses)
      if (entry.use.chain.size() < kChain)
        use(state, value, viaCall(event, entry.use), entry.ordered);
  }
  importForks(event, callee, state);
  States result;
  for (const Outcome &outcome : callee.summary->outcomes)
    result.push_back(applyOutcome(event, callee, outcome, state));
  return result;
}

DescriptorUse Walk::viaCall(EventId event, const DescriptorUse &use) const {
  DescriptorUse here = use;
  here.chain.insert(here.chain.begin(), {body_.id, event});
  return here;
}

PlaceId Walk::translated(PlaceId place, EventId event, const Invocation &invocation) const {
  if (place == kNone)
    return kNone;
  return places_.substitute(place, [&](PlaceId root) -> PlaceId {
    if (root != returnSlot_)
      return program_.translate(root, invocation, body_, event);
    PlaceId object = body_.events[event].result();
    return object == kNone ? places_.make(PlaceKind::Result, event) : places_.canonical(object);
  });
}

ForkId Walk::importedFork(EventId event, const Callee &callee, ForkId id) {
  BodyId body = callee.summary->forks[id].chain.front().body;
  auto [it, fresh] = forkIds_.try_emplace({event, body, id}, summary_.forks.size());
  if (fresh) {
    Fork &fork = summary_.forks.emplace_back();
    fork.chain = callee.summary->forks[id].chain;
    fork.chain.insert(fork.chain.begin(), {body_.id, event});
  }
  return it->second;
}

void Walk::importForks(EventId event, const Callee &callee, const State &state) {
  using Uses = std::map<DescriptionId, DescriptorUse>;
  for (ForkId id = 0; id < callee.summary->forks.size(); ++id) {
    const Fork &from = callee.summary->forks[id];
    if (from.chain.size() >= kChain)
      continue;
    ForkId to = importedFork(event, callee, id);
    for (Uses Fork::*side : {&Fork::child, &Fork::parent, &Fork::sibling})
      for (const auto &[description, use] : from.*side) {
        std::optional<Held> held = imported(event, callee, description, state);
        if (!held)
          continue;
        const Description &here = summary_.descriptions[held->description];
        if (here.kind >= Kind::Other || (here.kind == Kind::Append && use.how == Advance::Write))
          continue;
        DescriptorUse via = viaCall(event, use);
        auto [it, fresh] = (summary_.forks[to].*side).try_emplace(held->description, via);
        if (!fresh && via < it->second)
          it->second = via;
      }
  }
}

std::optional<Held> Walk::imported(EventId event, const Callee &callee, DescriptionId id, const State &before) {
  const Description &from = callee.summary->descriptions[id];
  if (from.kind == Kind::Closed)
    return Held{closedDescription()};
  if (from.entry != kNone) {
    PlaceId here = translated(from.entry, event, callee.invocation);
    return here == kNone ? std::nullopt : heldBy(before, reader_.value(before, here));
  }
  if (from.opened.size() >= kChain)
    return std::nullopt;
  auto [it, fresh] = openedIds_.try_emplace({event, from.opened.front().body, id}, summary_.descriptions.size());
  if (fresh) {
    Description &here = summary_.descriptions.emplace_back(from);
    here.opened.insert(here.opened.begin(), {body_.id, event});
  }
  uint32_t after = 0;
  for (const ForkSide &side : before.forks)
    after |= 1u << side.fork;
  return Held{it->second, after, 0};
}

State Walk::applyOutcome(EventId event, const Callee &callee, const Outcome &outcome, const State &before) {
  State after = before;
  for (const Store &store : outcome.stores)
    applyStore(event, callee, outcome, store, before, after);
  if (outcome.waited)
    for (ForkSide &side : after.forks)
      side.waited |= side.side == Side::Parent;
  after.waited |= outcome.waited;
  for (ForkSide side : outcome.forks) {
    side.fork = importedFork(event, callee, side.fork);
    if (side.fork >= kMaxForks)
      continue;
    PlaceId result = translated(side.result, event, callee.invocation);
    side.result = result == kNone ? kNone : reader_.storage(after, result);
    enterSide(after, side);
  }
  return after;
}

void Walk::applyStore(EventId event, const Callee &callee, const Outcome &outcome, const Store &store, const State &before,
                      State &after) {
  PlaceId place = translated(store.storage, event, callee.invocation);
  if (place == kNone)
    return;
  std::optional<Held> held = store.description == kNone ? std::nullopt : imported(event, callee, store.description, before);
  for (const ForkSide &side : outcome.forks)
    if (ForkId here; held && (store.after >> side.fork & 1) && (here = importedFork(event, callee, side.fork)) < kMaxForks)
      held->after |= 1u << here;
  if (store.content) {
    if (PlaceId value = reader_.value(before, place); held)
      after.held.set(value, *held);
    return;
  }
  PlaceId storage = reader_.storage(before, place);
  PlaceId value = translated(store.value, event, callee.invocation);
  bool result = places_[storage].kind() == PlaceKind::Result; // new with this call: nothing to forget, and a name of its own
  if (held || store.number) {
    // A value that has no other name: the place stands for it.
    if (!result)
      reader_.forget(after, storage);
    if (held)
      after.held.set(storage, *held);
    if (store.number)
      after.numbers.set(storage, *store.number);
  } else if (value != kNone || !result) {
    reader_.write(after, storage, value == kNone ? reader_.unknown() : reader_.value(before, value));
  }
}

// ---- the end of a path ------------------------------------------------------------------------------------------------------

PlaceId Walk::exported(PlaceId place, PlaceId returned) const {
  const facts::Place p = places_[place];
  if (p.kind() == PlaceKind::Expr || p.kind() == PlaceKind::Unknown)
    return kNone;
  return places_.substitute(place, [&](PlaceId root) -> PlaceId {
    if (root == returned)
      return returnSlot_; // what a returned pointer points at
    return root == returnSlot_ || reader_.outlives(root) ? root : kNone;
  });
}

/// Whether a place has a type that a descriptor has, or that one is found through.
bool Walk::mayLead(PlaceId place) const {
  TypeId type = places_[place].type();
  if (type == kNone)
    return true;
  const Type &row = program_.facts().types()[type];
  return row.kind() == TypeKind::Pointer || row.kind() == TypeKind::Record ||
         (row.kind() == TypeKind::Integer && row.size() == 4);
}

void Walk::exportStore(PlaceId storage, PlaceId value, PlaceId returned, const State &state, Outcome &outcome) const {
  if (outcome.stores.size() >= kStores)
    return;
  Store store;
  store.storage = storage;
  if (const Held *held = state.held.find(value); held && summary_.descriptions[held->description].kind != Kind::Closed) {
    store.description = held->description;
    store.after = held->after;
  } else {
    store.value = exported(value, kNone);
    if (store.value == kNone || places_[store.value].kind() == PlaceKind::Constant)
      store.number = reader_.number(state, value);
    // What can't be a descriptor or lead to one is told only of functions that fork, whose callers may branch on it.
    if (!followsNumbers_ && storage != returnSlot_ && (store.value == kNone || !mayLead(storage)))
      return;
  }
  outcome.stores.push_back(std::move(store));
}

Outcome Walk::outcomeOf(const State &state) {
  Outcome outcome;
  outcome.waited = state.waited;
  const PlaceId *found = state.values.find(returnSlot_);
  PlaceId returned = found ? *found : kNone;
  if (found) // first: what a returned pointer points at is told in terms of it
    exportStore(returnSlot_, returned, returned, state, outcome);
  for (const auto &[storage, value] : state.values) {
    PlaceId there = exported(storage, returned);
    if (there != kNone && storage != returnSlot_ && value != storage && !reader_.inParameter(storage))
      exportStore(there, value, returned, state, outcome);
  }
  for (const auto &[value, held] : state.held) {
    PlaceId there = exported(value, returned);
    if (there == kNone || there == returnSlot_ || outcome.stores.size() >= kStores)
      continue;
    bool closed = summary_.descriptions[held.description].kind == Kind::Closed;
    outcome.stores.push_back({there, closed || reader_.inParameter(there), held.description, held.after, kNone, {}});
  }
  for (ForkSide side : state.forks) {
    PlaceId result = side.result;
    side.result = result == kNone ? kNone : result == returned ? returnSlot_ : exported(result, kNone);
    for (const auto &[storage, value] : state.values)
      if (side.result == kNone && value == result && result != kNone && !reader_.inParameter(storage))
        side.result = exported(storage, returned);
    side.repeated = false;
    outcome.forks.push_back(side);
  }
  return outcome;
}

} // namespace heddle::descriptors
