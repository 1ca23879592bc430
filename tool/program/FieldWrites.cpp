#include "program/FieldWrites.h"
#include "program/CallGraph.h"

namespace heddle {

using namespace facts;

namespace {

FieldWrites::Fields written(const Program &program, const BodyView &body) {
  const Facts &f = program.facts();
  const Function &function = f.functions()[body.function()];
  FieldWrites::Fields result;
  for (const Event &event : body.events) {
    if (event.kind() != EventKind::Write || event.place() == kNone)
      continue;
    const Place &place = f.places()[event.place()];
    if (place.kind() != PlaceKind::Field)
      continue;
    bool first = has(function.flags(), FunctionFlag::Constructor) && function.record() == f.fields()[place.id()].record();
    if (!first)
      result.set(place.id());
  }
  return result;
}

} // namespace

FieldWrites::FieldWrites(const Program &program) {
  auto none = std::make_shared<const Fields>();
  byBody_.resize(program.facts().bodies().size(), none);
  const CallGraph &calls = program.calls();
  std::vector<std::vector<BodyId>> callees(byBody_.size());
  for (BodyId id : program.bodies())
    for (const CallGraph::Caller &caller : calls.callers(id))
      callees[caller.body].push_back(id);
  for (const std::vector<BodyId> &component : calls.components()) {
    Fields whole;
    for (BodyId id : component)
      whole |= written(program, program.facts().body(id));
    all_ |= whole;
    std::shared_ptr<const Fields> largest = none;
    for (BodyId id : component)
      for (BodyId callee : callees[id])
        if (byBody_[callee] != largest) {
          if ((whole |= *byBody_[callee]))
            largest = byBody_[callee];
        }
    std::shared_ptr<const Fields> shared = whole == *largest ? largest : std::make_shared<const Fields>(std::move(whole));
    for (BodyId id : component)
      byBody_[id] = shared;
  }
}

} // namespace heddle
