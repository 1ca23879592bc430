// Locks that live as long as one call of the function that takes them: every call has its own, so they keep nobody out.
#include "checks/Check.h"
#include "program/GuardMaking.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

namespace heddle {
namespace {

using namespace facts;

/// Whether an event takes the lock, by itself or in the making of a guard.
bool takes(const Program &program, const BodyView &body, EventId event, PlaceId lock) {
  for (EventId next = event + 1; next < body.events.size(); ++next)
    for (const Held &held : takenUntil(program, body.id, event, next))
      if (held.lock == lock)
        return true;
  return false;
}

/// Whether what is called does nothing with the lock that outlives the call, by its model: it starts, stores and runs nothing,
/// and its result doesn't know the lock.
bool onlyLocks(const Program &program, const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  const FunctionModel *model = event.callee() == kNone ? nullptr : program.model(event.callee());
  return model && llvm::all_of(model->ops, [&](const Op &op) {
           if (op.verb == Verb::Set && op.operands[1].root != Operand::Number)
             return op.operands[0].root == Operand::Arg || makingOf(program, body, id) != Making::Other;
           return op.verb != Verb::Start && op.verb != Verb::Store && op.verb != Verb::Run && op.verb != Verb::Await;
         });
}

/// Whether nobody but this run of the function can know the lock.
bool keptToItself(const Program &program, const BodyView &body, PlaceId lock) {
  for (EventId use : Uses(program, body).of(lock)) {
    const Event &event = body.events[use];
    bool own = event.kind() == EventKind::Destroy || event.kind() == EventKind::Read ||
               (event.kind() == EventKind::Write && program.places().within(program.places().canonical(event.place()), lock));
    bool made = event.kind() == EventKind::Construct && program.places().canonical(event.place()) == lock;
    if (!own && !made && !onlyLocks(program, body, use) && !takes(program, body, use, lock))
      return false;
  }
  return true;
}

/// The first event with the lock held that uses what others can see too; kNone if there is none.
EventId guardedBy(const Program &program, const BodyView &body, PlaceId lock, AcquisitionId &taken) {
  const Places &places = program.places();
  EventId first = kNone;
  for (EventId id = 0; id < body.events.size(); ++id) {
    const Event &event = body.events[id];
    PlaceId place = places.canonical(event.place());
    for (const Held &held : program.locks().at(body.id, id)) {
      if (held.lock != lock || held.maybe)
        continue;
      bool uses = event.kind() == EventKind::Read || event.kind() == EventKind::Write || event.kind() == EventKind::Call;
      if (!uses || !outlivesCall(program, place) || kindAt(program, body, place, "lock") ||
          kindAt(program, body, place, "condition") || kindAt(program, body, place, "atomic"))
        continue;
      // Both a read and the write that follows it are evidence; the write says more.
      if (first == kNone || (event.kind() == EventKind::Write && body.events[first].kind() != EventKind::Write)) {
        first = id;
        taken = held.acquisition;
      }
    }
  }
  return first;
}

void report(const Program &program, const BodyView &body, PlaceId lock, const Local &local, Sink &sink) {
  AcquisitionId taken = kNone;
  EventId used = guardedBy(program, body, lock, taken);
  if (used == kNone)
    return;
  std::string name = "'" + program.places().text(lock, &body) + "'",
              data = "'" + program.places().text(program.places().canonical(body.events[used].place()), &body) + "'",
              function = program.nameOf(body.function()).str();
  Finding finding;
  finding.check = "local-mutex";
  finding.severity = Severity::Error;
  finding.message =
      "each call of '" + function + "' has a " + name + " of its own, so that it keeps no other thread from " + data;
  finding.place = rangeOf(program.facts(), local.location());
  finding.function = program.displayOf(body.function()).str();
  finding.entities = {function + "::" + program.places().text(lock, &body)};
  Step made{finding.place, finding.function, name + " begins with the call and ends with it", "declare"};
  made.own = true;
  Lane lane{"each thread", {made}};
  for (Step &step : acquisitionSteps(program, taken, "locks its own"))
    lane.steps.push_back(std::move(step));
  lane.steps.push_back(stepAt(program, body.id, used, "unguarded", "uses " + data));
  finding.lanes.push_back(std::move(lane));
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  const LocalFlag elsewhere = LocalFlag::Reference | LocalFlag::CapturedByReference | LocalFlag::Static;
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    if (has(program.facts().functions()[body.function()].flags(), FunctionFlag::Coroutine | FunctionFlag::Main))
      continue; // those live longer than a call
    for (uint32_t i = 0; i < body.locals.size(); ++i) {
      const Local &local = body.locals[i];
      if (!kindOf(program, local.type(), "lock") || has(local.flags(), elsewhere))
        continue;
      PlaceId lock = program.places().make(PlaceKind::Local, i);
      if (keptToItself(program, body, lock))
        report(program, body, lock, local, sink);
    }
  }
}

} // namespace

extern const Check localMutex{"local-mutex",   "lock",      "locks that live no longer than the call that takes them",
                              Severity::Error, World::Open, run};

} // namespace heddle
