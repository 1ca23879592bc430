// A lock that its holder takes again, and waits for itself. The theory is in program/LockMisuse.h.
#include "checks/Check.h"
#include "program/LockMisuse.h"
#include "program/Story.h"

namespace heddle {
namespace {

void run(const Program &program, Sink &sink) {
  for (const LockMisuse &misuse : program.lockMisuses().all()) {
    if (misuse.kind != LockMisuse::Reacquired)
      continue;
    Finding finding;
    finding.check = "self-deadlock";
    finding.severity = misuse.conditional ? Severity::Warning : Severity::Error;
    Lane lane{"thread", acquisitionSteps(program, misuse.held, "locks")};
    for (Step &step : acquisitionSteps(program, misuse.wanted, "waits for"))
      lane.steps.push_back(std::move(step));
    Step here = stepAt(program, misuse.body, misuse.event, "", "");
    finding.place = here.place;
    finding.function = here.function;
    bool upgrade = misuse.mode != Mode::Shared && program.locks().acquisition(misuse.held).mode == Mode::Shared;
    finding.message = lockText(program, misuse.lock, misuse.body) + " is locked again while it is held" +
                      (upgrade ? " in shared mode; the writer waits for its own reader" : "; it is not recursive");
    finding.entities = {lockName(program, misuse.lock, misuse.body)};
    finding.lanes.push_back(std::move(lane));
    sink.report(std::move(finding));
  }
}

} // namespace

extern const Check selfDeadlock{"self-deadlock", "lock",      "a lock that isn't recursive, taken again by its holder",
                                Severity::Error, World::Open, run};

} // namespace heddle
