// What one invocation of a model does to a state: its ops, one after the other, and locks behind what guards them.
#include "program/LockFlow.h"
#include "program/LockKinds.h"

#include <algorithm>

namespace heddle {

using namespace facts;

/// An iterator that is moved is at another element: a lock that was named by it is one that has no name any more.
void LockFlow::moveIterator(const Invocation &invocation, PathState &state) {
  const Function &function = program_.facts().functions()[invocation.function];
  const ClassModel *owner = program_.classModel(function.record());
  if (!owner || owner->is != "iterator" || owner->holds.empty() ||
      has(function.flags(), FunctionFlag::Const | FunctionFlag::Constructor | FunctionFlag::Destructor))
    return;
  Places &places = program_.places();
  FieldId at = places[places.member(places.make(PlaceKind::Unknown, kNone), owner->holds)].id();
  read(state).invalidate([&](FieldId field) { return field == at; });
}

LockFlow::States LockFlow::applyModel(EventId id, const FunctionModel &model, const Invocation &invocation,
                                      const PathState &state) {
  States states{state};
  if (invocation.function != kNone)
    moveIterator(invocation, states.front());
  for (const Op &op : program_.ops(model, body_, id)) {
    States next;
    for (PathState &s : states) {
      if (!op.before) {
        for (PathState &after : applyOp(id, op, invocation, std::move(s)))
          next.push_back(std::move(after));
        continue;
      }
      PathReader reader = read(s);
      PlaceId value = testedValue(*op.before, operand(op.before->value, invocation, id), reader);
      Truth truth = reader.test(value, op.before->relation, op.before->constant);
      PathState skipped = s;
      if (truth != Truth::No && reader.assume(value, op.before->relation, op.before->constant))
        for (PathState &after : applyOp(id, op, invocation, std::move(s)))
          next.push_back(std::move(after));
      if (truth != Truth::Yes && read(skipped).assume(value, negated(op.before->relation), op.before->constant) &&
          ruleOut(id, op, invocation, skipped))
        next.push_back(std::move(skipped));
    }
    states = std::move(next);
  }
  return states;
}

/// What only locks of a kind that lasts answer (EOWNERDEAD: robust ones), another lock doesn't. False if it has to be that.
bool LockFlow::ruleOut(EventId id, const Op &op, const Invocation &invocation, PathState &state) {
  if (!op.after || op.after->value.root != Operand::Result || !op.after->value.steps.empty() ||
      !LockKinds::isLasting(op.before->value))
    return true;
  PathReader reader = read(state);
  PlaceId result = reader.value(operand(op.after->value, invocation, id));
  return reader.assume(result, negated(op.after->relation), op.after->constant);
}

/// What a test before a call is of: a number where a mask, or an initialiser of the lock, can be applied.
PlaceId LockFlow::testedValue(const Test &test, PlaceId place, PathReader &reader) const {
  Places &places = program_.places();
  if (std::optional<int64_t> lasting = program_.lockKinds().lasting(reader.lvalue(place)))
    return places.constant(*lasting);
  PlaceId value = reader.value(place);
  if (test.mask == -1 && test.text.empty())
    return value;
  std::optional<int64_t> number = value == kNone ? std::nullopt : places.asConstant(value);
  return number && test.text.empty() ? places.constant(*number & test.mask) : kNone;
}

/// A model's operand at an event; a destructor that is run for a member has its own `this`.
PlaceId LockFlow::operand(const Operand &operand, const Invocation &invocation, EventId id) const {
  return operand.root == Operand::This ? memberOf(invocation.self, operand) : program_.value(operand, body_, id);
}

/// What a model's `run` invokes; of a destructor that is run for a member, with the member as its `this`.
std::vector<Invocation> LockFlow::runBy(EventId id, const Op &op, const Invocation &invocation) const {
  if (invocation.function == body_.events[id].callee())
    return program_.calls().run(op, body_, id);
  std::vector<PlaceId> values;
  for (const Operand &o : op.operands)
    values.push_back(operand(o, invocation, id));
  return program_.calls().callable(values.front(), llvm::ArrayRef(values).drop_front(), body_);
}

LockFlow::States LockFlow::applyOp(EventId id, const Op &op, const Invocation &invocation, PathState state) {
  PathReader reader = read(state);
  auto at = [&](size_t i) { return i < op.operands.size() ? operand(op.operands[i], invocation, id) : kNone; };
  switch (op.verb) {
  case Verb::Set: {
    PlaceId to = reader.lvalue(at(0)), from = reader.lvalue(at(1));
    PlaceId value = reader.value(at(1));
    reader.store(to, value);
    if (to != kNone && from != kNone && value == from)
      reader.copyMembers(to, from);
    return one(std::move(state));
  }
  case Verb::Copy:
    if (PlaceId to = reader.lvalue(at(0)); to != kNone)
      reader.forget(to);
    return {std::move(state)};
  case Verb::End: // nobody holds what isn't there
    if (PlaceId ended = reader.lvalue(at(0)); ended != kNone)
      llvm::erase_if(state.held, [&](const Held &held) { return program_.places().contains(ended, held.lock); });
    return {std::move(state)};
  case Verb::Acquire:
    return acquire(id, op, invocation, std::move(state));
  case Verb::Release:
    for (size_t i = 0; i < op.operands.size(); ++i) {
      PlaceId lock = reader.lvalue(at(i));
      if (!op.by.empty()) {
        if (std::optional<States> states = byMember(id, lock, op.by, state))
          return *std::move(states);
      }
      releaseLock(id, state, lock, op.mode);
    }
    return one(std::move(state));
  case Verb::Run: {
    PlaceId callable = at(0);
    if (program_.calls().isGiven(callable, body_)) {
      llvm::SmallVector<PlaceId, 4> arguments;
      for (size_t i = 1; i < op.operands.size(); ++i)
        arguments.push_back(at(i));
      runGiven(id, callable, arguments, state);
    }
    return applyAll(id, runBy(id, op, invocation), one(std::move(state)));
  }
  case Verb::Construct:
  case Verb::Destroy: {
    if (op.operands.size() < 2)
      return one(std::move(state));
    RecordId record = program_.classOf(program_.typeArgument(op.operands[1], invocation.function));
    PlaceId object = reader.lvalue(at(0));
    if (record == kNone || object == kNone)
      return one(std::move(state));
    if (op.verb == Verb::Destroy)
      return applyAll(id, program_.calls().destruction(record, object), one(std::move(state)));
    std::vector<PlaceId> arguments;
    for (size_t i = 2; i < op.operands.size(); ++i)
      arguments.push_back(at(i));
    // It exists now: the pointer to it isn't null.
    if (program_.places()[object].kind() == PlaceKind::Deref)
      reader.assume(program_.places()[object].parent(), Relation::Ne, 0);
    return applyAll(id, program_.calls().construction(record, object, arguments, body_), one(std::move(state)));
  }
  case Verb::Block:
  case Verb::Await:
    waitAt(id, op, invocation, state);
    return one(std::move(state));
  default:
    return one(std::move(state));
  }
}

std::vector<Invocation> LockFlow::member(PlaceId object, llvm::StringRef name) const {
  std::vector<Invocation> result;
  if (object == kNone)
    return result;
  RecordId record = program_.recordAt(object, body_);
  if (record == kNone || program_.classModel(record))
    return result;
  const Facts &f = program_.facts();
  for (FunctionId id : locks_.methods_[record])
    if (f.string(f.functions()[id].name()).ends_with(("::" + name).str())) {
      Invocation &call = result.emplace_back();
      call.function = id;
      call.self = program_.places().addressOf(object);
    }
  return result;
}

std::optional<LockFlow::States> LockFlow::byMember(EventId id, PlaceId object, llvm::StringRef name, const PathState &state) {
  if (std::vector<Invocation> user = member(object, name); !user.empty())
    return applyAll(id, user, {state});
  const FunctionModel *model = memberModel(object, name);
  if (!model)
    return std::nullopt;
  Invocation invocation;
  invocation.self = program_.places().addressOf(object);
  return applyModel(id, *model, invocation, state);
}

const FunctionModel *LockFlow::memberModel(PlaceId object, llvm::StringRef name) const {
  // A guard that is locked like a lock does it to the lock that it holds.
  RecordId record = object == kNone ? kNone : program_.recordAt(object, body_);
  const ClassModel *guard = record == kNone ? nullptr : program_.classModel(record);
  if (!guard || guard->is != "guard")
    return nullptr;
  const Facts &f = program_.facts();
  auto rows = program_.models().functions().find((f.string(f.records()[record].pattern()) + "::" + name).str());
  return rows == program_.models().functions().end() || rows->second.empty() ? nullptr : &rows->second.front();
}

PlaceId LockFlow::lockBehind(EventId id, PlaceId object, llvm::StringRef name, PathState &state) {
  if (const FunctionModel *model = memberModel(object, name)) {
    PlaceId self = program_.places().addressOf(object);
    for (const Op &op : model->ops)
      if (op.verb == Verb::Acquire && !op.operands.empty())
        return read(state).lvalue(memberOf(self, op.operands[0]));
  }
  for (const Invocation &invocation : member(object, name))
    for (BodyId body : program_.bodiesOf(invocation.function))
      for (const Outcome &outcome : locks_.summaries_[body].outcomes)
        if (!outcome.thrown && outcome.acquired.size() == 1)
          return read(state).lvalue(program_.translate(outcome.acquired.front().lock, invocation, body_, id));
  return object;
}

LockFlow::States LockFlow::acquire(EventId id, const Op &op, const Invocation &invocation, PathState state) {
  PathReader reader = read(state);
  if (op.after && op.after->value.root == Operand::Result && op.after->value.steps.empty()) {
    PlaceId result = reader.value(operand(op.after->value, invocation, id));
    if (reader.test(result, op.after->relation, op.after->constant) == Truth::No)
      return one(std::move(state)); // another op of the row told already that it had another outcome
  }
  llvm::SmallVector<PlaceId, 2> locks;
  for (const Operand &o : op.operands)
    if (PlaceId lock = reader.lvalue(operand(o, invocation, id)); lock != kNone)
      locks.push_back(lock);
  llvm::SmallVector<PlaceId, 2> guards(locks);
  if (!op.by.empty() && locks.size() == 1)
    if (std::optional<States> states = byMember(id, locks[0], op.by, state))
      return *std::move(states);

  if (!op.by.empty())
    for (PlaceId &lock : locks)
      lock = lockBehind(id, lock, op.by, state);
  return take(id, op, locks, guards, op.after ? operand(op.after->value, invocation, id) : kNone, std::move(state));
}

LockFlow::States LockFlow::take(EventId id, const Op &op, llvm::ArrayRef<PlaceId> locks, llvm::ArrayRef<PlaceId> guards,
                                PlaceId where, PathState state) {
  PathReader reader = read(state);
  // Locks of one acquire are taken together, in an order that can't deadlock: all see what was held before.
  HeldSet before = state.held;
  for (PlaceId lock : locks) {
    CriticalPair pair{lock,   op.mode,           op.attempt,  locks_.intern({body_.id, id, lock, op.mode, kNone}),
                      before, releasedBy(state), given(state)};
    claimReacquired(id, pair, /*conditional=*/false, state);
    addPair(std::move(pair));
  }
  bool never = llvm::any_of(locks, [&](PlaceId lock) { return blocksItself(state, lock, op.mode); });
  if (never && !op.attempt)
    return {};

  bool forked = op.after && (op.attempt || tested_.count(id));
  PathState failed = state;
  failed.refused = failed.refused || !op.attempt;
  for (PlaceId lock : locks)
    if (!PathReader::find(state.held, lock))
      read(failed).setFree(lock, id, /*failed=*/true);
  for (PlaceId guard : guards)
    if (const FunctionModel *model = op.by.empty() ? nullptr : memberModel(guard, op.by))
      for (const Op &own : model->ops) // what a guard knows of itself then
        if (own.verb == Verb::Set && own.operands.size() == 2)
          reader.store(reader.lvalue(memberOf(program_.places().addressOf(guard), own.operands[0])),
                       program_.places().constant(own.operands[1].root == Operand::Number ? own.operands[1].number : 1));
  for (PlaceId lock : locks)
    reader.acquire({lock, op.mode, 1, false, false, locks_.intern({body_.id, id, lock, op.mode, kNone})});
  if (!op.after)
    return one(std::move(state));
  // The outcome stands in the result, or in the pseudo-field that the test names.
  bool field = op.after->value.root == Operand::This || !op.after->value.steps.empty();
  auto tell = [&](PathState &s, Relation relation) {
    PathReader r = read(s);
    if (field && (relation == Relation::Ne || relation == Relation::Eq) && op.after->constant == 0) {
      r.store(r.lvalue(where), program_.places().constant(relation == Relation::Ne));
      return true;
    }
    return r.assume(r.value(where), relation, op.after->constant);
  };
  States result;
  if (!forked) {
    result.push_back(std::move(state));
    return result;
  }
  if (!never && tell(state, op.after->relation))
    result.push_back(std::move(state));
  if (tell(failed, negated(op.after->relation)))
    result.push_back(std::move(failed));
  return result;
}

} // namespace heddle
