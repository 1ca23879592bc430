// Where a body says that a lock is held, and by that asks its callers to hold it: what LockState::declared adds to attributes.
//
// An assertion is a function that a model or an attribute says is one; or, for a project's own lock class, a member function of
// it with no parameter and no result that takes and gives back nothing, and whose name is one of the models' `assertions`: in a
// build without assertions its body is empty, and the name is all that is left.
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/LockState.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

bool LockState::assertsOwn(FunctionId id) const {
  auto [at, isNew] = assertsOwn_.try_emplace(id, false);
  if (!isNew)
    return at->second;
  const Facts &f = program_.facts();
  const Function &function = f.functions()[id];
  TypeId result = function.result();
  bool plain = has(function.flags(), FunctionFlag::Member) && function.param_count() == 0 && function.record() != kNone &&
               (result == kNone || f.types()[result].kind() == TypeKind::Void);
  if (!plain || !program_.models().asserts(f.string(function.name())) || !program_.ownsLock(function.record()))
    return false;
  for (BodyId body : program_.bodiesOf(id))
    if (const LockSummary &own = summary(body); !own.pairs.empty() || llvm::any_of(own.outcomes, [](const Outcome &o) {
          return !o.acquired.empty() || !o.released.empty();
        }))
      return false;
  return at->second = true;
}

const std::vector<LockState::Asserted> &LockState::assertedIn(BodyId id) const {
  auto [at, isNew] = asserted_.try_emplace(id);
  if (!isNew)
    return at->second;
  std::vector<Asserted> found;
  Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    if (row.kind() != EventKind::Call || row.callee() == kNone)
      continue;
    if (const FunctionModel *model = program_.model(row.callee())) {
      for (const Op &op : program_.ops(*model, body, event))
        if (op.verb == Verb::Assert)
          for (const Operand &operand : op.operands)
            if (PlaceId lock = program_.value(operand, body, event); lock != kNone)
              found.push_back({event, places.canonical(lock), op.mode});
      continue;
    }
    bool declared = llvm::any_of(attributes_.ofFunction(row.callee()), [](const Attribute &attribute) {
      return attribute.kind() == AttributeKind::AssertCapability && attribute.arg_count() == 0;
    });
    if (!declared && !assertsOwn(row.callee()))
      continue;
    PlaceId self = program_.calls().direct(body, event).self;
    if (self != kNone)
      found.push_back({event, places.canonical(places.deref(self)), Mode::Exclusive});
  }
  return asserted_[id] = std::move(found);
}

HeldSet LockState::asserted(BodyId body, EventId event) const {
  HeldSet held;
  for (const Asserted &row : assertedIn(body))
    if (program_.graph(body).inOrder(row.event, event))
      held.push_back(Held{.lock = row.lock, .mode = row.mode == Mode::Shared ? Mode::Shared : Mode::Exclusive});
  return held;
}

} // namespace heddle
