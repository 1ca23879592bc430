#include "program/Cancellation.h"
#include "program/Sharing.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

/// Whether an event has an op of that verb, whose test before the call, if it has one, holds: for what isn't known, `maybe`.
bool does(const Program &program, const BodyView &body, EventId id, Verb verb, bool maybe) {
  const Event &event = body.events[id];
  const FunctionModel *model = event.callee() == kNone ? nullptr : program.model(event.callee());
  if (!model || llvm::none_of(model->ops, [&](const Op &op) { return op.verb == verb; }))
    return false;
  return llvm::any_of(program.ops(*model, body, id), [&](const Op &op) {
    if (op.verb != verb || !op.before)
      return op.verb == verb;
    std::optional<int64_t> value = program.places().asConstant(program.value(op.before->value, body, id));
    return !value ? maybe : holds(*value & op.before->mask, op.before->relation, op.before->constant);
  });
}

} // namespace

bool Cancellation::shieldedHere(Point point) const {
  BodyView body = program_.sharing().frames().body(point.frame);
  const BlockGraph &graph = program_.sharing().phases().graph(point.frame);
  for (EventId up = 0; up < body.events.size(); ++up) {
    if (!graph.inOrder(up, point.event) || !does(program_, body, up, Verb::Shield, /*maybe=*/false))
      continue;
    bool down = false;
    for (EventId id = 0; id < body.events.size() && !down; ++id)
      down = graph.inOrder(up, id) && graph.inOrder(id, point.event) && does(program_, body, id, Verb::Unshield, /*maybe=*/true);
    if (!down)
      return true;
  }
  return false;
}

bool Cancellation::shielded(Point point) const {
  std::vector<Point> chain = program_.sharing().phases().chain(point);
  return shieldedHere(point) || llvm::any_of(chain, [&](Point call) { return shieldedHere(call); });
}

std::vector<CancellationPoint> Cancellation::points() const {
  const Frames &frames = program_.sharing().frames();
  std::map<EntryId, Point> cancelled;
  const GivenTests &tests = program_.sharing().givenTests(); // `if (force) pthread_cancel(…)`
  for (FrameId id : frames.reached())
    for (const ThreadEffect &effect : frames[id].effects)
      if (effect.kind == ThreadEffect::Cancels && !tests.never({id, effect.event}))
        cancelled.try_emplace(effect.entry, Point{id, effect.event});
  std::vector<CancellationPoint> result;
  if (cancelled.empty())
    return result;
  for (FrameId id : frames.reached()) {
    auto by = cancelled.find(frames[id].entry);
    if (by == cancelled.end())
      continue;
    BodyView body = frames.body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      FunctionId callee = body.events[event].callee();
      const FunctionModel *model = callee == kNone ? nullptr : program_.model(callee);
      if (model && model->cancellation && !shielded({id, event}))
        result.push_back({{id, event}, by->second});
    }
  }
  return result;
}

} // namespace heddle
