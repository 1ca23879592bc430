#include "program/SharedMappings.h"
#include "program/CallGraph.h"
#include "program/PathState.h"
#include "program/Uses.h"

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDepth = 6; // functions and stores between a mapping and a lock in it

bool sets(const Op &op, llvm::StringRef member) {
  if (op.verb != Verb::Set)
    return false;
  const Operand &to = op.operands[0];
  return to.steps.size() == 1 && to.steps[0].kind == Operand::Step::Member && to.steps[0].name == member;
}

} // namespace

SharedMappings::SharedMappings(const Program &program) : program_(program) {
  const Places &places = program.places();
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (const Event &event : body.events) {
      PlaceId to = places.canonical(event.place());
      if (event.kind() != EventKind::Write || to == kNone || event.operand_count() == 0)
        continue;
      PlaceKind kind = places[to].kind();
      PlaceId value = places.canonical(body.operands(event)[0]);
      bool nothing = places.asConstant(value).has_value(); // null, or MAP_FAILED
      if ((kind == PlaceKind::Global || kind == PlaceKind::Field) && !nothing)
        stored_[{kind, places[to].id()}].push_back({id, value});
    }
  }
}

/// Whether the call's result is a mapping that processes share, by its model.
bool SharedMappings::maps(const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  const FunctionModel *model =
      event.kind() != EventKind::Call || event.callee() == kNone ? nullptr : program_.model(event.callee());
  return model && llvm::any_of(model->ops, [&](const Op &op) {
           if (!sets(op, "mapping") || op.operands[0].root != Operand::Result)
             return false;
           if (!op.before)
             return true;
           std::optional<int64_t> flags = program_.places().asConstant(program_.value(op.before->value, body, id));
           return flags && holds(*flags & op.before->mask, op.before->relation, op.before->constant);
         });
}

SharedMappings::Mapping SharedMappings::objectMapping(const BodyView &body, PlaceId place, unsigned depth) const {
  const Places &places = program_.places();
  // The innermost pointer that the place goes through says whose memory it is.
  for (PlaceId id = place; id != kNone; id = places[id].parent()) {
    if (places[id].kind() == PlaceKind::Deref)
      return valueMapping(body, places[id].parent(), depth);
    TypeId whole = places[id].kind() == PlaceKind::Element ? typeAt(program_, body, places[id].parent()) : kNone;
    if (whole != kNone && program_.facts().types()[whole].kind() == TypeKind::Pointer)
      return valueMapping(body, places[id].parent(), depth);
  }
  return {};
}

SharedMappings::Mapping SharedMappings::valueMapping(const BodyView &body, PlaceId value, unsigned depth) const {
  const Places &places = program_.places();
  if (value == kNone || depth > kDepth)
    return {};
  const Place place = places[value];
  auto all = [&](auto &&sources) -> Mapping { // one answer from each
    Mapping found;
    for (auto &&[from, what] : sources) {
      BodyView in = program_.facts().body(from);
      Mapping one = valueMapping(in, what, depth + 1);
      if (!one)
        return {};
      found = found ? found : one;
    }
    return found;
  };
  std::vector<std::pair<BodyId, PlaceId>> sources;
  switch (place.kind()) {
  case PlaceKind::Result: {
    if (place.id() >= body.events.size())
      return {};
    if (maps(body, place.id()))
      return {body.id, place.id()};
    const Event &event = body.events[place.id()];
    if (event.kind() != EventKind::Call || event.callee() == kNone)
      return {};
    for (BodyId callee : program_.bodiesOf(event.callee())) {
      BodyView in = program_.facts().body(callee);
      for (const Event &end : in.events)
        if (end.kind() == EventKind::Return && end.operand_count() > 0)
          if (PlaceId returned = places.canonical(in.operands(end)[0]); !places.asConstant(returned))
            sources.emplace_back(callee, returned);
    }
    return all(sources);
  }
  case PlaceKind::Param:
    for (const CallGraph::Caller &caller : program_.calls().callers(body.id)) {
      BodyView from = program_.facts().body(caller.body);
      auto given = from.operands(from.events[caller.event]);
      sources.emplace_back(caller.body, place.id() < given.size() ? places.canonical(given[place.id()]) : kNone);
    }
    return all(sources);
  case PlaceKind::Global:
  case PlaceKind::Field:
    if (auto known = stored_.find({place.kind(), place.id()}); known != stored_.end())
      for (const Stored &stored : known->second)
        sources.emplace_back(stored.body, stored.value);
    return all(sources);
  case PlaceKind::Local:
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && places.canonical(event.place()) == value && event.operand_count() > 0)
        if (PlaceId written = places.canonical(body.operands(event)[0]); !places.asConstant(written))
          sources.emplace_back(body.id, written);
    return all(sources);
  case PlaceKind::AddressOf:
    return objectMapping(body, place.parent(), depth + 1);
  default:
    return {};
  }
}

} // namespace heddle
