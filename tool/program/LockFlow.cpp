#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kStates = 12;      // states of a block before they are merged by their locks
constexpr unsigned kSteps = 60'000; // events interpreted in a body

} // namespace

LockFlow::LockFlow(const Program &program, LockState &locks, BodyId body, std::vector<Demand> &demands)
    : program_(program), locks_(locks), body_(program.facts().body(body)), in_(body_.blocks.size()), demands_(demands),
      before_(body_.events.size()), seen_(body_.events.size()) {
  required_ = locks_.required(body);
  for (Demand &demand : demands_) { // of an earlier round
    demand.met = 0;
    demand.missed = kNone;
  }
  // Results that decide something: only they make a path of their own where an acquisition fails.
  std::set<PlaceId> looked;
  for (const Block &block : body_.blocks)
    for (const Edge &edge : body_.edgesOf(block))
      findResults(edge.value(), looked);
  for (const Event &event : body_.events)
    if (event.kind() == EventKind::Write || event.kind() == EventKind::Return)
      for (PlaceId operand : body_.operands(event))
        findResults(operand, looked);
}

void LockFlow::findResults(PlaceId id, std::set<PlaceId> &looked) {
  const Places &places = program_.places();
  id = places.canonical(id);
  if (id == kNone || !looked.insert(id).second)
    return;
  const Place &p = places[id];
  if (p.kind() == PlaceKind::Result)
    tested_.insert(p.id());
  findResults(p.parent(), looked);
  if (p.kind() == PlaceKind::Element || (p.kind() == PlaceKind::Expr && p.op() != ExprOp::Opaque))
    findResults(p.id(), looked);
}

LockSummary LockFlow::run() {
  if (body_.blocks.empty())
    return summary_;
  enter(0, {});
  while (!work_.empty() && !cut_) {
    auto [block, state] = std::move(work_.front());
    work_.pop_front();
    walk(block, std::move(state));
  }
  summary_.cut = summary_.opaque = cut_;
  if (cut_) {
    ++program_.cut().functions;
    seen_.assign(seen_.size(), false);
  }
  if (llvm::is_contained(seen_, 0))
    locks_.unseen_[body_.id] = seen_;
  else
    locks_.unseen_.erase(body_.id);
  if (summary_.outcomes.empty() && cut_)
    summary_.outcomes.emplace_back();
  return std::move(summary_);
}

std::vector<uint32_t> LockFlow::before() {
  std::vector<uint32_t> result;
  for (HeldSet &held : before_) {
    std::vector<Held> key(held.begin(), held.end());
    auto [it, fresh] = locks_.heldSetIds_.try_emplace(std::move(key), locks_.heldSets_.size());
    if (fresh)
      locks_.heldSets_.push_back(std::move(held));
    result.push_back(it->second);
  }
  return result;
}

// ---- states of blocks ------------------------------------------------------------------------------------------------------

void LockFlow::enter(BlockId block, PathState state) {
  States &states = in_[block];
  if (auto known = std::find(states.begin(), states.end(), state); known != states.end()) {
    PathState merged = joined(program_.places(), *known, state);
    if (merged.free.size() == known->free.size())
      return;
    *known = merged;
    work_.emplace_back(block, std::move(merged));
    return;
  }
  if (states.size() >= kStates) {
    // Too many: merge with one of equal locks, so that assumptions are lost before locks are; else with the last.
    auto same = std::find_if(states.begin(), states.end(), [&](const PathState &s) { return sameLocks(s, state); });
    if (same == states.end()) {
      same = states.end() - 1;
      ++program_.cut().paths;
    }
    PathState merged = joined(program_.places(), *same, state);
    merged.merged = true;
    if (merged == *same && same->merged)
      return;
    *same = merged;
    state = std::move(merged);
  } else {
    states.push_back(state);
  }
  work_.emplace_back(block, std::move(state));
}

/// More states than are kept apart are merged by their locks. Within one event, that runs many bodies as the destruction of many
/// members does, they come from one state and would be as many as the product of the outcomes: what is lost then is what the
/// event has told, and what was known before it still stands, so that claims may be made.
LockFlow::States LockFlow::limited(States states, bool ofOneEvent) {
  if (states.size() <= kStates)
    return states;
  States merged;
  for (PathState &s : states) {
    auto same = std::find_if(merged.begin(), merged.end(), [&](const PathState &m) { return sameLocks(m, s); });
    if (same == merged.end()) {
      merged.push_back(std::move(s));
    } else {
      *same = joined(program_.places(), *same, s);
      same->merged = same->merged || !ofOneEvent;
    }
  }
  return merged;
}

void LockFlow::walk(BlockId block, PathState state) {
  const Block &row = body_.blocks[block];
  States states{std::move(state)};
  for (uint32_t i = 0; i < row.event_count() && !states.empty() && !cut_; ++i) {
    States next;
    for (PathState &s : states) {
      if (++steps_ > kSteps) {
        cut_ = true;
        return;
      }
      for (PathState &after : step(row.events() + i, std::move(s)))
        addState(program_.places(), next, std::move(after));
    }
    states = limited(std::move(next), /*ofOneEvent=*/false);
  }
  for (PathState &s : states)
    leaveBy(row, std::move(s));
}

void LockFlow::leaveBy(const Block &block, PathState state) {
  if (has(block.flags(), BlockFlag::Exit)) {
    finish(std::move(state), /*thrown=*/false, /*raised=*/false);
    return;
  }
  if (has(block.flags(), BlockFlag::NoReturn))
    return;
  std::span<const Edge> edges = body_.edgesOf(block);
  for (const Edge &edge : edges) {
    PathState next = state;
    PathReader reader = read(next);
    PlaceId value = reader.value(program_.places().canonical(edge.value()));
    if (edge.relation() == Relation::Default) {
      bool possible = true;
      for (const Edge &other : edges)
        if (other.relation() != Relation::Default && other.relation() != Relation::Always)
          possible = possible && reader.assume(value, negated(other.relation()), other.constant());
      if (!possible)
        continue;
    } else if (!reader.assume(value, edge.relation(), edge.constant())) {
      continue;
    }
    enter(edge.to(), std::move(next));
  }
}

// ---- events ----------------------------------------------------------------------------------------------------------------

LockFlow::States LockFlow::step(EventId id, PathState state) {
  const Event &event = body_.events[id];
  Places &places = program_.places();
  current_ = id;
  if (!seen_[id]) {
    seen_[id] = true;
    before_[id] = state.held;
  } else {
    PathState known;
    known.held = before_[id];
    before_[id] = joined(program_.places(), known, state).held;
  }
  judge(id, state);
  // Accesses give no result that could be named.
  if (event.kind() != EventKind::Read && event.kind() != EventKind::Write && event.kind() != EventKind::Return)
    read(state).renew(places.make(PlaceKind::Result, id), places.make(PlaceKind::Unknown, id));
  switch (event.kind()) {
  case EventKind::Write: {
    PathReader reader = read(state);
    PlaceId where = reader.lvalue(places.canonical(event.place()));
    PlaceId value = kNone;
    if (event.operand_count() > 0)
      value = reader.value(places.canonical(body_.operands(event)[0]));
    // A value that was worked out from the place itself would name its old content: it is another one now.
    if (value == kNone || has(event.flags(), EventFlag::Update) || places.mentions(value, where) || places.depth(value) > 8)
      value = places.make(PlaceKind::Unknown, id);
    reader.store(where, value);
    if (where != kNone && places[where].kind() == PlaceKind::Field)
      reader.invalidate([&](FieldId field) { return field == places[where].id(); });
    return {std::move(state)};
  }
  case EventKind::Return:
    state.leaving = id;
    if (event.operand_count() > 0)
      state.returned = read(state).value(places.canonical(body_.operands(event)[0]));
    return {std::move(state)};
  case EventKind::Throw:
    unwind(event.cleanup(), std::move(state), /*raised=*/true);
    return {};
  case EventKind::Call:
  case EventKind::Construct:
  case EventKind::Destroy:
    return invoke(id, {std::move(state)});
  default:
    return {std::move(state)};
  }
}

bool LockFlow::mayThrow(EventId id) const {
  const Event &event = body_.events[id];
  if (!has(event.flags(), EventFlag::MayThrow))
    return false;
  if (const FunctionModel *model = program_.model(event.callee()))
    return !model->noThrow;
  return true;
}

LockFlow::States LockFlow::invoke(EventId id, States states) {
  const Event &event = body_.events[id];
  std::vector<Invocation> invocations = program_.calls().invocations(body_, id);
  bool known = std::any_of(invocations.begin(), invocations.end(), [&](const Invocation &i) {
    return !program_.bodiesOf(i.function).empty() || program_.model(i.function);
  });
  if (!known && locks_.attributes().hasEffect(event.callee())) {
    invocations = {program_.calls().direct(body_, id)};
    known = true;
    if (mayThrow(id))
      for (const PathState &state : states)
        unwind(event.cleanup(), state, /*raised=*/false); // what throws did nothing
  }
  if (!known) {
    for (PathState &state : states) {
      if (mayThrow(id))
        unwind(event.cleanup(), state, /*raised=*/false);
      applyUnknown(id, state);
      noteUnseen(id, state);
    }
  } else {
    bool modelled =
        std::any_of(invocations.begin(), invocations.end(), [&](const Invocation &i) { return program_.model(i.function); });
    if (modelled && mayThrow(id))
      for (const PathState &state : states)
        unwind(event.cleanup(), state, /*raised=*/false); // what throws did nothing
    states = applyAll(id, invocations, std::move(states));
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
      for (size_t k = i; k < end; ++k)
        for (PathState &after : apply(id, invocations[k], state))
          addState(program_.places(), next, std::move(after));
    states = limited(std::move(next), /*ofOneEvent=*/true);
    i = end;
  }
  return states;
}

LockFlow::States LockFlow::apply(EventId id, const Invocation &invocation, const PathState &state) {
  if (std::optional<States> declared = declaredEffect(id, invocation, state))
    return *std::move(declared);
  std::span<const BodyId> bodies = program_.bodiesOf(invocation.function);
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
  return {std::move(after)};
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
