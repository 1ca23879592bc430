#include "program/Story.h"
#include "program/CallGraph.h"
#include "program/LockOrder.h"
#include "program/LockVetoes.h"

namespace heddle {

using namespace facts;

SourceRange rangeOf(const Facts &facts, LocationId location) {
  if (location == kNone)
    return {};
  const Location &l = facts.location(location);
  return {facts.path(location).str(), l.line(), l.column(), l.end_line(), l.end_column(), l.offset(), l.length()};
}

SourceRange rangeOf(const Facts &facts, const BodyView &body) {
  LocationId name = facts.functions()[body.function()].location();
  return rangeOf(facts, name != kNone ? name : body.row->location());
}

Step stepAt(const Program &program, BodyId id, EventId event, std::string kind, std::string message) {
  const Facts &facts = program.facts();
  BodyView body = facts.body(id);
  Step step;
  step.place = rangeOf(facts, body.events[event].location());
  step.function = program.displayOf(body.function()).str();
  step.event = std::move(kind);
  step.message = std::move(message);
  for (const Held &held : program.locks().at(id, event))
    step.held.push_back(program.places().text(held.lock, &body));
  return step;
}

std::vector<Step> acquisitionSteps(const Program &program, AcquisitionId acquisition, llvm::StringRef verb) {
  std::vector<Step> steps;
  const LockState &locks = program.locks();
  std::vector<AcquisitionId> story = locks.story(acquisition);
  for (AcquisitionId id : story) {
    const Acquisition &a = locks.acquisition(id);
    BodyView body = program.facts().body(a.body);
    Step step;
    if (id == story.back()) {
      std::string lock = program.places().text(locks.lockObject(a.lock), &body);
      step = stepAt(program, a.body, a.event, "acquire", (verb + " '" + lock + "'").str());
      step.own = true;
    } else {
      FunctionId callee = program.facts().bodies()[locks.acquisition(a.via).body].function();
      step = stepAt(program, a.body, a.event, "call", ("calls '" + program.nameOf(callee) + "'").str());
    }
    step.depth = steps.size();
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Step> releaseSteps(const Program &program, BodyId id, EventId event, PlaceId lock) {
  std::vector<Step> steps;
  const LockState &locks = program.locks();
  for (constexpr size_t kDeepest = 32; steps.size() < kDeepest;) {
    BodyView body = program.facts().body(id);
    BodyId next = kNone;
    PlaceId inner = kNone;
    EventId below = kNone;
    for (const Invocation &invocation : program.calls().invocations(body, event))
      for (BodyId callee : program.bodiesOf(invocation.function))
        for (const Outcome &outcome : locks.summary(callee).outcomes)
          for (PlaceId released : outcome.released)
            if (next == kNone && program.translate(released, invocation, body, event) == lock)
              if (below = locks.releaseOf(callee, released); below != kNone)
                next = callee, inner = released;
    std::string text = program.places().text(lock, &body);
    if (next == kNone) {
      steps.push_back(stepAt(program, id, event, "release", "releases '" + text + "'"));
      steps.back().own = true;
      steps.back().depth = steps.size() - 1;
      return steps;
    }
    FunctionId callee = program.facts().bodies()[next].function();
    steps.push_back(stepAt(program, id, event, "call", ("calls '" + program.nameOf(callee) + "'").str()));
    steps.back().depth = steps.size() - 1;
    steps.back().own = steps.size() == 1;
    id = next, event = below, lock = inner;
  }
  return steps;
}

Step startOf(const Program &program, BodyId id) {
  BodyView body = program.facts().body(id);
  Step step;
  step.place = rangeOf(program.facts(), body);
  step.function = program.displayOf(body.function()).str();
  step.event = "start";
  step.message = ("runs '" + program.nameOf(body.function()) + "'").str();
  return step;
}

Step endOf(const Program &program, BodyId id) {
  BodyView body = program.facts().body(id);
  Step step;
  step.place = rangeOf(program.facts(), body.row->location());
  step.function = program.displayOf(body.function()).str();
  step.event = "leave";
  // The last character of the definition.
  SourceRange &place = step.place;
  place.offset += place.length ? place.length - 1 : 0;
  place.length = 1;
  place.line = place.end_line;
  place.column = place.end_column > 1 ? place.end_column - 1 : 1;
  return step;
}

std::string lockName(const Program &program, PlaceId lock, BodyId id) {
  LockNode node = program.lockOrder().node(lock, id);
  if (node.kind != LockNode::None)
    return program.lockOrder().name(node);
  BodyView body = program.facts().body(id);
  return program.places().text(lock, &body);
}

std::string lockText(const Program &program, PlaceId lock, BodyId id) {
  BodyView body = program.facts().body(id);
  const Places &places = program.places();
  LockNode node = program.lockOrder().node(lock, id);
  if (node.kind != LockNode::Member) {
    // One of an array, by an index that is worked out.
    PlaceId array = places[lock].kind() == PlaceKind::Element ? places[lock].parent() : kNone;
    PlaceId index = array == kNone ? kNone : places[lock].id();
    if (index != kNone && places[index].kind() == PlaceKind::Expr) {
      bool pointer = places[array].kind() == PlaceKind::Deref;
      return "'" + places.text(pointer ? places[array].parent() : array, &body) + "[…]'";
    }
    return "'" + places.text(lock, &body) + "'";
  }
  std::string name = "'" + program.lockOrder().name(node) + "'";
  PlaceId owner = ownerOf(places, lock);
  for (PlaceId id = owner; id != kNone; id = places[id].parent())
    if (places[id].kind() == PlaceKind::Element && id != kNone && places[id].id() != kNone &&
        places.rootKind(places[id].id()) == PlaceKind::Expr)
      return name; // an index that is worked out has no name that a reader would know
  return owner == kNone ? name : name + " of '" + places.text(owner, &body) + "'";
}

} // namespace heddle
