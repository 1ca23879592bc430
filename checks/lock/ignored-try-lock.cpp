// Try-locks whose answer nobody heeds: it is thrown away, or tested the wrong way round, so that the section is entered without
// the lock. What an answer means is program/Attempts.h's.
#include "checks/Check.h"
#include "program/Attempts.h"
#include "program/GuardMaking.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

namespace heddle {
namespace {

using namespace facts;

llvm::StringRef sign(Relation relation) {
  switch (relation) {
  case Relation::Eq:
    return "==";
  case Relation::Ne:
    return "!=";
  case Relation::Lt:
    return "<";
  case Relation::Le:
    return "<=";
  case Relation::Gt:
    return ">";
  default:
    return ">=";
  }
}

std::string test(Relation relation, int64_t constant) { return sign(relation).str() + " " + std::to_string(constant); }

std::string namesOf(const Program &program, const BodyView &body, const Attempt &attempt) {
  std::string text;
  for (PlaceId lock : attempt.locks)
    text += (text.empty() ? "'" : " and '") + program.places().text(program.locks().lockObject(lock), &body) + "'";
  return text;
}

void report(const Program &program, const BodyView &body, const Attempt &attempt, std::string message, std::vector<Step> more,
            Sink &sink) {
  Finding finding;
  finding.check = "ignored-try-lock";
  finding.severity = Severity::Error;
  finding.message = std::move(message);
  for (PlaceId lock : attempt.locks)
    finding.entities.push_back(program.lockOrder().name(program.lockOrder().node(program.locks().lockObject(lock), body.id)));
  Step first = stepAt(program, body.id, attempt.event, "try", "tries to lock " + namesOf(program, body, attempt));
  first.own = true;
  finding.place = first.place;
  finding.function = first.function;
  more.insert(more.begin(), std::move(first));
  finding.lanes.push_back({"this thread", std::move(more)});
  sink.report(std::move(finding));
}

/// What comes after the attempt: the release of its lock, else what is used next that others see too.
EventId followerOf(const Program &program, const BodyView &body, const Attempt &attempt) {
  EventId access = kNone;
  for (EventId id = attempt.event + 1; id < body.events.size(); ++id) {
    for (PlaceId lock : locksOf(program, body, id, Verb::Release))
      if (llvm::is_contained(attempt.locks, lock))
        return id;
    const Event &event = body.events[id];
    PlaceId place = program.places().canonical(event.place());
    bool uses = event.kind() == EventKind::Read || event.kind() == EventKind::Write || event.kind() == EventKind::Call;
    if (access == kNone && uses && outlivesCall(program, place) && !kindAt(program, body, place, "lock"))
      access = id;
  }
  return access;
}

bool unheard(const Program &program, const BodyView &body, const Attempt &attempt) {
  Uses uses(program, body);
  if (uses.resultUsed(attempt.event))
    return false;
  if (!attempt.kept)
    return true;
  // A guard can be asked later.
  PlaceId guard = program.places().canonical(body.events[attempt.event].place());
  std::vector<EventId> more = uses.of(guard);
  return llvm::none_of(more, [&](EventId use) {
    return use > attempt.event && body.events[use].kind() != EventKind::Destroy &&
           locksOf(program, body, use, Verb::Release).empty();
  });
}

/// Whether an event makes a guard that takes a lock of the attempt for held, and will release it.
bool adopts(const Program &program, const BodyView &body, EventId id, const Attempt &attempt) {
  if (makingOf(program, body, id) != Making::Adopting)
    return false;
  Places &places = program.places();
  return llvm::any_of(body.operands(body.events[id]), [&](PlaceId operand) {
    return llvm::any_of(attempt.locks, [&](PlaceId lock) { return places.canonical(operand) == places.addressOf(lock); });
  });
}

/// Where a section releases locks of the attempt, or makes guards that will; in order of events.
std::vector<EventId> releasesIn(const Program &program, const BodyView &body, const FailedWay &way, const Attempt &attempt) {
  std::vector<EventId> result;
  for (BlockId block : way.section)
    for (const Event &event : body.eventsOf(body.blocks[block])) {
      EventId id = body.idOf(event);
      bool releases =
          event.kind() == EventKind::Call && llvm::any_of(locksOf(program, body, id, Verb::Release),
                                                          [&](PlaceId lock) { return llvm::is_contained(attempt.locks, lock); });
      if (releases || adopts(program, body, id, attempt))
        result.push_back(id);
      if (adopts(program, body, id, attempt))
        if (EventId end = Uses(program, body).endOf(program.places().canonical(event.place())); end != kNone)
          result.push_back(end);
    }
  llvm::sort(result);
  return result;
}

/// Whether the section takes the lock by itself.
bool takenAgain(const Program &program, const BodyView &body, const FailedWay &way, const Attempt &attempt) {
  auto inSection = [&](EventId event) {
    return llvm::any_of(way.section,
                        [&](BlockId block) { return event - body.blocks[block].events() < body.blocks[block].event_count(); });
  };
  for (EventId id = 0; id < body.events.size(); ++id)
    for (const Held &held : program.locks().at(body.id, id)) {
      const Acquisition &taken = program.locks().acquisition(held.acquisition);
      bool again = taken.body == body.id && taken.event != attempt.event && inSection(taken.event);
      if (again && llvm::is_contained(attempt.locks, held.lock))
        return true;
    }
  return false;
}

void wrongWay(const Program &program, const BodyView &body, const Attempt &attempt, Sink &sink) {
  for (const FailedWay &way : failedWays(program, body, attempt)) {
    std::vector<EventId> releases = releasesIn(program, body, way, attempt);
    if (releases.empty() || takenAgain(program, body, way, attempt))
      continue;
    std::vector<Step> steps;
    for (EventId release : releases) {
      bool guard = body.events[release].kind() == EventKind::Construct;
      steps.push_back(stepAt(program, body.id, release, guard ? "adopt" : "release",
                             guard ? "takes it for locked" : "releases it where the try-lock may have failed"));
      steps.back().own = true;
    }
    report(program, body, attempt,
           "this section " + std::string(way.always ? "is" : "may be") + " entered without " + namesOf(program, body, attempt) +
               ": the try-lock succeeds with a result " + test(attempt.success, attempt.constant) + ", and the test is result " +
               test(way.edge.relation(), way.edge.constant()),
           std::move(steps), sink);
    return;
  }
}

Step goesOn(const Program &program, BodyId body, EventId next) {
  Step step = stepAt(program, body, next, "unguarded", "goes on as if the lock were held");
  step.own = true;
  return step;
}

void run(const Program &program, Sink &sink) {
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (const Attempt &attempt : attemptsOf(program, body)) {
      if (attempt.counts || attempt.locks.empty())
        continue;
      if (!unheard(program, body, attempt)) {
        wrongWay(program, body, attempt, sink);
        continue;
      }
      if (EventId next = followerOf(program, body, attempt); next != kNone)
        report(program, body, attempt,
               "whether " + namesOf(program, body, attempt) +
                   " was locked is not looked at; what follows may run without the lock",
               {goesOn(program, id, next)}, sink);
    }
  }
}

} // namespace

extern const Check ignoredTryLock{"ignored-try-lock", "lock",      "try-locks whose result is unused or tested the wrong way",
                                  Severity::Error,    World::Open, run};

} // namespace heddle
