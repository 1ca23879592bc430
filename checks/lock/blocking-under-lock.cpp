// A lock that is held across a wait, so that its other holders wait too. The theory is in program/Blocking.h.
#include "checks/Check.h"
#include "program/Blocking.h"
#include "program/Story.h"

namespace heddle {
namespace {

std::string functionOf(const Program &program, facts::BodyId body) {
  return program.nameOf(program.facts().bodies()[body].function()).str();
}

/// What the lock's holder does: takes it, and calls down to what blocks.
Lane holderOf(const Program &program, const Stall &stall) {
  Lane lane{"holder", acquisitionSteps(program, stall.holder->acquisition, "locks")};
  std::vector<WaitId> chain = program.blocking().chain(stall.wait);
  for (size_t i = 0; i < chain.size(); ++i) {
    const Wait &wait = program.locks().wait(chain[i]);
    bool last = i + 1 == chain.size();
    std::string message =
        last ? wait.reason->phrase.str() : "calls '" + functionOf(program, program.locks().wait(chain[i + 1]).body) + "'";
    Step step = stepAt(program, wait.body, wait.event, last ? "wait" : "call", std::move(message));
    step.depth = i;
    step.own = i == 0 || last;
    lane.steps.push_back(std::move(step));
  }
  return lane;
}

std::string messageOf(const Program &program, const Stall &stall) {
  const Wait &wait = program.locks().wait(stall.wait);
  const Acquisition &taken = program.locks().acquisition(stall.holder->acquisition);
  std::string lock = lockText(program, program.locks().lockObject(taken.lock), stall.holder->body);
  std::string start = lock + " is held while ";
  if (wait.via == facts::kNone)
    start += "'" + functionOf(program, wait.body) + "' " + wait.reason->phrase.str();
  else
    start += "'" + functionOf(program, program.locks().wait(wait.via).body) + "' " + wait.reason->phrase.str();
  std::string other = functionOf(program, stall.other->body);
  bool itself = stall.other->body == stall.holder->body;
  return start + "; " + (itself ? "other sections of the lock have" : "'" + other + "' has") + " to wait for it as long";
}

void report(const Program &program, const Stall &stall, Sink &sink) {
  Finding finding;
  finding.check = "blocking-under-lock";
  finding.severity = Severity::Warning;
  finding.message = messageOf(program, stall);
  finding.lanes.push_back(holderOf(program, stall));
  finding.lanes.push_back({"waiting", acquisitionSteps(program, stall.other->acquisition, "waits for")});
  const Wait &wait = program.locks().wait(stall.wait);
  Step at = stepAt(program, wait.body, wait.event, "", "");
  finding.place = at.place;
  finding.function = at.function;
  finding.entities = {program.lockOrder().name(stall.holder->node), functionOf(program, stall.holder->body)};
  finding.reasons = {stall.why};
  finding.considered = {"contention: a section of the same lock that doesn't wait for the same",
                        "phases: the two can run at the same time", "modes: not shared by both",
                        "purpose: the lock isn't there to serialise what is waited for"};
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  for (const Stall &stall : program.blocking().stalls())
    report(program, stall, sink);
}

} // namespace

extern const Check blockingUnderLock{
    "blocking-under-lock", "lock",      "a lock held across a wait that its other holders suffer from",
    Severity::Warning,     World::Open, run};

} // namespace heddle
