// A field or global whose other accesses hold a lock, used without it. That its users lock around it says that it is shared: no
// thread has to be seen. The theory is in program/GuardHabits.h; where the threads of the program are known, Phases.h has a say.
#include "checks/Check.h"
#include "program/BlockGraph.h"
#include "program/GuardHabits.h"

namespace heddle {
namespace {

constexpr size_t kElsewhere = 8;

class InconsistentGuard {
public:
  InconsistentGuard(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    GuardHabits habits(program_, story_);
    std::map<std::tuple<GuardLock, uint32_t, facts::BodyId, facts::BlockId>, Defect> defects;
    for (const GuardHabit &habit : habits.all())
      if (auto [here, there] = bestOf(habit); here)
        defects[{habit.guard, wholeOf(*habit.subject), here->body, program_.graph(here->body).blockOf(here->event)}].push_back(
            {&habit, here, there});
    std::vector<Defect> all;
    for (auto &[key, defect] : defects) {
      std::sort(defect.begin(), defect.end(), [&](const Meeting &a, const Meeting &b) {
        return std::pair(story_.placeOf(*a.here), a.habit->subject) < std::pair(story_.placeOf(*b.here), b.habit->subject);
      });
      all.push_back(std::move(defect));
    }
    std::sort(all.begin(), all.end(),
              [&](const Defect &a, const Defect &b) { return a[0].habit->subject < b[0].habit->subject; });
    for (const Defect &defect : all)
      report(defect);
  }

private:
  struct Meeting {
    const GuardHabit *habit;
    const GuardedAccess *here, *there;
  };
  /// Fields of one object that are used without one lock one after the other, with no branch in between: one defect, the first in
  /// the source before the others.
  using Defect = std::vector<Meeting>;

  /// The variable or class that a field is part of.
  uint32_t wholeOf(const Subject &subject) const {
    return subject.global != facts::kNone ? subject.global : program_.facts().fields()[subject.fields.front()].record();
  }

  /// The two that show it: one without the lock, one with it; one of them writes, and nothing is known that keeps them apart.
  std::pair<const GuardedAccess *, const GuardedAccess *> bestOf(const GuardHabit &habit) {
    std::pair<const GuardedAccess *, const GuardedAccess *> best{nullptr, nullptr};
    for (const GuardedAccess *a : habit.without)
      for (const GuardedAccess *b : habit.with) {
        bool better = !best.first || story_.rank(*a, *b) < story_.rank(*best.first, *best.second);
        if (better && (a->write || b->write) && !program_.guards().mayShareLock(*a, *b) &&
            story_.mayMeet(*a, *b, habit.elsewhere) && (a->write || !story_.handedOver(*a, *b)))
          best = {a, b};
      }
    return best;
  }

  void report(const Defect &defect) {
    const GuardHabit &habit = *defect[0].habit;
    const GuardedAccess *here = defect[0].here, *there = defect[0].there;
    const Guards &guards = program_.guards();
    std::string name = guards.shortNameOf(*habit.subject), lock = guards.nameOf(habit.guard);
    Finding finding;
    finding.check = "inconsistent-guard";
    finding.severity = Severity::Warning;
    finding.message = "'" + name + "' is " + (here->write ? "written" : "read") + " here without '" + lock + "', which " +
                      std::to_string(habit.guarded) + " of " + std::to_string(habit.all) + " accesses hold, " +
                      story_.functionOf(*there) + (there->write ? " to write it" : " to read it");
    finding.place = story_.placeOf(*here);
    finding.function = program_.displayOf(program_.facts().body(here->body).function()).str();
    finding.entities = {guards.entityOf(*habit.subject)};
    finding.lanes = {story_.lane("thread 1", *here, name), story_.lane("thread 2", *there, name)};
    if (Lane others = story_.elsewhere(habit.without, *here, name, kElsewhere); !others.steps.empty())
      finding.lanes.push_back(std::move(others));
    Lane beside{"beside it", {}};
    for (const Meeting &meeting : llvm::ArrayRef(defect).drop_front()) {
      if (story_.placeOf(*meeting.here) != (beside.steps.empty() ? finding.place : beside.steps.back().place))
        beside.steps.push_back(story_.lane("", *meeting.here, guards.shortNameOf(*meeting.habit->subject)).steps.back());
      finding.entities.push_back(guards.entityOf(*meeting.habit->subject));
    }
    if (!beside.steps.empty())
      finding.lanes.push_back(std::move(beside));
    finding.reasons = story_.reasons(*here, *there);
    finding.considered = {"construction: no", "held by callers: no", "ordered by start or join: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  GuardStory story_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) { InconsistentGuard(program, sink).run(); }

} // namespace

extern const Check inconsistentGuard{
    "inconsistent-guard", "race",      "a field or global that is used under a lock elsewhere, used without it",
    Severity::Warning,    World::Open, run};

} // namespace heddle
