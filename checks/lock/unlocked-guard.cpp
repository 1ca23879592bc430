// Guards that have a lock and never take it: deferred and forgotten, tried and never asked, or moved to another guard that
// released the lock while the data is still in use. What a making means is program/GuardMaking.h's.
#include "checks/Check.h"
#include "program/BlockGraph.h"
#include "program/GuardMaking.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

namespace heddle {
namespace {

using namespace facts;

struct Guard {
  const BodyView &body;
  PlaceId object;
  EventId made, end;
};

/// What others can see too and this function uses between two events; kNone if nothing.
EventId dataIn(const Program &program, const Guard &guard) {
  BlockGraph graph(guard.body);
  for (EventId id = guard.made + 1; id < guard.body.events.size(); ++id) {
    const Event &event = guard.body.events[id];
    PlaceId place = program.places().canonical(event.place());
    bool data = (event.kind() == EventKind::Read || event.kind() == EventKind::Write || event.kind() == EventKind::Call) &&
                outlivesCall(program, place) && !kindAt(program, guard.body, place, "lock");
    bool inside = graph.reaches(guard.made, id) && (guard.end == kNone || graph.reaches(id, guard.end));
    if (data && inside)
      return id;
  }
  return kNone;
}

/// The lock that the guard was made for.
PlaceId lockOf(const Program &program, const Guard &guard) {
  Places &places = program.places();
  for (PlaceId operand : guard.body.operands(guard.body.events[guard.made]))
    if (PlaceId value = places.canonical(operand); value != kNone && places[value].kind() == PlaceKind::AddressOf)
      return places[value].parent();
  return kNone;
}

void report(const Program &program, const Guard &guard, PlaceId lock, std::string message, std::vector<Step> steps, Sink &sink) {
  Finding finding;
  finding.check = "unlocked-guard";
  finding.severity = Severity::Error;
  finding.message = std::move(message);
  finding.entities = {program.lockOrder().name(program.lockOrder().node(lock, guard.body.id)),
                      program.places().text(guard.object, &guard.body)};
  steps.front().own = steps.back().own = true;
  finding.place = steps.front().place;
  finding.function = steps.front().function;
  finding.lanes.push_back({"this thread", std::move(steps)});
  sink.report(std::move(finding));
}

std::string textOf(const Program &program, const BodyView &body, PlaceId place) {
  return "'" + program.places().text(place, &body) + "'";
}

/// Whether a use can only give the lock up: of a guard that has none it settles nothing.
bool onlyReleases(const Program &program, const Guard &guard, EventId use) {
  const Event &event = guard.body.events[use];
  bool own = event.kind() == EventKind::Call && program.places().canonical(event.place()) == guard.object;
  return own && !locksOf(program, guard.body, use, Verb::Release).empty() &&
         locksOf(program, guard.body, use, Verb::Acquire).empty() && event.operand_count() == 0;
}

void neverLocked(const Program &program, const Guard &guard, Making making, Sink &sink) {
  for (EventId use : Uses(program, guard.body).of(guard.object))
    if (use != guard.made && guard.body.events[use].kind() != EventKind::Destroy && !onlyReleases(program, guard, use))
      return; // locked later, asked, passed on
  EventId data = dataIn(program, guard);
  PlaceId lock = lockOf(program, guard);
  if (data == kNone || lock == kNone)
    return;
  lock = program.locks().lockObject(lock);
  std::string name = textOf(program, guard.body, guard.object), lockName = textOf(program, guard.body, lock),
              used = textOf(program, guard.body, program.places().canonical(guard.body.events[data].place()));
  bool tried = making == Making::Tried;
  std::string message =
      tried
          ? name + " tries to lock " + lockName + " and is never asked whether it did; " + used + " may be used without the lock"
          : name + " is made without locking " + lockName + " and never locked; " + used + " is used without the lock";
  report(program, guard, lock, std::move(message),
         {stepAt(program, guard.body.id, guard.made, "guard",
                 tried ? "tries to lock " + lockName : "leaves " + lockName + " unlocked"),
          stepAt(program, guard.body.id, data, "unguarded", "uses " + used)},
         sink);
}

/// The event that moves from the guard into another that ends while the first is still in scope; `end` is told where.
EventId movedAway(const Program &program, const Guard &guard, EventId &end) {
  Uses uses(program, guard.body);
  for (EventId use : uses.of(guard.object)) {
    if (use == guard.made || guard.body.events[use].kind() == EventKind::Destroy)
      continue;
    PlaceId heir = program.places().canonical(guard.body.events[use].place());
    end = makingOf(program, guard.body, use) == Making::Moved ? uses.endOf(heir) : kNone;
    return end == kNone || heir == guard.object ? kNone : use;
  }
  return kNone;
}

bool holdsLock(const HeldSet &held, PlaceId lock, bool surely) {
  return llvm::any_of(held, [&](const Held &h) { return h.lock == lock && !(surely && h.maybe); });
}

void movedFrom(const Program &program, const Guard &guard, Sink &sink) {
  EventId heirEnd = kNone, moved = movedAway(program, guard, heirEnd);
  PlaceId lock = lockOf(program, guard);
  if (moved == kNone || lock == kNone)
    return;
  BlockGraph graph(guard.body);
  const Places &places = program.places();
  auto guarded = [&](PlaceId place) {
    for (EventId id = guard.made + 1; id < heirEnd; ++id)
      if (places.canonical(guard.body.events[id].place()) == place &&
          holdsLock(program.locks().at(guard.body.id, id), lock, true))
        return true;
    return false;
  };
  for (EventId id = heirEnd + 1; id < guard.body.events.size(); ++id) {
    const Event &event = guard.body.events[id];
    PlaceId place = places.canonical(event.place());
    if (event.kind() != EventKind::Write || !outlivesCall(program, place) || !graph.reaches(heirEnd, id) ||
        (guard.end != kNone && !graph.reaches(id, guard.end)) || graph.reaches(id, moved))
      continue;
    if (!program.locks().at(guard.body.id, id).empty() || !guarded(place))
      continue;
    std::string name = textOf(program, guard.body, guard.object), used = textOf(program, guard.body, place),
                lockName = textOf(program, guard.body, lock);
    report(program, guard, lock,
           used + " is written after the lock of " + name + " was moved to another guard and released with it, though " +
               lockName + " is held where it is used before",
           {stepAt(program, guard.body.id, moved, "move", "moves the lock out of " + name),
            stepAt(program, guard.body.id, heirEnd, "release", "releases " + lockName),
            stepAt(program, guard.body.id, id, "unguarded", "writes " + used)},
           sink);
    return;
  }
}

void run(const Program &program, Sink &sink) {
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (EventId made = 0; made < body.events.size(); ++made) {
      Making making = makingOf(program, body, made);
      PlaceId object = program.places().canonical(body.events[made].place());
      if (making == Making::Other || object == kNone || program.places()[object].kind() != PlaceKind::Local)
        continue;
      Guard guard{body, object, made, Uses(program, body).endOf(object)};
      if (making == Making::Deferred || making == Making::Tried)
        neverLocked(program, guard, making, sink);
      if (making == Making::Owning)
        movedFrom(program, guard, sink);
    }
  }
}

} // namespace

extern const Check unlockedGuard{"unlocked-guard", "lock",      "guards that never take the lock that they are made for",
                                 Severity::Error,  World::Open, run};

} // namespace heddle
