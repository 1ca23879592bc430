#include "program/Program.h"
#include "program/CallGraph.h"

#include <algorithm>
#include <utility>

namespace heddle {

using namespace facts;

Program::Program(const Facts &facts, const Models &models, Target target)
    : facts_(facts), models_(models), target_(std::move(target)), places_(std::make_unique<Places>(facts)), resultTypes_(facts),
      views_(noViews()) {
  std::vector<bool> inTarget(facts.units().size());
  for (UnitId unit : target_.units)
    inTarget[unit] = true;
  std::vector<bool> visible(facts.bodies().size());
  for (const UnitBody &row : facts.unit_bodies())
    if (inTarget[row.unit()])
      visible[row.body()] = true;
  functionModels_.resize(facts.functions().size());
  for (FunctionId id = 0; id < functionModels_.size(); ++id)
    functionModels_[id] = models.function(facts, id);
  // Bodies are sorted by function, so those of one function are a range.
  bodyRanges_.assign(facts.functions().size(), {0, 0});
  for (BodyId id = 0; id < visible.size(); ++id) {
    const FunctionModel *model = functionModels_[facts.bodies()[id].function()];
    if (!visible[id] || (model && model->instead))
      continue;
    auto &range = bodyRanges_[facts.bodies()[id].function()];
    if (range.second == 0)
      range.first = bodies_.size();
    ++range.second;
    bodies_.push_back(id);
    hasMain_ = hasMain_ || has(facts.functions()[facts.bodies()[id].function()].flags(), FunctionFlag::Main);
  }
  for (FunctionId id = 0; id < functionModels_.size(); ++id)
    if (!bodiesOf(id).empty())
      functionModels_[id] = nullptr;
  fieldsOf_.resize(facts.records().size());
  for (FieldId id = 0; id < facts.fields().size(); ++id)
    if (const Field &field = facts.fields()[id]; field.record() != kNone && !has(field.flags(), FieldFlag::Static))
      fieldsOf_[field.record()].push_back(id);
  for (std::vector<FieldId> &fields : fieldsOf_)
    std::ranges::stable_sort(fields, {}, [&](FieldId id) { return facts.fields()[id].index(); });
}

std::span<const BodyId> Program::bodiesOf(FunctionId function) const {
  auto [first, count] = bodyRanges_[function];
  return std::span(bodies_).subspan(first, count);
}

const FunctionModel *Program::model(FunctionId function) const { return function == kNone ? nullptr : functionModels_[function]; }

const ClassModel *Program::classModel(RecordId record) const {
  return record == kNone ? nullptr : models_.classOf(facts_, record);
}

RecordId Program::recordOf(TypeId type) const {
  for (unsigned depth = 0; type != kNone && depth < 8; ++depth) {
    const Type &t = facts_.types()[type];
    if (t.record() != kNone)
      return t.record();
    type = t.pointee();
  }
  return kNone;
}

RecordId Program::classOf(TypeId type) const {
  while (type != kNone && facts_.types()[type].kind() == TypeKind::Array)
    type = facts_.types()[type].pointee();
  return type != kNone && facts_.types()[type].kind() == TypeKind::Record ? facts_.types()[type].record() : kNone;
}

bool Program::ownsLock(RecordId record) const {
  auto isLock = [&](FieldId id) {
    const ClassModel *model = classModel(classOf(facts_.fields()[id].type()));
    return model && model->is == "lock";
  };
  return std::ranges::any_of(fieldsOf(record), [&](FieldId id) {
    RecordId member = classOf(facts_.fields()[id].type());
    return isLock(id) || (member != kNone && std::ranges::any_of(fieldsOf(member), isLock));
  });
}

TypeId Program::typeOf(PlaceId id, const BodyView &body) const {
  if (id == kNone)
    return kNone;
  const facts::Place &p = (*places_)[id];
  switch (p.kind()) {
  case PlaceKind::Param: {
    auto params = facts_.params(facts_.functions()[body.function()]);
    return p.id() < params.size() ? params[p.id()] : kNone;
  }
  case PlaceKind::Local:
    return p.id() < body.locals.size() ? body.locals[p.id()].type() : kNone;
  case PlaceKind::Capture:
    return p.id() < body.captures.size() ? body.captures[p.id()].type() : kNone;
  case PlaceKind::Global:
    return facts_.variables()[p.id()].type();
  case PlaceKind::ReturnSlot:
    return facts_.functions()[body.function()].result();
  case PlaceKind::Result:
    return resultTypes_.at(p.id(), body);
  case PlaceKind::Field:
    return p.id() < facts_.fields().size() ? facts_.fields()[p.id()].type() : kNone;
  case PlaceKind::Deref: {
    const facts::Place &pointer = (*places_)[p.parent()];
    TypeId type = typeOf(p.parent(), body);
    // What is captured by reference has its own type there.
    bool captured = pointer.kind() == PlaceKind::Capture && pointer.id() < body.captures.size() &&
                    has(body.captures[pointer.id()].flags(), CaptureFlag::ByReference) && !isReference(type);
    return captured || type == kNone ? type : facts_.types()[type].pointee();
  }
  case PlaceKind::Element: {
    TypeId type = typeOf(p.parent(), body); // of an array; p[i] is *p's neighbour and of its type
    return type != kNone && facts_.types()[type].kind() == TypeKind::Array ? facts_.types()[type].pointee() : type;
  }
  case PlaceKind::Function:
  case PlaceKind::String:
    return p.type();
  default:
    return kNone;
  }
}

RecordId Program::recordAt(PlaceId id, const BodyView &body) const {
  if (id == kNone)
    return kNone;
  const facts::Place &p = (*places_)[id];
  if (p.kind() == PlaceKind::AddressOf)
    return recordAt(p.parent(), body);
  if (p.kind() == PlaceKind::This || (p.kind() == PlaceKind::Deref && (*places_)[p.parent()].kind() == PlaceKind::This))
    return facts_.functions()[body.function()].record();
  if (p.kind() == PlaceKind::Result && p.id() < body.events.size()) {
    // A temporary: what its event makes there.
    const Event &event = body.events[p.id()];
    if ((event.kind() == EventKind::Closure || event.kind() == EventKind::Construct) && event.callee() != kNone)
      return facts_.functions()[event.callee()].record();
  }
  return recordOf(typeOf(id, body));
}

bool Program::isA(RecordId derived, RecordId base) const {
  if (derived == base)
    return true;
  if (basesOf_.empty()) {
    basesOf_.resize(facts_.records().size() + 1);
    for (const Base &row : facts_.bases())
      if (row.base() != row.record())
        basesOf_[row.record()].push_back(row.base());
  }
  return derived < basesOf_.size() && llvm::any_of(basesOf_[derived], [&](RecordId above) { return isA(above, base); });
}

llvm::StringRef Program::nameOf(FunctionId function) const { return facts_.string(facts_.functions()[function].name()); }
llvm::StringRef Program::displayOf(FunctionId function) const { return facts_.string(facts_.functions()[function].display()); }

// ---- frames ----------------------------------------------------------------------------------------------------------------

PlaceId Program::value(const Operand &operand, const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  PlaceId value = kNone;
  bool object = false; // a class passed by value, whose members are the object's own
  switch (operand.root) {
  case Operand::This:
    if (event.place() != kNone)
      value = places_->addressOf(places_->canonical(event.place()));
    break;
  case Operand::Arg:
    if (operand.number < event.operand_count()) {
      // The row that the event names has the type that it has here.
      PlaceId argument = body.operands(event)[operand.number];
      TypeId type = argument == kNone ? kNone : facts_.places()[argument].type();
      object = type != kNone && facts_.types()[type].kind() == TypeKind::Record;
      value = places_->canonical(argument);
    }
    break;
  case Operand::Result:
    // An object returned by value is named by its address, as `this` is; a scalar is its value.
    value =
        event.result() != kNone ? places_->addressOf(places_->canonical(event.result())) : places_->make(PlaceKind::Result, id);
    break;
  case Operand::Number:
    value = places_->constant(operand.number);
    break;
  case Operand::Global: // not told apart from others here
  case Operand::Thread:
  case Operand::TypeArg:
  case Operand::Rest:
    return kNone;
  }
  for (const Operand::Step &step : operand.steps) {
    if (value == kNone)
      return kNone;
    bool own = std::exchange(object, false);
    switch (step.kind) {
    case Operand::Step::Deref:
      value = places_->deref(value);
      break;
    case Operand::Step::AddressOf:
      value = places_->addressOf(value);
      break;
    case Operand::Step::Member:
      value = places_->member(own ? value : places_->deref(value), step.name); // p.name is p->name
      break;
    case Operand::Step::Element: {
      PlaceId index =
          step.index >= 0 && step.index < event.operand_count() ? places_->canonical(body.operands(event)[step.index]) : kNone;
      value = places_->make(PlaceKind::Element, index, value);
      break;
    }
    case Operand::Step::Forward: {
      // The argument as the caller wrote it: a reference parameter was given its address.
      if (operand.root != Operand::Arg || event.callee() == kNone)
        break;
      auto params = facts_.params(facts_.functions()[event.callee()]);
      if (size_t(operand.number) < params.size() && isReference(params[operand.number]))
        value = places_->deref(value);
      break;
    }
    }
  }
  return value;
}

bool Program::isReference(TypeId type) const {
  return type != kNone &&
         (facts_.types()[type].kind() == TypeKind::Reference || facts_.types()[type].kind() == TypeKind::RvalueReference);
}

std::vector<Op> Program::ops(const FunctionModel &model, const BodyView &body, EventId event) const {
  const Event &row = body.events[event];
  unsigned classArgs = 0;
  if (row.callee() != kNone && facts_.functions()[row.callee()].record() != kNone)
    classArgs = facts_.args(facts_.records()[facts_.functions()[row.callee()].record()]).size();
  std::vector<Op> result;
  for (const Op &op : model.ops)
    for (Op &expanded : expand(op, row.operand_count(), classArgs))
      result.push_back(std::move(expanded));
  return result;
}

std::vector<PlaceId> Program::values(const Op &op, size_t first, const BodyView &body, EventId event) const {
  std::vector<PlaceId> result;
  for (size_t i = first; i < op.operands.size(); ++i)
    result.push_back(value(op.operands[i], body, event));
  return result;
}

TypeId Program::typeArgument(const Operand &operand, FunctionId callee) const {
  if (operand.root != Operand::TypeArg || callee == kNone)
    return kNone;
  const Function &function = facts_.functions()[callee];
  auto own = facts_.args(function);
  if (size_t(operand.number) < own.size() && function.record() == kNone)
    return own[operand.number];
  if (function.record() == kNone)
    return kNone;
  auto classArgs = facts_.args(facts_.records()[function.record()]);
  return size_t(operand.number) < classArgs.size() ? classArgs[operand.number] : kNone;
}

PlaceId Program::translate(PlaceId calleePlace, const Invocation &invocation, const BodyView &caller, EventId event) const {
  return places_->substitute(calleePlace, [&](PlaceId root) -> PlaceId {
    const facts::Place p = (*places_)[root];
    auto named = [&](PlaceId value) {
      return value == kNone && invocation.foreign ? places_->elsewhere(caller.id, event, invocation.function, root) : value;
    };
    switch (p.kind()) {
    case PlaceKind::This:
      return named(invocation.self);
    case PlaceKind::Param:
      return named(p.id() < invocation.arguments.size() ? invocation.arguments[p.id()] : kNone);
    case PlaceKind::ReturnSlot: {
      PlaceId result = event == kNone ? kNone : caller.events[event].result();
      return result == kNone ? kNone : places_->canonical(result);
    }
    case PlaceKind::Capture: {
      if (invocation.closure == kNone)
        return named(kNone);
      auto captured = caller.operands(caller.events[invocation.closure]);
      return p.id() < captured.size() ? places_->canonical(captured[p.id()]) : kNone;
    }
    case PlaceKind::Unknown:
      return places_->isElsewhere(root) ? root : kNone;
    default:
      return kNone;
    }
  });
}

} // namespace heddle
