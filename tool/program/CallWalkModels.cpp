// The operations of models on objects (CallWalk.h, Model.h).
#include "program/CallWalk.h"

#include <algorithm>

namespace heddle {

using namespace facts;

FieldId CallWalk::pseudoField(llvm::StringRef name) const {
  Places &places = program_.places();
  return places[places.member(places.make(PlaceKind::Unknown, kNone), name)].id();
}

TypeId CallWalk::typeArgument(const Operand &operand, const Site &site) const {
  if (operand.root != Operand::TypeArg)
    return kNone;
  size_t n = operand.number;
  if (site.callee != kNone && facts_.functions()[site.callee].record() == kNone) {
    auto own = facts_.args(facts_.functions()[site.callee]);
    return n < own.size() ? own[n] : kNone;
  }
  if (site.record == kNone)
    return kNone;
  auto args = facts_.args(facts_.records()[site.record]);
  return n < args.size() ? args[n] : kNone;
}

CallWalk::Value CallWalk::evaluate(const Operand &operand, const Site &site) {
  Value value;
  bool object = false; // a class passed by value: its members are its own
  switch (operand.root) {
  case Operand::This:
    value.values = site.self;
    break;
  case Operand::Arg:
    if (size_t(operand.number) >= site.arguments.size())
      return value;
    value = site.arguments[operand.number];
    object = kindOf(value.type) == TypeKind::Record;
    break;
  case Operand::Result:
    if (!site.outer)
      return value;
    if (event_.result() != kNone) {
      value.values = resultStorage();
    } else {
      value.storage = resultStorage();
      for (ObjectId at : value.storage)
        unite(value.values, objects_.contents(at));
    }
    break;
  case Operand::Global:
    value.values = {frames_.stateOf(kNone)};
    break;
  case Operand::Thread:
    // Who calls a library's function from outside isn't one thread.
    if (EntryId entry = frames_[frame_].entry; frames_.entries_[entry].kind != Entry::Open)
      value.values = {objects_.root(ObjectKind::Thread, entry, kNone, kNone)};
    return value;
  default:
    return value;
  }
  auto read = [&] {
    value.values.clear();
    for (ObjectId at : value.storage)
      unite(value.values, objects_[at].kind == ObjectKind::Closure || objects_[at].kind == ObjectKind::Function
                              ? ObjectSet{at}
                              : frames_.contentsOf(at));
  };
  for (const Operand::Step &step : operand.steps) {
    value.constant.reset();
    switch (step.kind) {
    case Operand::Step::Deref: {
      value.storage = value.values;
      value.type = value.storage.size() == 1 ? objects_[value.storage[0]].type : kNone;
      read();
      break;
    }
    case Operand::Step::AddressOf:
      value.values = value.storage;
      value.storage.clear();
      value.type = kNone;
      break;
    case Operand::Step::Member: {
      ObjectSet whole = object ? value.storage : value.values;
      value.storage.clear();
      for (ObjectId at : whole)
        value.storage.push_back(objects_.field(at, pseudoField(step.name)));
      value.type = kNone;
      read();
      break;
    }
    case Operand::Step::Element: {
      ObjectSet whole = value.storage;
      value.storage.clear();
      for (ObjectId at : whole)
        value.storage.push_back(objects_.element(at, kNone));
      read();
      break;
    }
    case Operand::Step::Forward: {
      auto params = site.callee == kNone ? std::span<const TypeId>() : facts_.params(facts_.functions()[site.callee]);
      if (operand.root == Operand::Arg && size_t(operand.number) < params.size() &&
          program_.isReference(params[operand.number])) {
        value.storage = value.values;
        value.type = value.storage.size() == 1 ? objects_[value.storage[0]].type : kNone;
        read();
      }
      break;
    }
    }
    object = false;
  }
  return value;
}

void CallWalk::interpret(const FunctionModel &model, const Site &site, unsigned nesting) {
  unsigned classArgs = site.record == kNone ? 0 : facts_.args(facts_.records()[site.record]).size();
  uint32_t outer = op_;
  for (const Op &op : model.ops) {
    op_ = &op - model.ops.data();
    for (const Op &expanded : expand(op, site.arguments.size(), classArgs))
      interpret(expanded, site, nesting);
  }
  op_ = outer;
}

/// What an atomic is given by value it may hold, what it is given by reference gets what it may hold, and so does the result.
void CallWalk::passAtomically(FunctionId function, llvm::StringRef holds, const Site &site) {
  std::span<const TypeId> params = facts_.params(facts_.functions()[function]);
  for (ObjectId self : site.self) {
    ObjectId held = objects_.field(self, pseudoField(holds));
    if (!has(facts_.functions()[function].flags(), FunctionFlag::Const))
      for (size_t i = 0; i < site.arguments.size(); ++i)
        if (i >= params.size() || !program_.isReference(params[i]))
          objects_.store(held, site.arguments[i].values);
    ObjectSet values = frames_.contentsOf(held);
    for (size_t i = 0; i < site.arguments.size() && i < params.size(); ++i)
      if (program_.isReference(params[i]))
        for (ObjectId expected : site.arguments[i].values)
          objects_.store(expected, values);
    TypeId result = facts_.functions()[function].result();
    if (site.outer && result != kNone && kindOf(result) == TypeKind::Pointer && event_.result() == kNone)
      for (ObjectId slot : resultStorage())
        objects_.store(slot, values);
  }
}

/// Whether the op's test before the call holds, where that is known: of a constant, such as a launch policy, or of a pointer that
/// a model keeps.
std::optional<bool> CallWalk::holds(const Op &op, const Site &site) {
  if (!op.before)
    return true;
  Value tested = evaluate(op.before->value, site);
  if (!op.before->text.empty())
    return std::nullopt;
  if (!tested.constant) {
    const auto &steps = op.before->value.steps;
    bool kept = !steps.empty() && steps.back().kind == Operand::Step::Member && !tested.storage.empty();
    bool null = op.before->relation == Relation::Eq && op.before->constant == 0 && op.before->mask == -1;
    return null && (kept || !tested.values.empty()) ? std::optional(tested.values.empty()) : std::nullopt;
  }
  int64_t value = *tested.constant & op.before->mask;
  switch (op.before->relation) {
  case Relation::Eq:
    return value == op.before->constant;
  case Relation::Ne:
    return value != op.before->constant;
  default:
    return std::nullopt;
  }
}

void CallWalk::interpret(const Op &op, const Site &site, unsigned nesting) {
  if (holds(op, site) == false)
    return;
  switch (op.verb) {
  case Verb::Set: {
    if (op.operands.size() < 2)
      return;
    Value to = evaluate(op.operands[0], site), from = evaluate(op.operands[1], site);
    // `result` alone is the object that is returned, where there is one.
    ObjectSet into = to.storage;
    if (into.empty() && op.operands[0].root == Operand::Result && op.operands[0].steps.empty())
      into = to.values;
    for (ObjectId at : into) {
      objects_.store(at, from.values);
      for (ObjectId source : from.storage)
        objects_.copy(at, source);
    }
    return;
  }
  case Verb::Start:
    return start(op, site);
  case Verb::Join:
  case Verb::Detach:
    return endThread(op, site);
  case Verb::Cancel:
    return cancel(op, site);
  case Verb::Store:
    return keep(op, site);
  case Verb::Construct:
    return construct(op, site, nesting);
  case Verb::Destroy: {
    if (op.operands.size() < 2)
      return;
    TypeId type = typeArgument(op.operands[1], site);
    if (kindOf(type) == TypeKind::Record)
      for (ObjectId object : evaluate(op.operands[0], site).storage)
        destroyParts(facts_.types()[type].record(), object, nesting + 1);
    return;
  }
  case Verb::Run:
    return runOp(op, site, nesting);
  default:
    return;
  }
}

void CallWalk::keep(const Op &op, const Site &site) {
  if (op.operands.size() < 2)
    return;
  Value callable = evaluate(op.operands[0], site);
  for (ObjectId at : evaluate(op.operands[1], site).storage) {
    if (objects_.isList(at)) {
      // Each call adds one, with arguments of its own.
      ObjectId item = objects_.field(objects_.root(ObjectKind::Made, id_, frame_, kNone), objects_[at].id);
      if (item != at)
        objects_.store(at, {item});
      at = item;
    }
    objects_.store(at, callable.values);
    for (ObjectId from : callable.storage) {
      objects_.copy(at, from);
      // A functor is kept as it is: it has no identity that matters beside its members.
      RecordId record = recordOfObject(from);
      const ClassModel *model = record == kNone ? nullptr : program_.classModel(record);
      if (record != kNone && (!model || model->is == "callable"))
        objects_.store(at, {from});
    }
    for (size_t i = 2; i < op.operands.size(); ++i) {
      Value bound = evaluate(op.operands[i], site);
      ObjectId kept = objects_.field(at, pseudoField("bound" + std::to_string(i - 2)), bound.type);
      objects_.store(kept, bound.values);
      for (ObjectId from : bound.storage)
        objects_.copy(kept, from);
    }
  }
}

void CallWalk::construct(const Op &op, const Site &site, unsigned nesting) {
  if (op.operands.size() < 2)
    return;
  TypeId type = typeArgument(op.operands[1], site);
  if (type == kNone)
    return;
  Operand where = op.operands[0];
  ObjectSet places;
  if (!where.steps.empty() && where.steps.back().kind == Operand::Step::Deref) {
    // A new object, which the pointer points at from now on.
    where.steps.pop_back();
    ObjectId made = objects_.root(ObjectKind::Made, id_, frame_, type);
    for (ObjectId pointer : evaluate(where, site).storage)
      objects_.store(pointer, {made});
    places = {made};
  } else {
    places = evaluate(where, site).storage;
  }
  if (kindOf(type) != TypeKind::Record)
    return;
  Site inner;
  inner.self = places;
  inner.record = facts_.types()[type].record();
  inner.outer = false;
  std::vector<Value> given;
  for (size_t i = 2; i < op.operands.size(); ++i)
    given.push_back(evaluate(op.operands[i], site));

  bool found = false;
  for (FunctionId id : frames_.constructorsOf(inner.record)) {
    const Function &function = facts_.functions()[id];
    if (function.param_count() != given.size() ||
        has(function.flags(), FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor))
      continue;
    found = true;
    Site fitted = inner;
    auto params = facts_.params(function);
    for (size_t i = 0; i < given.size(); ++i)
      fitted.arguments.push_back(fit(given[i], params[i], false));
    invoke(id, fitted, nesting + 1);
  }
  if (found)
    return;
  // Its constructor is a template that only a library's body would have made: the general row of its model stands for it.
  llvm::StringRef pattern = facts_.string(facts_.records()[inner.record].pattern());
  auto rows = program_.models().functions().find((pattern + "::" + pattern.rsplit("::").second).str());
  if (rows == program_.models().functions().end())
    return;
  for (const FunctionModel &row : rows->second)
    if (row.anyParams && row.params.empty() && !given.empty()) {
      // It takes all by reference.
      for (Value &value : given) {
        value.values = value.storage;
        value.storage.clear();
        value.type = kNone;
        inner.arguments.push_back(value);
      }
      return interpret(row, inner, nesting + 1);
    }
}

} // namespace heddle
