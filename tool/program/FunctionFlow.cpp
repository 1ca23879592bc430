#include "program/FunctionFlow.h"

#include <set>

namespace heddle {

using namespace facts;

void FunctionFlow::run() {
  constructors_.resize(facts_.records().size());
  for (FunctionId id = 0; id < facts_.functions().size(); ++id)
    if (const Function &function = facts_.functions()[id];
        has(function.flags(), FunctionFlag::Constructor) && function.record() != kNone && !program_.bodiesOf(id).empty())
      constructors_[function.record()].push_back(id);
  findKept();
  initialValues();
  for (BodyId id : program_.bodies()) {
    BodyView body = facts_.body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      this->event(body, event);
  }
}

void FunctionFlow::findKept() {
  std::set<std::string> names;
  for (const auto &row : program_.models().functions())
    for (const FunctionModel &model : row.second)
      for (const Op &op : model.ops)
        if (op.often && !op.operands[0].steps.empty() && op.operands[0].steps.back().kind == Operand::Step::Member)
          names.insert(op.operands[0].steps.back().name);
  Places &places = program_.places();
  for (const std::string &name : names)
    values_.kept_.push_back(places[places.member(places.make(PlaceKind::Unknown, kNone), name)].id());
}

void FunctionFlow::initialValues() {
  BodyView none; // globals mean the same everywhere
  BodyView body = program_.bodies().empty() ? none : facts_.body(program_.bodies().front());
  if (program_.bodies().empty())
    return;
  Places &places = program_.places();
  for (const Initial &row : facts_.initials()) {
    PlaceId value = places.canonical(row.value());
    if (places[value].kind() == PlaceKind::AddressOf)
      value = places[value].parent();
    if (places[value].kind() == PlaceKind::Function && has(facts_.variables()[row.variable()].flags(), VariableFlag::Const))
      values_.constants_[places.canonical(row.part())] = places[value].id();
    values_.flow(body, row.value(), values_.node(body, places.canonical(row.part())));
  }
  for (VariableId id = 0; id < facts_.variables().size(); ++id) {
    const Variable &variable = facts_.variables()[id];
    if (variable.initializer() != kNone && values_.carries(variable.type()))
      values_.flow(body, variable.initializer(), values_.node(body, places.make(PlaceKind::Global, id)));
  }
}

/// A parameter through which the callee may store.
bool FunctionFlow::writable(TypeId type) const {
  if (type == kNone)
    return false;
  const Type &t = facts_.types()[type];
  if ((t.kind() != TypeKind::Pointer && t.kind() != TypeKind::Reference) || t.pointee() == kNone)
    return false;
  const Type &pointee = facts_.types()[t.pointee()];
  return !has(pointee.flags(), TypeFlag::Const) && pointee.kind() != TypeKind::Function && pointee.kind() != TypeKind::Void &&
         values_.carries(t.pointee());
}

void FunctionFlow::event(const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  Places &places = program_.places();
  switch (event.kind()) {
  case EventKind::Write: {
    PlaceId where = places.canonical(event.place());
    PlaceId what = event.operand_count() ? places.canonical(body.operands(event)[0]) : kNone;
    // The rows that the event names have the types that they have here.
    PlaceId given = event.operand_count() ? body.operands(event)[0] : kNone;
    if (!values_.carries(facts_.places()[event.place()].type()) &&
        (given == kNone || !values_.carries(facts_.places()[given].type())))
      return;
    return values_.flow(body, what, values_.node(body, where));
  }
  case EventKind::Return:
    if (event.operand_count() && values_.carries(facts_.functions()[body.function()].result()))
      values_.flow(body, body.operands(event)[0], values_.returned(body.function()));
    return;
  case EventKind::Closure: {
    if (event.callee() == kNone)
      return;
    // A generic lambda has a call operator an instantiation, and each has the captures.
    llvm::SmallVector<FunctionId, 2> operators{event.callee()};
    if (RecordId closure = facts_.functions()[event.callee()].record(); closure != kNone)
      operators.append(values_.callOperators_[closure].begin(), values_.callOperators_[closure].end());
    auto captured = body.operands(event);
    for (FunctionId op : operators)
      for (uint32_t i = 0; i < captured.size(); ++i)
        if (PlaceId held = places.canonical(captured[i]); held != kNone && values_.carries(facts_.places()[captured[i]].type())) {
          NodeId capture = values_.node({uint64_t(FunctionValues::NodeKind::Capture) << 32 | op, i});
          values_.flow(body, held, capture);
          if (places[held].kind() == PlaceKind::AddressOf)
            values_.edge(capture, values_.node(body, held));
        }
    return;
  }
  case EventKind::Call:
  case EventKind::Construct:
    return call(body, id);
  default:
    return;
  }
}

FunctionFlow::NodeId FunctionFlow::resultOf(const BodyView &body, EventId id) {
  PlaceId into = body.events[id].result();
  return into != kNone ? values_.node(body, program_.places().canonical(into))
                       : values_.node({uint64_t(FunctionValues::NodeKind::Result) << 32 | body.id, id});
}

void FunctionFlow::call(const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  Places &places = program_.places();
  std::vector<PlaceId> arguments;
  for (PlaceId operand : body.operands(event))
    arguments.push_back(places.canonical(operand));
  if (event.callee() == kNone) {
    if (event.place() != kNone)
      indirect(body, places.canonical(event.place()), std::move(arguments), resultOf(body, id));
    return;
  }
  if (has(event.flags(), EventFlag::Virtual)) {
    for (FunctionId function : instances_.overriders(event.callee()))
      enter(body, function, id);
    return;
  }
  enter(body, event.callee(), id);
}

void FunctionFlow::enter(const BodyView &body, FunctionId callee, EventId id) {
  const Event &event = body.events[id];
  const Function &function = facts_.functions()[callee];
  if (program_.bodiesOf(callee).empty()) {
    const FunctionModel *row = program_.model(callee);
    return row ? model(body, id, *row) : opaque(body, id);
  }
  auto params = facts_.params(function);
  auto operands = body.operands(event);
  for (uint32_t i = 0; i < params.size() && i < operands.size(); ++i) {
    if (!values_.carries(params[i]))
      continue;
    NodeId param = values_.param(callee, i);
    values_.flow(body, operands[i], param);
    if (writable(params[i]))
      values_.edge(param, values_.node(body, program_.places().canonical(operands[i])));
  }
  if (values_.carries(function.result()))
    values_.edge(values_.returned(callee), resultOf(body, id));
}

void FunctionFlow::indirect(const BodyView &body, PlaceId callable, std::vector<PlaceId> arguments, NodeId result) {
  FunctionValues::Site site{body.id, std::move(arguments), result};
  PlaceId object = callable;
  Places &places = program_.places();
  while (object != kNone && (places[object].kind() == PlaceKind::AddressOf || places[object].kind() == PlaceKind::Deref))
    object = places[object].parent();
  if (object != kNone && places[object].kind() == PlaceKind::Function)
    return values_.enter(site, {places[object].id(), false});
  if (llvm::ArrayRef<FunctionId> operators = values_.callOperators(callable, body); !operators.empty()) {
    for (FunctionId function : operators)
      values_.enter(site, {function, false});
    return;
  }
  NodeId node = values_.node(body, callable);
  if (node == kNone)
    return values_.open(result);
  values_.nodes_[node].sites.push_back(values_.sites_.size());
  values_.sites_.push_back(std::move(site));
}

void FunctionFlow::model(const BodyView &body, EventId id, const FunctionModel &row) {
  for (const Op &op : program_.ops(row, body, id)) {
    std::vector<PlaceId> operands = program_.values(op, 0, body, id);
    switch (op.verb) {
    case Verb::Set:
    case Verb::Store: {
      const Operand &from = op.verb == Verb::Set ? op.operands[1] : op.operands[0];
      if (operands.size() < 2 || from.root == Operand::Number)
        break;
      PlaceId value = operands[op.verb == Verb::Set ? 1 : 0], where = operands[op.verb == Verb::Set ? 0 : 1];
      NodeId to = values_.node(body, where);
      bool bound = op.verb == Verb::Store && operands.size() > 2;
      if (value == kNone || to == kNone)
        break;
      // Most of what models set are pointers and numbers: only what can hold a function matters.
      bool relevant = op.verb == Verb::Store || values_.carries(program_.typeOf(value, body)) ||
                      values_.carries(program_.typeOf(where, body)) || !values_.callOperators(value, body).empty() ||
                      values_.keyOf(body, value) != values_.keyOf(body, where);
      if (!relevant)
        break;
      PlaceId object = value;
      while (program_.places()[object].kind() == PlaceKind::AddressOf || program_.places()[object].kind() == PlaceKind::Deref)
        object = program_.places()[object].parent();
      if (bound && program_.places()[object].kind() == PlaceKind::Function)
        values_.add(to, {program_.places()[object].id(), true});
      else if (bound && !values_.callOperators(value, body).empty())
        for (FunctionId function : values_.callOperators(value, body))
          values_.add(to, {function, true});
      else if (bound)
        values_.bind(values_.node(body, value), to);
      else if (NodeId from = values_.node(body, value); op.verb == Verb::Store || from != kNone)
        values_.flow(body, value, to);
      break;
    }
    case Verb::Construct: {
      // An element made in place from what it is given.
      NodeId to = operands.empty() ? NodeId(kNone) : values_.node(body, operands[0]);
      TypeId made = operands.size() > 2 ? program_.typeArgument(op.operands[1], body.events[id].callee()) : kNone;
      construct(body, made, llvm::ArrayRef(operands).drop_front(std::min<size_t>(2, operands.size())));
      if (operands.size() > 2 && values_.carries(made))
        for (PlaceId argument : llvm::ArrayRef(operands).drop_front(2))
          if (argument != kNone)
            values_.flow(body, argument, to);
      break;
    }
    case Verb::Run:
    case Verb::Start: {
      if (operands.empty() || operands[0] == kNone)
        break;
      NodeId result = op.into ? values_.node(body, program_.value(*op.into, body, id)) : kNone;
      indirect(body, operands[0], {operands.begin() + 1, operands.end()}, result);
      break;
    }
    default:
      break;
    }
  }
}

/// What the constructors of a class are given, where a library calls them.
void FunctionFlow::construct(const BodyView &body, TypeId type, llvm::ArrayRef<PlaceId> arguments) {
  if (type == kNone || facts_.types()[type].kind() != TypeKind::Record)
    return;
  for (FunctionId constructor : constructors_[facts_.types()[type].record()]) {
    auto params = facts_.params(facts_.functions()[constructor]);
    if (params.size() != arguments.size())
      continue;
    for (uint32_t i = 0; i < params.size(); ++i)
      if (values_.carries(params[i]))
        values_.flow(body, arguments[i], values_.param(constructor, i));
  }
}

/// A function that nothing is known of: a library's. What it is given it may keep in its object, or give back.
void FunctionFlow::opaque(const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  const Function &function = facts_.functions()[event.callee()];
  Places &places = program_.places();
  bool member = has(function.flags(), FunctionFlag::Member) && event.place() != kNone;
  PlaceId object = member ? places.canonical(event.place()) : kNone;
  bool holder = member && values_.carries(facts_.places()[event.place()].type());
  NodeId kept = holder ? values_.node(body, object) : kNone;
  bool gives = event.kind() == EventKind::Call && values_.carries(function.result());
  NodeId result = gives ? resultOf(body, id) : kNone;
  if (has(function.flags(), FunctionFlag::Conversion) && function.record() != kNone &&
      has(facts_.records()[function.record()].flags(), RecordFlag::Closure)) {
    for (FunctionId op : values_.callOperators_[function.record()]) // a lambda becomes a pointer to function
      values_.add(result, {op, false});
    return;
  }
  bool given = holder;
  for (PlaceId named : body.operands(event)) {
    PlaceId operand = places.canonical(named);
    bool functor = operand != kNone && !values_.callOperators(operand, body).empty();
    if (operand == kNone || (!values_.carries(facts_.places()[named].type()) && !functor))
      continue;
    given = true;
    if (kept != kNone)
      values_.flow(body, operand, kept);
    if (result != kNone)
      values_.flow(body, operand, result);
  }
  if (result == kNone)
    return;
  values_.edge(kept, result);
  // A reference or an iterator into the object: what is stored through it is the object's.
  values_.edge(result, kept);
  bool returnsFunction = facts_.types()[function.result()].kind() == TypeKind::Pointer &&
                         facts_.types()[function.result()].pointee() != kNone &&
                         facts_.types()[facts_.types()[function.result()].pointee()].kind() == TypeKind::Function;
  if (!given || (has(function.flags(), FunctionFlag::C) && returnsFunction) || !has(function.flags(), FunctionFlag::System))
    values_.open(result);
}

} // namespace heddle
