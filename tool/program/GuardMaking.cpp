#include "program/GuardMaking.h"
#include "program/Uses.h"

namespace heddle {

using namespace facts;

namespace {

bool ofThis(const Operand &operand, llvm::StringRef member = "") {
  if (operand.root != Operand::This || operand.steps.size() != 1 || operand.steps[0].kind != Operand::Step::Member)
    return false;
  llvm::StringRef name = operand.steps[0].name; // "locks0" is the first of `locks[]`
  return member.empty() || name == member || name.rtrim("0123456789") == member;
}

} // namespace

Making makingOf(const Program &program, const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  if (event.kind() != EventKind::Construct || event.callee() == kNone)
    return Making::Other;
  const ClassModel *guard = program.classModel(program.facts().functions()[event.callee()].record());
  const FunctionModel *model = program.model(event.callee());
  if (!guard || guard->is != "guard" || !model)
    return Making::Other;
  bool acquires = false, attempts = false, holds = false, disowned = false, moved = false, owned = false;
  for (const Op &op : program.ops(*model, body, id)) {
    if (op.verb == Verb::Acquire)
      (op.attempt && op.after ? attempts : acquires) |= !op.operands.empty(); // a try that tells nothing is taken to succeed
    if (op.verb != Verb::Set)
      continue;
    const Operand &to = op.operands[0], &from = op.operands[1];
    if (!ofThis(to))
      moved = moved || (to.root == Operand::Arg && from.root == Operand::Number);
    else if (ofThis(to, guard->holds))
      holds = holds || from.root == Operand::Arg;
    else if (from.root == Operand::Number)
      (from.number ? owned : disowned) = true;
  }
  if (moved)
    return Making::Moved;
  if (attempts)
    return Making::Tried;
  if (acquires)
    return Making::Owning;
  if (!holds)
    return Making::Empty;
  return disowned && !owned ? Making::Deferred : Making::Adopting;
}

bool releasesAtEnd(const Program &program, RecordId record) {
  FunctionId destructor = record == kNone ? kNone : program.facts().records()[record].destructor();
  if (destructor == kNone)
    return false;
  if (const FunctionModel *model = program.model(destructor))
    return llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Release; });
  for (BodyId body : program.bodiesOf(destructor))
    for (const Outcome &outcome : program.locks().summary(body).outcomes)
      if (!outcome.thrown && !outcome.released.empty())
        return true;
  return false;
}

/// Whether an event of a guard's own function uses what is neither the guard's nor one of `locks`, or calls somebody.
static bool works(const Program &program, const BodyView &body, EventId id, llvm::ArrayRef<PlaceId> locks) {
  const Places &places = program.places();
  const Event &event = body.events[id];
  PlaceId place = places.canonical(event.place());
  bool ofLock = place != kNone && llvm::any_of(locks, [&](PlaceId lock) { return places.within(lock, place); });
  if (event.kind() == EventKind::Call)
    return !ofLock;
  bool access = event.kind() == EventKind::Read || event.kind() == EventKind::Write;
  return access && !ofLock && outlivesCall(program, place) && places.rootKind(place) != PlaceKind::This;
}

bool worksInside(const Program &program, FunctionId constructor) {
  FunctionId destructor = program.facts().records()[program.facts().functions()[constructor].record()].destructor();
  for (BodyId id : program.bodiesOf(constructor)) {
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event) {
      llvm::SmallVector<PlaceId, 2> locks;
      for (const Held &held : program.locks().at(id, event))
        locks.push_back(held.lock);
      if (!locks.empty() && works(program, body, event, locks))
        return true;
    }
  }
  if (destructor == kNone)
    return false;
  for (BodyId id : program.bodiesOf(destructor)) {
    BodyView body = program.facts().body(id);
    for (const auto &[lock, release] : program.locks().releases(id))
      for (EventId event = 0; event < release; ++event)
        if (works(program, body, event, lock))
          return true;
  }
  return false;
}

std::vector<Held> takenUntil(const Program &program, BodyId body, EventId event, EventId end) {
  std::vector<Held> result;
  for (const Held &held : program.locks().at(body, end)) {
    const Acquisition &acquisition = program.locks().acquisition(held.acquisition);
    if (acquisition.body == body && acquisition.event == event)
      result.push_back(held);
  }
  return result;
}

std::vector<PlaceId> locksOf(const Program &program, const BodyView &body, EventId id, Verb verb) {
  std::vector<PlaceId> result;
  const Event &event = body.events[id];
  const FunctionModel *model = event.callee() == kNone ? nullptr : program.model(event.callee());
  if (!model)
    return result;
  for (const Op &op : program.ops(*model, body, id)) {
    if (op.verb != verb)
      continue;
    for (PlaceId lock : program.values(op, 0, body, id))
      if (lock != kNone)
        result.push_back(lock);
  }
  return result;
}

} // namespace heddle
