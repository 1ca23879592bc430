#include "program/OwnThreads.h"
#include "program/CallGraph.h"

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kCalls = 3; // down from the function that the thread runs

RecordId recordOf(const Program &program, BodyId body) {
  return program.facts().functions()[program.facts().bodies()[body].function()].record();
}

void follow(const Program &program, BodyId id, RecordId record, unsigned depth, std::set<BodyId> &out) {
  if (depth > kCalls || !out.insert(id).second)
    return;
  BodyView body = program.facts().body(id);
  for (const Event &event : body.events) {
    if (event.kind() != EventKind::Call || event.callee() == kNone ||
        program.facts().functions()[event.callee()].record() != record)
      continue;
    for (BodyId callee : program.bodiesOf(event.callee()))
      follow(program, callee, record, depth + 1, out);
  }
}

} // namespace

FieldId ownField(const Program &program, PlaceId place) {
  const Places &places = program.places();
  if (place == kNone || places[place].kind() != PlaceKind::Field || places[place].id() >= program.facts().fields().size())
    return kNone;
  PlaceId object = places[place].parent();
  if (object == kNone || places[object].kind() != PlaceKind::Deref)
    return kNone;
  PlaceKind root = places[places[object].parent()].kind();
  return root == PlaceKind::This || root == PlaceKind::Capture ? FieldId(places[place].id()) : kNone;
}

std::vector<OwnThread> ownThreadsOf(const Program &program) {
  std::vector<OwnThread> result;
  for (BodyId id : program.bodies()) {
    RecordId record = recordOf(program, id);
    if (record == kNone)
      continue;
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      FunctionId callee = body.events[event].callee();
      const FunctionModel *model = callee == kNone ? nullptr : program.model(callee);
      if (!model || llvm::none_of(model->ops, [](const Op &op) { return op.verb == Verb::Start; }))
        continue;
      for (const Op &op : program.ops(*model, body, event)) {
        if (op.verb != Verb::Start)
          continue;
        OwnThread thread{record, id, event, {}};
        for (const Invocation &invocation : program.calls().run(op, body, event)) {
          bool lambda = has(program.facts().functions()[invocation.function].flags(), FunctionFlag::Lambda);
          bool own = program.facts().functions()[invocation.function].record() == record &&
                     invocation.self == program.places().make(PlaceKind::This, kNone);
          if (lambda || own)
            for (BodyId entry : program.bodiesOf(invocation.function))
              follow(program, entry, record, 0, thread.bodies);
        }
        if (!thread.bodies.empty())
          result.push_back(std::move(thread));
      }
    }
  }
  return result;
}

} // namespace heddle
