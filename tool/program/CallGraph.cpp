#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

CallGraph::CallGraph(const Program &program) : program_(program), instances_(program), values_(program, instances_) {
  const Facts &f = program.facts();
  callOperators_.resize(f.records().size());
  constructors_.resize(f.records().size());
  methods_.resize(f.records().size());
  for (FunctionId id = 0; id < f.functions().size(); ++id) {
    const Function &function = f.functions()[id];
    if (function.record() == kNone)
      continue;
    if (has(function.flags(), FunctionFlag::CallOperator))
      callOperators_[function.record()].push_back(id);
    if (has(function.flags(), FunctionFlag::Constructor))
      constructors_[function.record()].push_back(id);
    else if (!program.bodiesOf(id).empty())
      methods_[function.record()].push_back(id);
  }
  basesOf_.resize(f.records().size());
  for (const Base &row : f.bases())
    basesOf_[row.record()].push_back(row.base());

  callers_.resize(f.bodies().size());
  given_.resize(f.bodies().size());
  uncalled_.resize(f.bodies().size());
  std::vector<std::vector<BodyId>> callees(f.bodies().size());
  // First all that is known without asking what callers give, then what they give.
  for (BodyId id : program.bodies()) {
    BodyView body = f.body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      for (const Invocation &invocation : reached(body, event))
        link(callees, id, event, invocation);
  }
  findGiven();
  for (BodyId id : program.bodies())
    uncalled_[id] = !given_[id].empty() && callers_[id].empty();
  for (BodyId id : program.bodies()) {
    BodyView body = f.body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      for (const Invocation &invocation : reached(body, event))
        if (invocation.nested || uncalled_[id])
          link(callees, id, event, invocation);
    countCut(body);
  }
  for (std::vector<BodyId> &list : callees) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  findComponents(callees);
}

void CallGraph::link(std::vector<std::vector<BodyId>> &callees, BodyId from, EventId event, const Invocation &invocation) {
  for (BodyId callee : program_.bodiesOf(invocation.function)) {
    callees[from].push_back(callee);
    bool known = llvm::any_of(callers_[callee], [&](const Caller &c) { return c.body == from && c.event == event; });
    if (!known)
      callers_[callee].push_back({from, event, !invocation.foreign});
  }
}

std::span<const CallGraph::Caller> CallGraph::callers(BodyId body) const { return callers_[body]; }

Invocation CallGraph::direct(const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  Places &places = program_.places();
  Invocation direct;
  direct.function = event.callee();
  if (event.place() != kNone && !has(event.flags(), EventFlag::Indirect))
    direct.self = places.addressOf(places.canonical(event.place()));
  for (PlaceId operand : body.operands(event))
    direct.arguments.push_back(places.canonical(operand));
  return direct;
}

std::vector<Invocation> CallGraph::invocations(const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  Places &places = program_.places();
  std::vector<Invocation> result;
  Invocation direct = this->direct(body, id);

  switch (event.kind()) {
  case EventKind::Call:
    if (event.callee() == kNone)
      return event.place() == kNone ? result : callable(places.canonical(event.place()), direct.arguments, body);
    if (has(event.flags(), EventFlag::Virtual)) {
      llvm::ArrayRef<FunctionId> overriders = instances_.overriders(event.callee());
      direct.certainty = overriders.size() > 1 ? Invocation::OneOf : Invocation::Exact;
      for (FunctionId function : overriders) {
        direct.function = function;
        result.push_back(direct);
      }
      return result;
    }
    if (has(program_.facts().functions()[event.callee()].flags(), FunctionFlag::CallOperator) && direct.self != kNone) {
      std::vector<Invocation> closure = callable(direct.self, direct.arguments, body);
      if (!closure.empty())
        return closure;
    }
    result.push_back(direct);
    return result;
  case EventKind::Construct:
    if (direct.function != kNone)
      result.push_back(direct);
    return result;
  case EventKind::Destroy: {
    if (direct.function == kNone)
      return result;
    if (!program_.bodiesOf(direct.function).empty() || program_.model(direct.function)) {
      result.push_back(direct);
      return result;
    }
    RecordId record = program_.facts().functions()[direct.function].record();
    return record == kNone || event.place() == kNone ? result : destruction(record, places.canonical(event.place()));
  }
  default:
    return result;
  }
}

std::vector<Invocation> CallGraph::callable(PlaceId value, llvm::ArrayRef<PlaceId> arguments, const BodyView &body) const {
  std::vector<Invocation> result;
  if (value == kNone)
    return result;
  Places &places = program_.places();
  const Facts &f = program_.facts();
  if (places[value].kind() == PlaceKind::AddressOf)
    value = places[value].parent();
  // A function is its own address.
  if (places[value].kind() == PlaceKind::Deref && places[places[value].parent()].kind() == PlaceKind::Function)
    value = places[value].parent();
  const facts::Place p = places[value];
  if (p.kind() == PlaceKind::Function) {
    Invocation &call = result.emplace_back();
    call.function = p.id();
    bool member = has(f.functions()[p.id()].flags(), FunctionFlag::Member) &&
                  !has(f.functions()[p.id()].flags(), FunctionFlag::StaticMember);
    if (member && !arguments.empty()) {
      // A pointer to member takes its object first: by pointer, or by reference, which is a pointer here too.
      call.self = arguments.front();
      arguments = arguments.drop_front();
    }
    call.arguments.assign(arguments.begin(), arguments.end());
    return result;
  }
  // A closure: made by an event of this body, here or kept in a local of closure type.
  for (EventId id = 0; id < body.events.size(); ++id) {
    const Event &event = body.events[id];
    if (event.kind() != EventKind::Closure || event.callee() == kNone)
      continue;
    bool made =
        (p.kind() == PlaceKind::Result && p.id() == id) || (event.result() != kNone && places.canonical(event.result()) == value);
    RecordId record = program_.recordAt(value, body);
    if (!made && (record == kNone || f.functions()[event.callee()].record() != record || p.kind() == PlaceKind::Param))
      continue;
    // A generic lambda has a call operator an instantiation; without its argument types at hand each is an alternative.
    std::vector<FunctionId> operators{event.callee()};
    if (RecordId closure = f.functions()[event.callee()].record(); closure != kNone)
      for (FunctionId op : callOperators_[closure])
        if (op != event.callee())
          operators.push_back(op);
    for (FunctionId op : operators) {
      if (program_.bodiesOf(op).empty())
        continue;
      Invocation &call = result.emplace_back();
      call.function = op;
      call.self = places.addressOf(value);
      call.closure = id;
      call.arguments.assign(arguments.begin(), arguments.end());
    }
    return result;
  }
  if (RecordId record = program_.recordAt(value, body); record != kNone)
    for (FunctionId op : callOperators_[record]) {
      const Function &function = f.functions()[op];
      if (program_.bodiesOf(op).empty() || function.param_count() > arguments.size())
        continue;
      Invocation &call = result.emplace_back();
      call.function = op;
      call.self = places.addressOf(value);
      call.arguments.assign(arguments.begin(), arguments.end());
    }
  if (!result.empty() || isGiven(value, body))
    return result;
  return ofSet(values_.at(body, value), value, arguments, body);
}

/// What a guard runs of its lock's class: `by NAME`, of the classes that it is instantiated for.
void CallGraph::addMembers(const Op &op, FunctionId callee, std::vector<Invocation> &out) const {
  const Facts &f = program_.facts();
  const Function &function = f.functions()[callee];
  auto add = [&](std::span<const TypeId> types) {
    for (TypeId type : types)
      if (RecordId record = program_.recordOf(type); record != kNone && !program_.classModel(record))
        for (FunctionId method : methods_[record])
          if (f.string(f.functions()[method].name()).ends_with(("::" + op.by)))
            out.emplace_back().function = method;
  };
  if (function.record() != kNone)
    add(f.args(f.records()[function.record()]));
  add(f.args(function));
}

std::vector<Invocation> CallGraph::reached(const BodyView &body, EventId event) const {
  std::vector<Invocation> result = invocations(body, event);
  std::vector<Invocation> direct = result;
  for (const Invocation &invocation : direct) {
    const FunctionModel *model = program_.model(invocation.function);
    if (!model)
      continue;
    for (const Op &op : program_.ops(*model, body, event)) {
      std::vector<Invocation> more;
      if (!op.by.empty() && (op.verb == Verb::Acquire || op.verb == Verb::Release)) {
        addMembers(op, invocation.function, more);
      } else if (op.verb == Verb::Run && !op.operands.empty()) {
        more = run(op, body, event);
      } else if ((op.verb == Verb::Construct || op.verb == Verb::Destroy) && op.operands.size() > 1) {
        RecordId record = program_.classOf(program_.typeArgument(op.operands[1], invocation.function));
        PlaceId object = program_.value(op.operands[0], body, event);
        if (record != kNone && object != kNone)
          more = op.verb == Verb::Destroy ? destruction(record, object)
                                          : construction(record, object, program_.values(op, 2, body, event), body);
      }
      result.insert(result.end(), more.begin(), more.end());
    }
  }
  for (size_t i = 0, count = result.size(); i < count; ++i) {
    const Invocation by = result[i];
    passOn(by, body, event, 1, result);
  }
  return result;
}

void CallGraph::findComponents(const std::vector<std::vector<BodyId>> &callees) {
  // Tarjan's algorithm without recursion: call chains of real programs are deeper than a stack.
  constexpr uint32_t kUnseen = 0;
  std::vector<uint32_t> index(callees.size(), kUnseen), low(callees.size());
  std::vector<bool> onStack(callees.size());
  recursive_.resize(callees.size());
  std::vector<BodyId> stack;
  std::vector<std::pair<BodyId, size_t>> walk;
  uint32_t next = 1;
  for (BodyId start : program_.bodies()) {
    if (index[start] != kUnseen)
      continue;
    walk.emplace_back(start, 0);
    while (!walk.empty()) {
      auto &[body, child] = walk.back();
      if (child == 0 && index[body] == kUnseen) {
        index[body] = low[body] = next++;
        stack.push_back(body);
        onStack[body] = true;
      }
      if (child < callees[body].size()) {
        BodyId callee = callees[body][child++];
        if (index[callee] == kUnseen)
          walk.emplace_back(callee, 0);
        else if (onStack[callee])
          low[body] = std::min(low[body], index[callee]);
        continue;
      }
      BodyId done = body;
      walk.pop_back();
      if (!walk.empty())
        low[walk.back().first] = std::min(low[walk.back().first], low[done]);
      if (low[done] != index[done])
        continue;
      std::vector<BodyId> &component = components_.emplace_back();
      for (BodyId member = kNone; member != done;) {
        member = stack.back();
        stack.pop_back();
        onStack[member] = false;
        component.push_back(member);
      }
      std::sort(component.begin(), component.end());
      bool cyclic = component.size() > 1 || std::binary_search(callees[done].begin(), callees[done].end(), done);
      for (BodyId member : component)
        recursive_[member] = cyclic;
    }
  }
}

} // namespace heddle
