// A lock released by who surely doesn't hold it, or by the wrong mode. The theory is in program/LockMisuse.h.
#include "checks/Check.h"
#include "program/LockMisuse.h"
#include "program/Story.h"

namespace heddle {
namespace {

std::string modeText(Mode mode) { return mode == Mode::Shared ? "shared" : "exclusive"; }

void report(const Program &program, const LockMisuse &misuse, Sink &sink) {
  std::string lock = lockText(program, misuse.lock, misuse.body);
  Finding finding;
  finding.check = "unlock-not-held";
  finding.severity = Severity::Error;
  finding.entities = {lockName(program, misuse.lock, misuse.body)};
  Lane path{"thread", {}};
  std::vector<Step> release = releaseSteps(program, misuse.body, misuse.event, misuse.lock);
  finding.place = release.front().place;
  finding.function = release.front().function;
  if (misuse.kind == LockMisuse::WrongMode) {
    path.steps = acquisitionSteps(program, misuse.held, "locks");
    finding.message = lock + " is held in " + modeText(program.locks().acquisition(misuse.held).mode) + " mode and released in " +
                      modeText(misuse.mode) + " mode";
  } else if (misuse.skipped) {
    path.steps.push_back(startOf(program, misuse.body));
    std::string function = program.nameOf(program.facts().bodies()[misuse.body].function()).str();
    finding.message =
        lock + " is released while it is not held; '" + function + "' takes it on its other ways, and not on this one";
  } else if (misuse.since == facts::kNone) {
    finding.place = release.back().place;
    finding.function = release.back().function;
    path.steps.push_back(startOf(program, misuse.body));
    std::string entry = program.nameOf(program.facts().bodies()[misuse.body].function()).str();
    finding.message = lock + " is released while it is not held; nobody has taken it for '" + entry + "'";
  } else {
    bool failed = misuse.failed;
    path.steps.push_back(stepAt(program, misuse.body, misuse.since, failed ? "call" : "release",
                                failed ? "fails to take " + lock : "releases " + lock));
    finding.message =
        lock + " is released while it is not held; " + (failed ? "taking it has failed" : "it was released already");
  }
  path.steps.insert(path.steps.end(), release.begin(), release.end());
  finding.lanes.push_back(std::move(path));
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  for (const LockMisuse &misuse : program.lockMisuses().all())
    if (misuse.kind == LockMisuse::NotHeld || misuse.kind == LockMisuse::WrongMode)
      report(program, misuse, sink);
}

} // namespace

extern const Check unlockNotHeld{
    "unlock-not-held", "lock",      "a lock released by who surely doesn't hold it, or in the wrong mode",
    Severity::Error,   World::Open, run};

} // namespace heddle
