#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kStates = 12;      // states of a block before they are merged by their locks
constexpr size_t kOutcomes = 12;    // outcomes of a body
constexpr unsigned kSteps = 60'000; // events interpreted in a body

/// Keeps what both states say; locks that only one holds are held maybe.
PathState joined(const PathState &a, const PathState &b) {
  PathState result;
  for (const Held &held : a.held) {
    Held &h = result.held.emplace_back(held);
    const Held *other = PathReader::find(b.held, held.lock);
    h.maybe = held.maybe || !other || other->maybe;
  }
  for (const Held &held : b.held)
    if (!PathReader::find(a.held, held.lock))
      result.held.emplace_back(held).maybe = true;
  std::sort(result.held.begin(), result.held.end());
  std::set_intersection(a.released.begin(), a.released.end(), b.released.begin(), b.released.end(),
                        std::back_inserter(result.released));
  std::set_intersection(a.env.begin(), a.env.end(), b.env.begin(), b.env.end(), std::back_inserter(result.env));
  std::set_intersection(a.assumed.begin(), a.assumed.end(), b.assumed.begin(), b.assumed.end(),
                        std::back_inserter(result.assumed));
  result.returned = a.returned == b.returned ? a.returned : kNone;
  return result;
}

bool sameLocks(const PathState &a, const PathState &b) {
  return a.released == b.released && a.held.size() == b.held.size() &&
         std::equal(a.held.begin(), a.held.end(), b.held.begin(),
                    [](const Held &x, const Held &y) { return x.lock == y.lock && x.count == y.count && x.mode == y.mode; });
}

} // namespace

LockFlow::LockFlow(const Program &program, LockState &locks, BodyId body)
    : program_(program), locks_(locks), body_(program.facts().body(body)), in_(body_.blocks.size()), before_(body_.events.size()),
      seen_(body_.events.size()) {
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
  if (cut_)
    ++program_.cut().functions;
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
  if (std::find(states.begin(), states.end(), state) != states.end())
    return;
  if (states.size() >= kStates) {
    // Too many: merge with one of equal locks, so that assumptions are lost before locks are; else with the last.
    auto same = std::find_if(states.begin(), states.end(), [&](const PathState &s) { return sameLocks(s, state); });
    if (same == states.end()) {
      same = states.end() - 1;
      ++program_.cut().paths;
    }
    PathState merged = joined(*same, state);
    if (merged == *same)
      return;
    *same = merged;
    state = std::move(merged);
  } else {
    states.push_back(state);
  }
  work_.emplace_back(block, std::move(state));
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
        if (std::find(next.begin(), next.end(), after) == next.end())
          next.push_back(std::move(after));
    }
    if (next.size() > kStates) {
      States merged;
      for (PathState &s : next) {
        auto same = std::find_if(merged.begin(), merged.end(), [&](const PathState &m) { return sameLocks(m, s); });
        if (same == merged.end())
          merged.push_back(std::move(s));
        else
          *same = joined(*same, s);
      }
      next = std::move(merged);
    }
    states = std::move(next);
  }
  for (PathState &s : states)
    leaveBy(row, std::move(s));
}

void LockFlow::leaveBy(const Block &block, PathState state) {
  if (has(block.flags(), BlockFlag::Exit)) {
    finish(std::move(state), /*thrown=*/false);
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
  if (!seen_[id]) {
    seen_[id] = true;
    before_[id] = state.held;
  } else {
    PathState known;
    known.held = before_[id];
    before_[id] = joined(known, state).held;
  }
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
    return {std::move(state)};
  }
  case EventKind::Return:
    if (event.operand_count() > 0)
      state.returned = read(state).value(places.canonical(body_.operands(event)[0]));
    return {std::move(state)};
  case EventKind::Throw:
    unwind(event.cleanup(), std::move(state));
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
  if (!known) {
    for (PathState &state : states) {
      if (mayThrow(id))
        unwind(event.cleanup(), state);
      applyUnknown(id, state);
    }
  } else {
    bool modelled =
        std::any_of(invocations.begin(), invocations.end(), [&](const Invocation &i) { return program_.model(i.function); });
    if (modelled && mayThrow(id))
      for (const PathState &state : states)
        unwind(event.cleanup(), state); // what throws did nothing
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
          if (std::find(next.begin(), next.end(), after) == next.end())
            next.push_back(std::move(after));
    states = std::move(next);
    i = end;
  }
  return states;
}

LockFlow::States LockFlow::apply(EventId id, const Invocation &invocation, const PathState &state) {
  std::span<const BodyId> bodies = program_.bodiesOf(invocation.function);
  if (!bodies.empty()) {
    States result;
    for (BodyId callee : bodies)
      for (PathState &after : applyBody(id, invocation, callee, state))
        result.push_back(std::move(after));
    return result;
  }
  if (const FunctionModel *model = program_.model(invocation.function))
    return applyModel(id, *model, invocation, state);
  PathState after = state;
  applyUnknown(id, after);
  return {std::move(after)};
}

void LockFlow::applyUnknown(EventId id, PathState &state) {
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

// ---- unwinding and the end -------------------------------------------------------------------------------------------------

void LockFlow::unwind(CleanupId cleanup, PathState state) {
  States states{std::move(state)};
  for (; cleanup != kNone; cleanup = body_.cleanups[cleanup].next()) {
    const Cleanup &row = body_.cleanups[cleanup];
    if (row.kind() == CleanupKind::Terminate)
      return;
    if (row.kind() == CleanupKind::Handler) {
      for (const PathState &s : states)
        if (row.block() != kNone)
          enter(row.block(), s);
      if (row.next() == kNone)
        return; // catches everything
      continue;
    }
    if (row.callee() == kNone || row.place() == kNone)
      continue;
    PlaceId object = program_.places().canonical(row.place());
    std::vector<Invocation> invocations;
    if (!program_.bodiesOf(row.callee()).empty() || program_.model(row.callee())) {
      Invocation &direct = invocations.emplace_back();
      direct.function = row.callee();
      direct.self = program_.places().addressOf(object);
    } else if (RecordId record = program_.facts().functions()[row.callee()].record(); record != kNone) {
      invocations = program_.calls().destruction(record, object);
    }
    for (const Invocation &invocation : invocations) {
      States next;
      for (PathState &s : states) {
        if (const FunctionModel *model = program_.model(invocation.function)) {
          // A destructor's model speaks of `this` alone; there is no event whose operands it could take.
          RecordId record = program_.facts().functions()[invocation.function].record();
          unsigned classArgs = record == kNone ? 0 : program_.facts().records()[record].arg_count();
          for (const Op &row : model->ops)
            for (const Op &op : expand(row, 0, classArgs))
              if (op.verb == Verb::Release && op.operands.size() == 1)
                releaseByCleanup(op, invocation.self, s);
          next.push_back(std::move(s));
        } else {
          for (BodyId callee : program_.bodiesOf(invocation.function))
            for (PathState &after : applyBody(kNone, invocation, callee, s))
              next.push_back(std::move(after));
        }
      }
      states = std::move(next);
    }
  }
  for (PathState &s : states)
    finish(std::move(s), /*thrown=*/true);
}

void LockFlow::releaseByCleanup(const Op &op, PlaceId self, PathState &state) {
  PathReader reader = read(state);
  if (op.before) {
    PlaceId tested = memberOf(self, op.before->value);
    if (reader.test(reader.value(tested), op.before->relation, op.before->constant) == Truth::No)
      return;
  }
  releaseLock(state, reader.lvalue(memberOf(self, op.operands[0])));
}

PlaceId LockFlow::memberOf(PlaceId self, const Operand &operand) const {
  if (operand.root != Operand::This)
    return kNone;
  Places &places = program_.places();
  for (const Operand::Step &step : operand.steps) {
    switch (step.kind) {
    case Operand::Step::Deref:
      self = places.deref(self);
      break;
    case Operand::Step::AddressOf:
      self = places.addressOf(self);
      break;
    case Operand::Step::Member:
      self = places.member(places.deref(self), step.name);
      break;
    default:
      break; // arguments' own
    }
  }
  return self;
}

PlaceId LockFlow::outward(PlaceId place) const {
  if (place == kNone)
    return kNone;
  const Places &places = program_.places();
  for (PlaceId id = place; id != kNone; id = places[id].parent()) {
    PlaceKind kind = places[id].kind();
    if (kind == PlaceKind::Local || kind == PlaceKind::Result || kind == PlaceKind::Unknown || kind == PlaceKind::Expr)
      return kNone;
  }
  return place;
}

Assumptions LockFlow::given(const PathState &state) const {
  constexpr size_t kMost = 4; // more conditions than that tell nothing apart that matters
  Assumptions result;
  for (const Assumption &a : state.assumed)
    if (outward(a.value) != kNone && result.size() < kMost)
      result.push_back(a);
  return result;
}

void LockFlow::finish(PathState state, bool thrown) {
  Outcome outcome;
  outcome.thrown = thrown;
  for (const Held &held : state.held)
    if (outward(held.lock) != kNone)
      outcome.acquired.push_back(held);
  outcome.released = state.released;
  // What was released and taken again (a wait on a condition) is as it was.
  llvm::erase_if(outcome.acquired, [&](const Held &held) {
    auto again = std::find(outcome.released.begin(), outcome.released.end(), held.lock);
    if (again == outcome.released.end() || held.maybe)
      return false;
    outcome.released.erase(again);
    return true;
  });
  outcome.when = given(state);
  for (auto [where, what] : state.env)
    if (outward(where) != kNone && (outward(what) != kNone || program_.places().asConstant(what)))
      outcome.stores.emplace_back(where, what);
  if (!thrown && state.returned != kNone) {
    PathReader reader = read(state);
    PlaceId value = reader.value(state.returned);
    if (auto number = program_.places().asConstant(value)) {
      outcome.relation = Relation::Eq;
      outcome.constant = *number;
    } else if (reader.test(value, Relation::Eq, 0) == Truth::Yes) {
      outcome.relation = Relation::Eq;
    } else if (reader.test(value, Relation::Ne, 0) == Truth::Yes) {
      outcome.relation = Relation::Ne;
    }
    outcome.value = outward(value);
  }
  auto same = [&](const Outcome &o) {
    return o.thrown == outcome.thrown && o.released == outcome.released && o.stores == outcome.stores &&
           o.relation == outcome.relation && o.constant == outcome.constant && o.value == outcome.value &&
           o.acquired.size() == outcome.acquired.size() &&
           std::equal(o.acquired.begin(), o.acquired.end(), outcome.acquired.begin(), [](const Held &a, const Held &b) {
             return a.lock == b.lock && a.mode == b.mode && a.count == b.count && a.maybe == b.maybe;
           });
  };
  std::vector<Outcome> &outcomes = summary_.outcomes;
  // Equal outcomes are one, under the conditions that they share.
  auto weaken = [&] {
    auto known = std::find_if(outcomes.begin(), outcomes.end(), same);
    if (known == outcomes.end())
      return false;
    llvm::erase_if(known->when, [&](const Assumption &a) { return !llvm::is_contained(outcome.when, a); });
    return true;
  };
  if (weaken())
    return;
  if (outcomes.size() >= kOutcomes) {
    // Give up what tells outcomes of equal locks apart before giving up locks.
    outcome.stores.clear();
    outcome.relation = Relation::Always;
    outcome.value = kNone;
    outcome.constant = 0;
    if (weaken())
      return;
    if (outcomes.size() >= 2 * kOutcomes) {
      ++program_.cut().paths;
      return;
    }
  }
  outcomes.push_back(std::move(outcome));
}

} // namespace heddle
