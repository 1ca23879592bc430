// Code that others give, run with a lock of one's own in hand. The theory is in program/OpenCalls.h.
#include "checks/Check.h"
#include "program/OpenCalls.h"
#include "program/Story.h"

#include <map>

namespace heddle {
namespace {

void report(const Program &program, const std::vector<OpenCall> &calls, Sink &sink) {
  const OpenCall &first = calls.front();
  std::string name = nameOf(program, first);
  PlaceId lock = program.locks().lockObject(first.held.lock);
  Finding finding;
  finding.check = "callback-under-lock";
  finding.severity = Severity::Warning;
  finding.message = "'" + name + "' is called while " + lockText(program, lock, first.body) + " is held; " +
                    (first.method == facts::kNone ? "who sets it" : "who overrides it") +
                    " cannot know, and waits for ever if it asks for the lock";
  finding.entities = {name, lockName(program, lock, first.body)};
  for (const OpenCall &call : calls) {
    Lane lane{&call == &first ? "thread" : "elsewhere", {}};
    if (&call == &first)
      lane.steps = acquisitionSteps(program, call.held.acquisition, "locks");
    lane.steps.push_back(stepAt(program, call.body, call.event, "call", "calls '" + name + "'"));
    lane.steps.back().own = true;
    finding.lanes.push_back(std::move(lane));
  }
  finding.place = finding.lanes.front().steps.back().place;
  finding.function = finding.lanes.front().steps.back().function;
  finding.reasons = {first.method == facts::kNone ? "it is set through a function that code outside of this target calls"
                                                  : "no class of this target has it: all that do are elsewhere"};
  sink.report(std::move(finding));
}

/// One defect for each callable and lock, wherever it is called.
void run(const Program &program, Sink &sink) {
  std::map<std::pair<std::string, std::string>, std::vector<OpenCall>> byName;
  for (OpenCall &call : openCallsUnderLock(program)) {
    std::string lock = lockName(program, program.locks().lockObject(call.held.lock), call.body);
    byName[{nameOf(program, call), lock}].push_back(std::move(call));
  }
  for (const auto &[names, calls] : byName)
    report(program, calls, sink);
}

} // namespace

extern const Check callbackUnderLock{"callback-under-lock", "lock",      "code that others give, called with a lock held",
                                     Severity::Warning,     World::Open, run};

} // namespace heddle
