// Calls through values that come from elsewhere: from the caller, who says what they are, or from where they are kept.
#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

/// Those that can be called with that many arguments.
FunctionSet CallGraph::fitting(FunctionSet set, size_t arguments) const {
  llvm::erase_if(set.values, [&](FunctionValue value) {
    return (!value.bound && !takes(program_.facts(), value.function, arguments)) ||
           (program_.bodiesOf(value.function).empty() && !program_.model(value.function));
  });
  return set;
}

std::vector<Invocation> CallGraph::ofSet(const FunctionSet &given, PlaceId value, llvm::ArrayRef<PlaceId> arguments,
                                         const BodyView &body) const {
  FunctionSet set = fitting(given, arguments.size());
  std::vector<Invocation> result;
  if (set.values.size() > kTargets)
    return result;
  const Facts &f = program_.facts();
  for (FunctionValue target : set.values) {
    FunctionFlag flags = f.functions()[target.function].flags();
    Invocation &call = result.emplace_back();
    call.function = target.function;
    call.certainty = set.open ? Invocation::Open : set.values.size() > 1 ? Invocation::OneOf : Invocation::Exact;
    call.foreign = has(flags, FunctionFlag::Member) && !has(flags, FunctionFlag::StaticMember);
    if (target.bound)
      continue;
    call.arguments.assign(arguments.begin(), arguments.end());
    if (has(flags, FunctionFlag::Lambda)) {
      // Made here, in one place: then the captures are this body's.
      for (EventId id = 0; id < body.events.size(); ++id)
        if (body.events[id].kind() == EventKind::Closure && body.events[id].callee() == target.function) {
          call.foreign = call.closure != kNone;
          call.closure = call.foreign ? kNone : id;
          if (call.foreign)
            break;
        }
    } else if (call.foreign && !has(flags, FunctionFlag::CallOperator) && !arguments.empty()) {
      call.self = arguments.front();
      call.arguments.erase(call.arguments.begin());
      call.foreign = call.self == kNone;
    }
  }
  return result;
}

bool CallGraph::isGiven(PlaceId value, const BodyView &body) const {
  if (value == kNone || uncalled_[body.id])
    return false;
  const Places &places = program_.places();
  const Facts &f = program_.facts();
  for (;; value = places[value].parent()) {
    const facts::Place &p = places[value];
    switch (p.kind()) {
    case PlaceKind::Param:
    case PlaceKind::Capture:
      return true;
    case PlaceKind::Deref:
    case PlaceKind::AddressOf:
      continue;
    case PlaceKind::Field:
      if (p.id() >= f.fields().size() ? !values_.kept(p.id())
                                      : has(f.records()[f.fields()[p.id()].record()].flags(), RecordFlag::System))
        continue;
      return false;
    default:
      return false;
    }
  }
}

bool CallGraph::give(const BodyView &body, GivenCall call) {
  std::vector<GivenCall> &known = given_[body.id];
  if (known.size() >= kGiven ||
      llvm::any_of(known, [&](const GivenCall &k) { return k.callable == call.callable && k.event == call.event; }))
    return false;
  known.push_back(std::move(call));
  return true;
}

void CallGraph::findGiven() {
  const Facts &f = program_.facts();
  Places &places = program_.places();
  std::vector<BodyId> work;
  for (BodyId id : program_.bodies()) {
    BodyView body = f.body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      const Event &row = body.events[event];
      if (row.kind() != EventKind::Call)
        continue;
      auto call = [&](PlaceId callable, llvm::ArrayRef<PlaceId> arguments) {
        if (isGiven(callable, body))
          give(body, {callable, {arguments.begin(), arguments.end()}, event});
      };
      if (row.callee() == kNone) {
        llvm::SmallVector<PlaceId, 4> arguments;
        for (PlaceId operand : body.operands(row))
          arguments.push_back(places.canonical(operand));
        call(places.canonical(row.place()), arguments);
      } else if (const FunctionModel *model = program_.model(row.callee())) {
        for (const Op &op : program_.ops(*model, body, event))
          if (op.verb == Verb::Run && !op.operands.empty()) {
            std::vector<PlaceId> values = program_.values(op, 0, body, event);
            call(values[0], llvm::ArrayRef(values).drop_front());
          }
      }
    }
    if (!given_[id].empty())
      work.push_back(id);
  }
  // Passed on: what a caller was given itself is a given call of the caller.
  while (!work.empty()) {
    BodyId callee = work.back();
    work.pop_back();
    for (const Caller &caller : callers_[callee]) {
      BodyView body = f.body(caller.body);
      bool more = false;
      for (const Invocation &invocation : invocations(body, caller.event)) {
        if (!llvm::is_contained(program_.bodiesOf(invocation.function), callee))
          continue;
        for (size_t i = 0; i < given_[callee].size(); ++i) {
          const GivenCall call = given_[callee][i];
          PlaceId named = program_.translate(call.callable, invocation, body, caller.event);
          if (!isGiven(named, body))
            continue;
          GivenCall mine{named, {}, caller.event};
          for (PlaceId argument : call.arguments)
            mine.arguments.push_back(argument == kNone ? kNone : program_.translate(argument, invocation, body, caller.event));
          more = give(body, std::move(mine)) || more;
        }
      }
      if (more)
        work.push_back(caller.body);
    }
  }
}

std::vector<Invocation> CallGraph::resolve(PlaceId callable, llvm::ArrayRef<PlaceId> given, const BodyView &callee,
                                           const Invocation &invocation, const BodyView &body, EventId event,
                                           PlaceId &named) const {
  llvm::SmallVector<PlaceId, 4> arguments;
  for (PlaceId argument : given)
    arguments.push_back(argument == kNone ? kNone : program_.translate(argument, invocation, body, event));
  named = callable == kNone ? kNone : program_.translate(callable, invocation, body, event);
  bool unknown = named == kNone || program_.places().rootKind(named) == PlaceKind::Unknown;
  std::vector<Invocation> result;
  if (!unknown) {
    if (isGiven(named, body))
      return result;
    result = this->callable(named, arguments, body);
  } else {
    named = kNone;
    result = ofSet(values_.at(callee, callable), kNone, arguments, body);
  }
  for (Invocation &target : result)
    target.nested = true;
  return result;
}

void CallGraph::passOn(const Invocation &invocation, const BodyView &body, EventId event, unsigned depth,
                       std::vector<Invocation> &out) const {
  for (BodyId callee : program_.bodiesOf(invocation.function))
    for (const GivenCall &call : given_[callee]) {
      PlaceId named;
      std::vector<Invocation> targets =
          resolve(call.callable, call.arguments, program_.facts().body(callee), invocation, body, event, named);
      uint32_t group = 1'000'000 + out.size(); // after what runs them
      for (Invocation &target : targets) {
        target.group = group;
        out.push_back(target);
        if (depth < kPassed)
          passOn(target, body, event, depth + 1, out);
      }
    }
}

llvm::SmallVector<FunctionId, 4> CallGraph::mayBe(BodyId body, const GivenCall &call) const {
  llvm::SmallVector<FunctionId, 4> result;
  for (FunctionValue value : values_.at(program_.facts().body(body), call.callable).values)
    result.push_back(value.function);
  return result;
}

bool CallGraph::registered(PlaceId value, const BodyView &body) const {
  return !isGiven(value, body) && values_.at(body, value).registered;
}

bool CallGraph::allKnown(const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  Places &places = program_.places();
  auto known = [&](PlaceId callable, size_t arguments) {
    if (isGiven(callable, body) || !program_.target().closed)
      return false;
    std::vector<PlaceId> unnamed(arguments, kNone);
    std::vector<Invocation> targets = this->callable(callable, unnamed, body);
    return !targets.empty() && targets.front().certainty != Invocation::Open;
  };
  if (event.kind() != EventKind::Call)
    return true;
  if (event.callee() == kNone)
    return event.place() != kNone && known(places.canonical(event.place()), event.operand_count());
  if (has(event.flags(), EventFlag::Virtual))
    return program_.target().closed;
  if (const FunctionModel *model = program_.model(event.callee()))
    for (const Op &op : program_.ops(*model, body, id))
      if (op.verb == Verb::Run && !op.operands.empty() &&
          !known(program_.value(op.operands[0], body, id), op.operands.size() - 1))
        return false;
  return true;
}

void CallGraph::countCut(const BodyView &body) const {
  for (EventId id = 0; id < body.events.size(); ++id)
    if (const Event &event = body.events[id];
        event.kind() == EventKind::Call && event.callee() == kNone && event.place() != kNone) {
      PlaceId callable = program_.places().canonical(event.place());
      if (!isGiven(callable, body) && fitting(values_.at(body, callable), event.operand_count()).values.size() > kTargets)
        ++program_.cut().paths;
    }
}

} // namespace heddle
