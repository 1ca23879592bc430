// A reference, pointer or iterator to guarded data that leaves the section and is used without the lock. The theory is in
// program/Escapes.h.
#include "checks/Check.h"
#include "program/Escapes.h"
#include "program/Story.h"

namespace heddle {
namespace {

class GuardedEscape {
public:
  GuardedEscape(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    for (const Escape &escape : Escapes(program_, story_).find())
      report(escape);
  }

private:
  std::string functionOf(facts::BodyId body) const {
    return ("'" + program_.nameOf(program_.facts().body(body).function()) + "'").str();
  }

  void report(const Escape &escape) {
    const Guards &guards = program_.guards();
    const GuardedSubject &subject = program_.sections().subjects()[escape.subject];
    std::string name = guards.shortNameOf(*subject.subject), lock = guards.nameOf(subject.guard);
    std::string what = escape.got == facts::kNone ? "'" + name + "'" : "an element of '" + name + "'";
    Finding finding;
    finding.check = "escaped-guarded-data";
    finding.severity = Severity::Warning;
    Step leaves = stepAt(program_, escape.body, escape.leaves, escape.returned ? "return" : "read",
                         escape.returned ? "returns a name of " + what : "uses " + what + ", with '" + lock + "' let go");
    leaves.own = true;
    finding.message = escape.returned ? what + " leaves the section of '" + lock + "' here by reference; " +
                                            functionOf(escape.other->body) + " changes '" + name + "' under it meanwhile"
                                      : what + " is used here after '" + lock + "', under which it was got, is let go; " +
                                            functionOf(escape.other->body) + " can change '" + name + "' meanwhile";
    finding.place = leaves.place;
    finding.function = leaves.function;
    finding.entities = {guards.entityOf(*subject.subject)};
    Lane first{"thread 1", {}};
    if (escape.caller)
      first.steps.push_back(stepAt(program_, escape.caller->body, escape.caller->event, "call",
                                   "calls " + functionOf(escape.body) + " without '" + lock + "'"));
    if (escape.got != facts::kNone)
      first.steps.push_back(stepAt(program_, escape.body, escape.got, "read", "gets " + what));
    first.steps.push_back(std::move(leaves));
    finding.lanes = {std::move(first), story_.lane("thread 2", *escape.other, name)};
    finding.reasons = {"'" + name + "' is written under '" + lock + "' alone, so it is meant for several threads"};
    finding.considered = {"never changed: no", "callers hold the lock: no", "ordered by start or join: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  GuardStory story_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) { GuardedEscape(program, sink).run(); }

} // namespace

extern const Check escapedGuardedData{
    "escaped-guarded-data", "race",      "a reference, pointer or iterator to guarded data that leaves the section",
    Severity::Warning,      World::Open, run};

} // namespace heddle
