// The way of an exception through a body: destructors of live objects in order, handlers, and out of the function.
#include "program/LockFlow.h"

#include "llvm/ADT/ScopeExit.h"

#include <algorithm>

namespace heddle {

using namespace facts;

void LockFlow::unwind(CleanupId cleanup, PathState state, uint8_t raised) {
  unwinding_ = true;
  auto done = llvm::make_scope_exit([&] { unwinding_ = false; });
  States states = one(std::move(state));
  for (; cleanup != kNone; cleanup = body_.cleanups[cleanup].next()) {
    const Cleanup &row = body_.cleanups[cleanup];
    if (row.kind() == CleanupKind::Terminate)
      return;
    if (row.kind() == CleanupKind::Handler) {
      for (const PathState &s : states)
        if (row.block() != kNone)
          enter(row.block(), s);
      if (row.next() == kNone)
        return; // catches everything
      continue;
    }
    if (row.callee() == kNone || row.place() == kNone)
      continue;
    PlaceId object = program_.places().canonical(row.place());
    std::vector<Invocation> invocations;
    if (!program_.bodiesOf(row.callee()).empty() || program_.model(row.callee()) || locks_.attributes().hasEffect(row.callee())) {
      Invocation &direct = invocations.emplace_back();
      direct.function = row.callee();
      direct.self = program_.places().addressOf(object);
    } else if (RecordId record = program_.facts().functions()[row.callee()].record(); record != kNone) {
      invocations = program_.calls().destruction(record, object);
    }
    for (const Invocation &invocation : invocations) {
      States next;
      for (PathState &s : states) {
        if (std::optional<States> declared = declaredEffect(kNone, invocation, s)) {
          next.insert(next.end(), declared->begin(), declared->end());
        } else if (const FunctionModel *model = program_.model(invocation.function)) {
          // A destructor's model speaks of `this` alone; there is no event whose operands it could take.
          RecordId record = program_.facts().functions()[invocation.function].record();
          unsigned classArgs = record == kNone ? 0 : program_.facts().records()[record].arg_count();
          for (const Op &row : model->ops)
            for (const Op &op : expand(row, 0, classArgs))
              if (op.verb == Verb::Release && op.operands.size() == 1)
                releaseByCleanup(op, invocation.self, s);
          next.push_back(std::move(s));
        } else {
          for (BodyId callee : program_.bodiesOf(invocation.function))
            for (PathState &after : applyBody(kNone, invocation, callee, s))
              next.push_back(std::move(after));
        }
      }
      states = limited(std::move(next), /*ofOneEvent=*/true);
    }
  }
  for (PathState &s : states)
    finish(std::move(s), /*thrown=*/true, raised);
}

void LockFlow::releaseByCleanup(const Op &op, PlaceId self, PathState &state) {
  PathReader reader = read(state);
  if (op.before) {
    PlaceId tested = memberOf(self, op.before->value);
    if (reader.test(reader.value(tested), op.before->relation, op.before->constant) == Truth::No)
      return;
  }
  releaseLock(current_, state, reader.lvalue(memberOf(self, op.operands[0])), op.mode);
}

PlaceId LockFlow::memberOf(PlaceId self, const Operand &operand) const {
  if (operand.root != Operand::This)
    return kNone;
  Places &places = program_.places();
  for (const Operand::Step &step : operand.steps) {
    switch (step.kind) {
    case Operand::Step::Deref:
      self = places.deref(self);
      break;
    case Operand::Step::AddressOf:
      self = places.addressOf(self);
      break;
    case Operand::Step::Member:
      self = places.member(places.deref(self), step.name);
      break;
    default:
      break; // arguments' own
    }
  }
  return self;
}

} // namespace heddle
