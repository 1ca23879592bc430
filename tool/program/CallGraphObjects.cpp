// What making and destroying an object runs: its constructors with the arguments they get, and the destructors of its parts; and
// how arguments that models give as expressions are bound.
#include "program/CallGraph.h"

#include <algorithm>
#include <ranges>

namespace heddle {

using namespace facts;

void CallGraph::destroy(RecordId record, PlaceId object, unsigned depth, std::vector<Invocation> &out) const {
  const Facts &f = program_.facts();
  const Record &row = f.records()[record];
  if (depth > 8 || has(row.flags(), RecordFlag::TrivialDestructor))
    return;
  Places &places = program_.places();
  FunctionId destructor = row.destructor();
  if (destructor != kNone && (!program_.bodiesOf(destructor).empty() || program_.model(destructor))) {
    Invocation &call = out.emplace_back();
    call.function = destructor;
    call.self = places.addressOf(object);
    call.group = out.size();
    return; // its body destroys members and bases itself
  }
  for (FieldId field : std::views::reverse(program_.fieldsOf(record))) {
    TypeId type = f.fields()[field].type();
    if (type != kNone && f.types()[type].kind() == TypeKind::Record && f.types()[type].record() != kNone)
      destroy(f.types()[type].record(), places.member(object, field), depth + 1, out);
  }
  for (RecordId base : basesOf_[record])
    destroy(base, object, depth + 1, out);
}

std::vector<Invocation> CallGraph::destruction(RecordId record, PlaceId object) const {
  std::vector<Invocation> result;
  destroy(record, object, 0, result);
  return result;
}

std::vector<Invocation> CallGraph::construction(RecordId record, PlaceId object, llvm::ArrayRef<PlaceId> arguments,
                                                const BodyView &body) const {
  std::vector<Invocation> result;
  const Facts &f = program_.facts();
  for (FunctionId constructor : constructors_[record]) {
    const Function &function = f.functions()[constructor];
    bool copies = has(function.flags(), FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor);
    if (copies || function.param_count() != arguments.size() ||
        (program_.bodiesOf(constructor).empty() && !program_.model(constructor)))
      continue;
    Invocation &call = result.emplace_back();
    call.function = constructor;
    call.self = program_.places().addressOf(object);
    call.arguments.assign(arguments.begin(), arguments.end());
    bind(call, body);
  }
  return result;
}

PlaceId CallGraph::referred(PlaceId argument, const BodyView &body) const {
  const ClassModel *model = argument == kNone ? nullptr : program_.classModel(program_.recordAt(argument, body));
  if (!model || model->is != "reference")
    return kNone;
  // The call that made the wrapper says what it refers to.
  PlaceId member = program_.places().member(argument, model->holds);
  for (EventId id = 0; id < body.events.size(); ++id) {
    const FunctionModel *maker = program_.model(body.events[id].callee());
    if (!maker || program_.places().canonical(body.events[id].result()) != argument)
      continue;
    for (const Op &op : program_.ops(*maker, body, id))
      if (op.verb == Verb::Set && program_.value(op.operands[0], body, id) == member)
        return program_.value(op.operands[1], body, id);
  }
  return kNone;
}

void CallGraph::bind(Invocation &invocation, const BodyView &body) const {
  // Arguments in models are expressions: where the callee takes a reference it gets their address, or what a wrapper refers to.
  Places &places = program_.places();
  auto params = program_.facts().params(program_.facts().functions()[invocation.function]);
  for (size_t i = 0; i < invocation.arguments.size() && i < params.size(); ++i) {
    PlaceId &argument = invocation.arguments[i];
    if (argument == kNone || !program_.isReference(params[i]))
      continue;
    RecordId wanted = program_.recordOf(params[i]);
    PlaceId target = referred(argument, body);
    bool unwraps = target != kNone && (wanted == kNone || wanted != program_.recordAt(argument, body));
    argument = unwraps ? target : places.addressOf(argument);
  }
}

std::vector<Invocation> CallGraph::run(const Op &op, const BodyView &body, EventId event) const {
  std::vector<PlaceId> values = program_.values(op, 0, body, event);
  std::vector<Invocation> result = callable(values[0], llvm::ArrayRef(values).drop_front(), body);
  for (Invocation &invocation : result) {
    bind(invocation, body);
    if (op.often) // or not at all
      invocation.certainty = Invocation::Open;
  }
  return result;
}

} // namespace heddle
