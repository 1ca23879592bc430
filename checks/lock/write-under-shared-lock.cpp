// Guarded data written with only the shared mode of its lock: every reader, and every other such writer, runs at the same time.
// The theory is in program/SharedWrites.h.
#include "checks/Check.h"
#include "program/SharedWrites.h"
#include "program/Story.h"

namespace heddle {
namespace {

std::string entityOf(const Program &program, PlaceId place) {
  const facts::Facts &facts = program.facts();
  const facts::Place &row = program.places()[place];
  if (row.kind() == PlaceKind::Global)
    return facts.string(facts.variables()[row.id()].name()).str();
  const facts::Field &field = facts.fields()[row.id()];
  return (facts.string(facts.records()[field.record()].name()) + "::" + facts.string(field.name())).str();
}

std::string text(const Program &program, const LockedAccess &access, PlaceId place) {
  facts::BodyView body = program.facts().body(access.body);
  return "'" + program.places().text(place, &body) + "'";
}

std::string nameOf(const Program &program, const LockedAccess &access) {
  return "'" + program.nameOf(program.facts().bodies()[access.body].function()).str() + "'";
}

/// How the lock is taken, when that is in the function itself, and the access.
Lane laneOf(const Program &program, const LockedAccess &access, size_t number) {
  Lane lane{"thread " + std::to_string(number), {}};
  for (const Held &held : program.locks().at(access.body, access.event))
    if (held.lock == access.lock && held.acquisition != facts::kNone)
      lane.steps = acquisitionSteps(program, held.acquisition, access.mode == Mode::Shared ? "locks as shared" : "locks");
  for (Step &step : lane.steps)
    step.own = false;
  lane.steps.push_back(stepAt(program, access.body, access.event, access.write ? "write" : "read",
                              (access.write ? "writes " : "reads ") + text(program, access, access.place)));
  return lane;
}

void report(const Program &program, const SharedWrite &claim, Sink &sink) {
  const LockedAccess &write = claim.write, &other = claim.other;
  Finding finding;
  finding.check = "write-under-shared-lock";
  finding.severity = claim.sure() ? Severity::Error : Severity::Warning;
  finding.message = text(program, write, write.place) + " is written here with " +
                    text(program, write, program.locks().lockObject(write.lock)) + " held only as shared; ";
  if (other.body == facts::kNone)
    finding.message += "others that hold it so can read and write it at the same time";
  else if (other.write)
    finding.message += nameOf(program, other) + " holds it exclusively to write";
  else
    finding.message += nameOf(program, other) + " can read it at the same time";
  finding.entities = {entityOf(program, write.place)};
  finding.lanes.push_back(laneOf(program, write, 1));
  finding.lanes.back().steps.back().own = true;
  if (other.body != facts::kNone)
    finding.lanes.push_back(laneOf(program, other, 2));
  finding.place = finding.lanes.front().steps.back().place;
  finding.function = finding.lanes.front().steps.back().function;
  finding.reasons = {"a lock that is held as shared keeps out only those who want it exclusively"};
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  SharedWrites writes(program);
  for (const SharedWrite &claim : writes.all())
    report(program, claim, sink);
}

} // namespace

extern const Check writeUnderSharedLock{
    "write-under-shared-lock", "lock",      "guarded data written with only the shared mode of its lock held",
    Severity::Error,           World::Open, run};

} // namespace heddle
