#include "program/DescriptorsWalk.h"

#include <tuple>

namespace heddle::descriptors {

using namespace facts;

// Bounds by count: what they cut is dropped, which only loses findings.
constexpr size_t kStatesForking = 32, kStatesOther = 8;
constexpr unsigned kStepsForking = 3000, kStepsOther = 600;
constexpr size_t kOutcomesForking = 16, kOutcomesOther = 4;

Walk::Walk(const Program &program, const Summaries &summaries, const BodyView &body, bool followsNumbers)
    : program_(program), summaries_(summaries), body_(body), followsNumbers_(followsNumbers), reader_(program.places()),
      places_(program.places()), returnSlot_(program.places().make(PlaceKind::ReturnSlot, kNone)) {
  atBlock_.resize(body.blocks.size());
  callees_.resize(body.events.size());
  for (EventId event = 0; event < body.events.size(); ++event) {
    std::map<uint32_t, std::vector<Callee>> groups;
    bool acts = false;
    for (const Invocation &invocation : program.calls().reached(body, event))
      for (BodyId callee : program.bodiesOf(invocation.function)) {
        auto found = summaries.find(callee);
        groups[invocation.group].push_back({invocation, found == summaries.end() ? nullptr : &found->second});
        acts |= found != summaries.end() && !found->second.trivial();
      }
    if (acts)
      for (auto &[group, callees] : groups)
        callees_[event].push_back(std::move(callees));
  }
}

Summary Walk::run(bool &cut) {
  arrive(0, State{});
  const unsigned limit = followsNumbers_ ? kStepsForking : kStepsOther;
  while (!todo_.empty()) {
    if (++steps_ > limit) {
      cut_ = true;
      break;
    }
    auto [block, start] = std::move(todo_.back());
    todo_.pop_back();
    const Block &row = body_.blocks[block];
    States states{std::move(start)};
    for (EventId event = row.events(); event < row.events() + row.event_count() && !states.empty(); ++event) {
      States next;
      for (State &state : states)
        for (State &after : step(event, std::move(state)))
          next.push_back(std::move(after));
      states = limited(std::move(next));
    }
    for (const State &state : states)
      leaveBlock(row, state);
  }
  cut = cut_;
  return std::move(summary_);
}

/// Calls one after the other multiply the ways: beyond a bound those with the same descriptions and sides are one, as where paths
/// meet, and of those that are left some are dropped.
Walk::States Walk::limited(States states) {
  const size_t most = followsNumbers_ ? kStatesForking : kStatesOther;
  States result;
  for (State &state : states)
    if (std::find(result.begin(), result.end(), state) == result.end())
      result.push_back(std::move(state));
  if (result.size() <= most)
    return result;
  States merged;
  for (State &state : result) {
    auto same = std::find_if(merged.begin(), merged.end(), [&](const State &s) { return s.sameProperty(state); });
    if (same != merged.end())
      same->join(state, reader_.unknown());
    else if (merged.size() < most)
      merged.push_back(std::move(state));
    else
      cut_ = true;
  }
  return merged;
}

void Walk::arrive(BlockId block, State state) {
  for (State &known : atBlock_[block])
    if (known.sameProperty(state)) {
      if (known.join(state, reader_.unknown()))
        todo_.emplace_back(block, known);
      return;
    }
  if (atBlock_[block].size() >= (followsNumbers_ ? kStatesForking : kStatesOther)) {
    cut_ = true;
    return;
  }
  atBlock_[block].push_back(state);
  todo_.emplace_back(block, std::move(state));
}

void Walk::leaveBlock(const Block &block, const State &state) {
  if (has(block.flags(), BlockFlag::NoReturn))
    return;
  if (has(block.flags(), BlockFlag::Exit))
    return finish(state);
  std::vector<std::pair<const Edge *, PlaceId>> open;
  std::vector<PlaceId> decisive;
  bool surely = false;
  for (const Edge &edge : body_.edgesOf(block)) {
    PlaceId value = edge.value() == kNone ? kNone : reader_.value(state, places_.canonical(edge.value()));
    std::optional<bool> taken;
    if (edge.relation() == Relation::Always)
      taken = true;
    else if (value != kNone)
      taken = reader_.test(state, value, edge.relation(), edge.constant());
    if (taken && edge.relation() != Relation::Always)
      decisive.push_back(value);
    surely |= taken && *taken;
    if (!taken || *taken)
      open.emplace_back(&edge, value);
  }
  for (auto [edge, value] : open) {
    if (edge->relation() == Relation::Default && surely)
      continue;
    State next = state;
    for (ForkSide &side : next.forks)
      for (PlaceId tested : decisive)
        side.decided |= side.result != kNone && places_.mentions(tested, side.result);
    if (value != kNone && (followsNumbers_ || state.held.find(value) || places_[value].kind() == PlaceKind::Expr))
      reader_.learn(next, value, edge->relation(), edge->constant());
    arrive(edge->to(), std::move(next));
  }
}

void Walk::finish(const State &state) {
  Outcome outcome = outcomeOf(state);
  if (std::find(summary_.outcomes.begin(), summary_.outcomes.end(), outcome) != summary_.outcomes.end())
    return;
  if (summary_.outcomes.size() < (followsNumbers_ ? kOutcomesForking : kOutcomesOther))
    summary_.outcomes.push_back(std::move(outcome));
  else
    cut_ = true;
}

Walk::States Walk::step(EventId id, State state) {
  const Event &event = body_.events[id];
  switch (event.kind()) {
  case EventKind::Write:
    write(id, state);
    break;
  case EventKind::Call:
  case EventKind::Construct:
  case EventKind::Destroy:
    return call(id, std::move(state));
  case EventKind::Return:
    if (event.operand_count() != 0)
      if (PlaceId value = places_.canonical(body_.operands(event)[0]); places_.root(value) != returnSlot_)
        state.values.set(returnSlot_, reader_.value(state, value));
    break;
  case EventKind::Throw:
    return {};
  case EventKind::Allocate:
  case EventKind::Closure:
    reader_.forget(state, places_.make(PlaceKind::Result, id));
    break;
  default:
    break;
  }
  return {std::move(state)};
}

Walk::States Walk::call(EventId id, State state) {
  const Event &event = body_.events[id];
  reader_.forget(state, places_.make(PlaceKind::Result, id));
  PlaceId object = event.place() == kNone ? kNone : places_.canonical(event.place());
  bool own = object != kNone && (places_[object].kind() == PlaceKind::Local || places_[object].kind() == PlaceKind::Result);
  if (own && event.kind() == EventKind::Construct)
    reader_.forget(state, object);
  States states{std::move(state)};
  const FunctionModel *model = program_.model(event.callee());
  if (model)
    states = applyModel(id, *model, std::move(states[0]));
  else if (callees_[id].empty() && (event.callee() == kNone || program_.bodiesOf(event.callee()).empty()))
    forgetOutputs(id, states[0]);
  for (const std::vector<Callee> &group : callees_[id]) {
    States next;
    for (const State &before : states)
      for (const Callee &callee : group)
        for (State &after : applySummary(id, callee, before))
          next.push_back(std::move(after));
    states = limited(std::move(next));
  }
  if (has(event.flags(), EventFlag::NoReturn))
    return {};
  if (own && event.kind() == EventKind::Destroy)
    for (State &after : states)
      reader_.forget(after, object);
  return states;
}

void Walk::write(EventId id, State &state) {
  const Event &event = body_.events[id];
  if (event.place() == kNone)
    return;
  PlaceId place = places_.canonical(event.place());
  PlaceId storage = reader_.storage(state, place);
  bool known = event.operand_count() != 0 && !has(event.flags(), EventFlag::Update);
  PlaceId value = known ? reader_.value(state, places_.canonical(body_.operands(event)[0])) : reader_.unknown();
  name(state, place, value);
  bool number = places_[value].kind() == PlaceKind::Constant || places_[value].kind() == PlaceKind::Expr;
  reader_.write(state, storage, number && !followsNumbers_ ? reader_.unknown() : value);
}

// ---- descriptions -----------------------------------------------------------------------------------------------------------

std::optional<Held> Walk::heldBy(const State &state, PlaceId value) {
  if (value == kNone)
    return std::nullopt;
  if (const Held *held = state.held.find(value))
    return *held;
  if (!reader_.outlives(value))
    return std::nullopt;
  return Held{entryDescription(value)};
}

DescriptionId Walk::entryDescription(PlaceId place) {
  auto [it, fresh] = entryIds_.try_emplace(place, summary_.descriptions.size());
  if (fresh)
    summary_.descriptions.push_back({place, Kind::File, {}, kNone, kNone});
  return it->second;
}

DescriptionId Walk::closedDescription() {
  auto [it, fresh] = openedIds_.try_emplace({kNone, kNone, 0}, summary_.descriptions.size());
  if (fresh)
    summary_.descriptions.push_back({kNone, Kind::Closed, {}, kNone, kNone});
  return it->second;
}

void Walk::name(const State &state, PlaceId variable, PlaceId value) {
  const Held *held = state.held.find(value);
  if (!held)
    return;
  Description &description = summary_.descriptions[held->description];
  bool named = description.name != kNone && description.nameBody == body_.id;
  if (description.entry == kNone && !named && places_[variable].kind() != PlaceKind::ReturnSlot) {
    description.name = variable;
    description.nameBody = body_.id;
  }
}

static void keepFirst(std::map<DescriptionId, DescriptorUse> &uses, DescriptionId description, const DescriptorUse &use) {
  auto [it, fresh] = uses.try_emplace(description, use);
  if (!fresh && use < it->second)
    it->second = use;
}

void Walk::use(const State &state, PlaceId value, DescriptorUse use, bool ordered) {
  std::optional<Held> held = heldBy(state, value);
  if (!held)
    return;
  const Description &description = summary_.descriptions[held->description];
  if (description.kind >= Kind::Other || (description.kind == Kind::Append && use.how == Advance::Write))
    return;
  ordered |= state.waited;
  for (const ForkSide &side : state.forks) {
    uint32_t bit = 1u << side.fork;
    if (!side.decided || (held->after & bit) || (side.side == Side::Parent && (side.waited || ordered)))
      continue;
    Fork &fork = summary_.forks[side.fork];
    keepFirst(side.side == Side::Child ? fork.child : fork.parent, held->description, use);
    if (side.repeated && !(held->fresh & bit))
      keepFirst(fork.sibling, held->description, use);
  }
  if (description.entry == kNone)
    return;
  std::vector<EntryUse> &uses = summary_.uses[description.entry];
  for (EntryUse &known : uses)
    if (known.ordered == ordered && known.use.how == use.how) {
      if (use < known.use)
        known.use = use;
      return;
    }
  uses.push_back({use, ordered});
}

void Walk::enterSide(State &state, ForkSide side) {
  uint32_t bit = 1u << side.fork;
  if (const ForkSide *before = state.sideOf(side.fork)) {
    // The fork runs again: an earlier child may still be there, with what was open before that one.
    side.repeated = side.side == Side::Child && before->side == Side::Parent && before->decided && !before->waited;
    for (auto &[value, held] : state.held) {
      held.fresh = held.after & bit ? held.fresh | bit : held.fresh & ~bit;
      held.after &= ~bit;
    }
    std::erase_if(state.forks, [&](const ForkSide &s) { return s.fork == side.fork; });
  }
  state.forks.insert(std::upper_bound(state.forks.begin(), state.forks.end(), side), side);
}

bool Summary::trivial() const { return uses.empty() && forks.empty() && outcomes.size() == 1 && outcomes.front() == Outcome{}; }

} // namespace heddle::descriptors

namespace heddle {
bool operator<(const DescriptorUse &a, const DescriptorUse &b) {
  return std::tuple(a.chain.size(), a.chain, a.how) < std::tuple(b.chain.size(), b.chain, b.how);
}
} // namespace heddle
