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
    const Field &field = f.fields()[place.id()];
    TypeKind kind = field.type() == kNone ? TypeKind::Other : f.types()[field.type()].kind();
    bool first = has(function.flags(), FunctionFlag::Constructor) && function.record() == field.record();
    if ((kind == TypeKind::Pointer || kind == TypeKind::Other) && !first)
      result.set(place.id());
  }
  return result;
}

} // namespace

FieldWrites::FieldWrites(const Program &program) {
  byBody_.resize(program.facts().bodies().size());
  for (BodyId id : program.bodies()) {
    byBody_[id] = written(program, program.facts().body(id));
    all_ |= byBody_[id];
  }
  const CallGraph &calls = program.calls();
  std::vector<std::vector<BodyId>> callees(byBody_.size());
  for (BodyId id : program.bodies())
    for (const CallGraph::Caller &caller : calls.callers(id))
      callees[caller.body].push_back(id);
  for (const std::vector<BodyId> &component : calls.components()) {
    Fields whole;
    for (BodyId id : component) {
      whole |= byBody_[id];
      for (BodyId callee : callees[id])
        whole |= byBody_[callee];
    }
    for (BodyId id : component)
      byBody_[id] = whole;
  }
}

} // namespace heddle
