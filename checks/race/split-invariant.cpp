// Values that belong together under one lock, read or written in two sections of it: between the two, another thread changes, or
// sees, both. The theory is in program/SplitInvariants.h.
#include "checks/Check.h"
#include "program/SplitInvariants.h"
#include "program/Story.h"

namespace heddle {
namespace {

class SplitInvariantCheck {
public:
  SplitInvariantCheck(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    for (const SplitInvariant &split : SplitInvariants(program_, story_).find())
      report(split);
  }

private:
  std::string nameOf(const SectionUse &use) const {
    return program_.guards().shortNameOf(*program_.sections().subjectOf(use).subject);
  }

  Lane lane(const char *name, const SectionUse &first, const SectionUse &second) const {
    Lane lane{name, {}};
    for (const SectionUse *use : {&first, &second}) {
      GuardedAccess access = *use->access;
      access.calls.resize(use->level);
      for (Step &step : story_.lane("", access, nameOf(*use)).steps)
        lane.steps.push_back(std::move(step));
    }
    return lane;
  }

  void report(const SplitInvariant &split) {
    const Guards &guards = program_.guards();
    bool writes = split.first->access->write;
    std::string lock = guards.nameOf(program_.sections().subjectOf(*split.first).guard);
    std::string there = ("'" + program_.nameOf(program_.facts().body(split.one->body).function()) + "'").str();
    Finding finding;
    finding.check = "split-invariant";
    finding.severity = Severity::Warning;
    finding.message = "'" + nameOf(*split.first) + "' and '" + nameOf(*split.second) + "' are " + (writes ? "written" : "read") +
                      " here in two sections of '" + lock + "' while " + there +
                      (writes ? " reads both in one; it can see one new and one old"
                              : " writes both in one; what is used together can be one new and one old");
    Step at = stepAt(program_, split.second->body, split.second->event, "", "");
    finding.place = at.place;
    finding.function = at.function;
    for (const SectionUse *use : {split.first, split.second})
      finding.entities.push_back(guards.entityOf(*program_.sections().subjectOf(*use).subject));
    bool inOrder = program_.sections().inOrder(*split.one, *split.other);
    finding.lanes = {lane("thread 1", *split.first, *split.second),
                     lane("thread 2", inOrder ? *split.one : *split.other, inOrder ? *split.other : *split.one)};
    finding.reasons = story_.reasons(*split.first->access, *split.one->access);
    finding.reasons.push_back("every section that writes one of the two writes the other");
    finding.considered = {"used apart: no", "a lock around both: no", "ordered by start or join: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  GuardStory story_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) { SplitInvariantCheck(program, sink).run(); }

} // namespace

extern const Check splitInvariant{
    "split-invariant", "race",      "values that are written together under a lock, read or written in two sections of it",
    Severity::Warning, World::Open, run};

} // namespace heddle
