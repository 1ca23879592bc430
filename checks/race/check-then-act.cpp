// A test and the act on it in two critical sections, or with no section around the test: in between, another thread changes what
// was tested. The theory is in program/StaleTests.h; of atomics, in program/AtomicTests.h.
#include "checks/Check.h"
#include "program/AtomicTests.h"
#include "program/RaceStory.h"
#include "program/StaleTests.h"
#include "program/Story.h"
#include "program/Vetoes.h"

namespace heddle {
namespace {

constexpr const char *kId = "check-then-act";

class CheckThenAct {
public:
  CheckThenAct(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    for (const StaleTest &stale : StaleTests(program_, story_).find())
      report(stale);
  }

private:
  /// The use as the function sees it that both are in: without the calls that lead to that.
  static GuardedAccess within(const SectionUse &use) {
    GuardedAccess access = *use.access;
    access.calls.resize(use.level);
    return access;
  }

  std::string messageOf(const StaleTest &stale, const std::string &name) const {
    const Guards &guards = program_.guards();
    std::string lock = guards.nameOf(program_.sections().subjectOf(*stale.act).guard);
    std::string here = stale.test->section == SectionUse::None ? "without '" + lock + "'" : "holding '" + lock + "'";
    std::string where = stale.act->access->body == stale.test->body ? "" : " " + story_.functionOf(*stale.act->access);
    if (stale.computed)
      return "'" + name + "' is read here " + here + ", and what was computed from it is written" + where +
             " in a later section; what another thread writes in between is lost";
    std::string when = stale.test->section == SectionUse::None ? " holding it, and not tested again"
                                                               : " in another section, and not tested again";
    return "'" + name + "' is tested here " + here + " and changed" + where + when + "; another thread can change it in between";
  }

  void report(const StaleTest &stale) {
    const Guards &guards = program_.guards();
    const Subject &subject = *program_.sections().subjectOf(*stale.act).subject;
    std::string name = guards.shortNameOf(subject);
    GuardedAccess test = within(*stale.test), act = within(*stale.act);
    Finding finding;
    finding.check = kId;
    finding.severity = Severity::Warning;
    finding.message = messageOf(stale, name);
    Step at = stepAt(program_, stale.test->body, stale.test->event, "", "");
    finding.place = at.place;
    finding.function = at.function;
    finding.entities = {guards.entityOf(subject)};
    Lane first = story_.lane("thread 1", test, name);
    for (Step &step : story_.lane("", act, name).steps)
      first.steps.push_back(std::move(step));
    finding.lanes = {std::move(first), story_.lane("thread 2", *stale.other, name)};
    finding.reasons = story_.reasons(*stale.act->access, *stale.other);
    finding.considered = {"tested again: no", "claimed: no", "a lock around both: no", "ordered by start or join: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  GuardStory story_;
  Sink &sink_;
};

/// The same of an atomic: each step is one, the two are not. That a thread does both beside another that does is asked of the
/// program's threads; where they aren't known, nothing is said.
class AtomicCheckThenAct {
public:
  AtomicCheckThenAct(const Program &program, Sink &sink) : program_(program), sink_(sink) {}

  void run() {
    std::vector<AtomicTest> tests;
    if (program_.hasMain())
      for (facts::BodyId id : program_.bodies())
        for (const AtomicTest &test : atomicTestsOf(program_, id))
          tests.push_back(test);
    if (tests.empty() || program_.sharing().entries().all().size() < 2)
      return;
    Frames &frames = program_.sharing().entries().frames();
    for (const AtomicTest &test : tests) {
      std::vector<Access> acts;
      for (FrameId frame : frames.reached())
        if (frames[frame].body == test.body)
          if (ObjectSet objects = frames.storage(frame, test.place); objects.size() == 1) {
            Access act;
            act.point = {frame, test.act};
            act.object = objects.front();
            act.write = true;
            acts.push_back(act);
          }
      weigh(test, acts);
    }
  }

private:
  void weigh(const AtomicTest &test, const std::vector<Access> &acts) {
    for (size_t i = 0; i < acts.size(); ++i)
      for (size_t k = i; k < acts.size(); ++k) {
        std::vector<std::string> considered;
        // An atomic that hands itself over orders nothing between its own test and act.
        if (acts[i].object != acts[k].object || vetoed({program_.sharing(), acts[i], acts[k]}, considered, veto::handedOver))
          continue;
        report(test, acts[i], acts[k], considered);
        return;
      }
  }

  void report(const AtomicTest &test, const Access &act, const Access &other, const std::vector<std::string> &considered) {
    const Sharing &sharing = program_.sharing();
    RaceStory story(sharing);
    std::string name = sharing.nameOf(act.object);
    Finding finding = story.finding(kId, Severity::Warning, act, other);
    finding.message =
        "'" + name + "' is tested here and changed in a second step; another thread can pass the same test in between";
    finding.entities = {sharing.entityOf(act.object)};
    for (bool first : {true, false}) {
      const Access &mine = first ? act : other, &theirs = first ? other : act;
      Access load = mine;
      load.point.event = test.test;
      std::vector<Step> &steps = finding.lanes[first ? 0 : 1].steps;
      steps.insert(steps.end() - 1, story.access(load, "read", name, story.chain(mine.point, theirs.point).size()));
      if (first)
        finding.place = story.placeOf(load.point);
    }
    finding.reasons.push_back("both threads load '" + name + "', both pass the test, then both change it");
    finding.considered = considered;
    sink_.report(std::move(finding));
  }

  const Program &program_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) {
  CheckThenAct(program, sink).run();
  AtomicCheckThenAct(program, sink).run();
}

} // namespace

extern const Check checkThenAct{
    "check-then-act",  "race",      "a test and the act on it with the lock let go in between, or taken only for the act",
    Severity::Warning, World::Open, run};

} // namespace heddle
