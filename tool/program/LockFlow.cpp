#include "program/LockFlow.h"
#include "program/Uses.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kStates = 12;      // states of a block before they are merged by their locks
constexpr unsigned kSteps = 60'000; // events interpreted in a body

} // namespace

LockFlow::LockFlow(const Program &program, LockState &locks, BodyId body, std::vector<Demand> &demands, Closeness closeness)
    : program_(program), locks_(locks), body_(program.facts().body(body)), closeness_(closeness), in_(body_.blocks.size()),
      demands_(demands), before_(body_.events.size()), seen_(body_.events.size()), callees_(body_.events.size()) {
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
  joinIdle();
  summary_.cut = cut_;
  summary_.opaque = cut_ || closeness_ == Closeness::Names;
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

size_t LockFlow::mostStates() const { return closeness_ == Closeness::Names ? 1 : kStates; }

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
  if (states.size() >= mostStates()) {
    // Too many: merge with one of equal locks, so that assumptions are lost before locks are; else with the last.
    auto same = std::find_if(states.begin(), states.end(), [&](const PathState &s) { return sameLocks(s, state); });
    if (same == states.end()) {
      same = states.end() - 1;
      cutShort();
    }
    PathState merged = joined(program_.places(), *same, state);
    merged.merged = closeness_ == Closeness::Paths;
    if (merged == *same && same->merged == merged.merged)
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
  if (states.size() <= mostStates())
    return states;
  States merged;
  for (PathState &s : states) {
    auto same = std::find_if(merged.begin(), merged.end(), [&](const PathState &m) { return sameLocks(m, s); });
    if (same == merged.end()) {
      merged.push_back(std::move(s));
    } else {
      *same = joined(program_.places(), *same, s);
      same->merged = same->merged || (!ofOneEvent && closeness_ == Closeness::Paths);
    }
  }
  return merged;
}

void LockFlow::walk(BlockId block, PathState state) {
  const Block &row = body_.blocks[block];
  States states = one(std::move(state));
  for (EventId id = row.events(), end = id + row.event_count(); id < end && !states.empty(); ++id) {
    steps_ += states.size();
    if (steps_ > kSteps) {
      cut_ = true;
      return;
    }
    for (PathState &s : states)
      reach(id, s);
    if (body_.events[id].kind() == EventKind::Read) // changes nothing
      continue;
    if (states.size() == 1) { // what comes of one state differs already
      if (!assign(id, states.front()))
        states = limited(step(id, std::move(states.front())), /*ofOneEvent=*/false);
      continue;
    }
    States next;
    next.reserve(states.size());
    for (PathState &s : states)
      for (PathState &after : step(id, std::move(s)))
        addState(program_.places(), next, std::move(after));
    states = limited(std::move(next), /*ofOneEvent=*/false);
  }
  for (PathState &s : states)
    leaveBy(row, std::move(s));
}

void LockFlow::leaveBy(const Block &block, PathState state) {
  if (has(block.flags(), BlockFlag::Exit)) {
    finish(std::move(state), /*thrown=*/false, /*raised=*/0);
    return;
  }
  if (has(block.flags(), BlockFlag::NoReturn))
    return;
  std::span<const Edge> edges = body_.edgesOf(block);
  if (edges.size() == 1 && edges.front().relation() == Relation::Always) {
    enter(edges.front().to(), std::move(state));
    return;
  }
  for (const Edge &edge : edges) {
    PathReader here = read(state);
    PlaceId value = here.value(program_.places().canonical(edge.value()));
    bool tested = edge.relation() != Relation::Default && edge.relation() != Relation::Always;
    if (tested && here.test(value, edge.relation(), edge.constant()) == Truth::No)
      continue;
    PathState next = &edge == &edges.back() ? std::move(state) : state;
    PathReader reader = read(next);
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

const BlockGraph &LockFlow::graph() {
  if (!graph_)
    graph_.emplace(body_);
  return *graph_;
}

/// Whether control may come back to an event. Handlers have no edge that leads to them: with one, everything may.
bool LockFlow::repeats(EventId id) {
  if (!handles_)
    handles_ = llvm::any_of(body_.cleanups, [](const Cleanup &row) { return row.kind() == CleanupKind::Handler; });
  return *handles_ || graph().cyclic(graph().blockOf(id));
}

// ---- events ----------------------------------------------------------------------------------------------------------------

/// Writes down what is held where the control is now, and whether it meets what the event demands.
void LockFlow::reach(EventId id, PathState &state) {
  current_ = id;
  if (!seen_[id]) {
    seen_[id] = true;
    before_[id] = state.held;
  } else if (before_[id] != state.held) {
    before_[id] = joined(program_.places(), before_[id], state.held);
  }
  judge(id, state);
}

bool LockFlow::isNumber(PlaceId place) const {
  TypeId type = typeAt(program_, body_, place);
  TypeKind kind = type == kNone ? TypeKind::Other : program_.facts().types()[type].kind();
  return kind == TypeKind::Integer || kind == TypeKind::Bool || kind == TypeKind::Enum;
}

/// What a write or a return does to a state; false of other events.
bool LockFlow::assign(EventId id, PathState &state) {
  const Event &event = body_.events[id];
  if (event.kind() != EventKind::Write && event.kind() != EventKind::Return)
    return false;
  Places &places = program_.places();
  current_ = id;
  PathReader reader = read(state);
  auto operand = [&] { return reader.value(places.canonical(body_.operands(event)[0])); };
  if (event.kind() == EventKind::Return) {
    state.leaving = id;
    if (event.operand_count() > 0)
      state.returned = operand();
    return true;
  }
  PlaceId where = reader.lvalue(places.canonical(event.place()));
  PlaceId value = event.operand_count() > 0 ? operand() : kNone;
  // A value that was worked out from the place itself would name its old content: it is another one now.
  if (value == kNone || has(event.flags(), EventFlag::Update) || places.mentions(value, where) || places.depth(value) > 8)
    value = places.make(PlaceKind::Unknown, id);
  // A number that is worked out in each turn of a loop is another one each time: what a branch told of the last is no use.
  if (value == places.make(PlaceKind::Unknown, id) && isNumber(places.canonical(event.place())))
    reader.forgetName(value);
  reader.store(where, value);
  if (where != kNone && places[where].kind() == PlaceKind::Field)
    reader.invalidate([&](FieldId field) { return field == places[where].id(); });
  return true;
}

LockFlow::States LockFlow::step(EventId id, PathState state) {
  const Event &event = body_.events[id];
  Places &places = program_.places();
  current_ = id;
  if (assign(id, state)) // it gives no result that could be named
    return one(std::move(state));
  if (repeats(id)) // else no earlier result of it is known
    read(state).renew(places.make(PlaceKind::Result, id), places.make(PlaceKind::Unknown, id));
  switch (event.kind()) {
  case EventKind::Throw:
    unwind(event.cleanup(), std::move(state), /*raised=*/1);
    return {};
  case EventKind::Call:
  case EventKind::Construct:
  case EventKind::Destroy:
    return invoke(id, one(std::move(state)));
  default:
    return one(std::move(state));
  }
}

} // namespace heddle
