#include "program/Story.h"
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

std::string lockText(const Program &program, PlaceId lock, BodyId id) {
  BodyView body = program.facts().body(id);
  const Places &places = program.places();
  LockNode node = program.lockOrder().node(lock, id);
  if (node.kind != LockNode::Member)
    return "'" + places.text(lock, &body) + "'";
  std::string name = "'" + program.lockOrder().name(node) + "'";
  PlaceId owner = ownerOf(places, lock);
  return owner == kNone ? name : name + " of '" + places.text(owner, &body) + "'";
}

} // namespace heddle
