// A lock that is still held where a function leaves. The theory is in program/LockMisuse.h.
#include "checks/Check.h"
#include "program/LockMisuse.h"
#include "program/Story.h"

#include <set>

namespace heddle {
namespace {

void report(const Program &program, const LockMisuse &misuse, Sink &sink) {
  const facts::Facts &facts = program.facts();
  facts::BodyView body = facts.body(misuse.body);
  std::string lock = lockText(program, misuse.lock, misuse.body), name = program.nameOf(body.function()).str();
  Finding finding;
  finding.check = "lock-leak";
  finding.severity = misuse.kind == LockMisuse::Unpaired && !program.target().closed ? Severity::Warning : Severity::Error;
  finding.entities = {lockName(program, misuse.lock, misuse.body)};
  Lane path{"thread", acquisitionSteps(program, misuse.held, "locks")};
  if (misuse.kind == LockMisuse::Unpaired || misuse.kind == LockMisuse::Ended) {
    finding.place = path.steps.front().place;
    finding.function = path.steps.front().function;
    finding.message = lock + (misuse.kind == LockMisuse::Ended
                                  ? " is still held when the thread ends that runs '" + name + "'"
                                  : " is locked here and never released; no function of the program releases it for another");
    Step leaves = endOf(program, misuse.body);
    leaves.message = (misuse.kind == LockMisuse::Ended ? "the thread ends with " : "leaves with ") + lock + " held";
    path.steps.push_back(std::move(leaves));
  } else {
    Step leaves =
        misuse.event == facts::kNone ? endOf(program, misuse.body) : stepAt(program, misuse.body, misuse.event, "leave", "");
    leaves.message = (misuse.thrown ? "throws with " : "leaves with ") + lock + " held";
    leaves.own = true;
    finding.place = leaves.place;
    finding.function = leaves.function;
    path.steps.push_back(std::move(leaves));
    finding.message = lock + (misuse.thrown ? " is still held when this throws; " : " is still held here; ") +
                      (misuse.since == facts::kNone ? "it is destroyed with '" + name + "'"
                                                    : "'" + name + "' releases it on its other ways out");
  }
  finding.lanes.push_back(std::move(path));
  if (misuse.since != facts::kNone)
    finding.lanes.push_back({"another way out", {stepAt(program, misuse.body, misuse.since, "release", "releases " + lock)}});
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  std::set<AcquisitionId> thrown; // a section without a guard is one defect, however much throws in it
  for (const LockMisuse &misuse : program.lockMisuses().all())
    if (misuse.kind == LockMisuse::Leaked || misuse.kind == LockMisuse::Unpaired || misuse.kind == LockMisuse::Ended)
      if (!misuse.thrown || thrown.insert(misuse.held).second)
        report(program, misuse, sink);
}

} // namespace

extern const Check lockLeak{
    "lock-leak",     "lock",      "a lock still held where a function leaves, though its other ways out release it",
    Severity::Error, World::Open, run};

} // namespace heddle
