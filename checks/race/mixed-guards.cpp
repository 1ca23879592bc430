// One field or global, guarded here by one lock and there by another: each section keeps its own kind out, and not the other. The
// theory is in program/Guards.h.
#include "checks/Check.h"
#include "program/GuardStory.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {
namespace {

class MixedGuards {
public:
  MixedGuards(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    for (const auto &[subject, accesses] : program_.guards().all())
      weigh(subject, accesses);
  }

private:
  using Pair = std::pair<const GuardedAccess *, const GuardedAccess *>;

  bool told(const GuardedAccess &access) const {
    return !access.surely.empty() && !access.somehow.others && program_.guards().clear(access) && !access.atomic;
  }

  void weigh(const Subject &subject, const std::vector<GuardedAccess> &accesses) {
    // Where an access has no lock at all, or one that isn't known, what the others hold is no rule.
    if (!llvm::all_of(accesses, [&](const GuardedAccess &access) { return told(access); }))
      return;
    Pair best{nullptr, nullptr};
    for (const GuardedAccess &a : accesses)
      for (const GuardedAccess &b : accesses)
        if (a.write && !program_.guards().mayShareLock(a, b) && story_.mayMeet(a, b) &&
            (!best.first || story_.rank(a, b) < story_.rank(*best.first, *best.second)))
          best = {&a, &b};
    if (!best.first)
      return;
    // Told at the lock that fewer accesses hold: it is the odd one.
    auto holders = [&](const GuardedAccess *access) {
      return llvm::count_if(accesses, [&](const GuardedAccess &other) { return program_.guards().mayShareLock(*access, other); });
    };
    if (holders(best.second) < holders(best.first))
      std::swap(best.first, best.second);
    report(subject, *best.first, *best.second);
  }

  void report(const Subject &subject, const GuardedAccess &here, const GuardedAccess &there) {
    const Guards &guards = program_.guards();
    std::string name = guards.shortNameOf(subject);
    std::string one = guards.nameOf(here.surely.front()), other = guards.nameOf(there.surely.front());
    if (one == other)
      one = guards.entityOf(here.surely.front()), other = guards.entityOf(there.surely.front());
    auto does = [](const GuardedAccess &access) { return access.write ? "written " : "read "; };
    Finding finding;
    finding.check = "mixed-guards";
    finding.severity = Severity::Warning;
    finding.message = "'" + name + "' is " + does(here) + "here holding '" + one + "' and " + does(there) +
                      story_.functionOf(there) + " holding '" + other + "'; neither lock keeps both out";
    finding.place = story_.placeOf(here);
    finding.function = program_.displayOf(program_.facts().body(here.body).function()).str();
    finding.entities = {guards.entityOf(subject)};
    finding.lanes = {story_.lane("thread 1", here, name), story_.lane("thread 2", there, name)};
    finding.reasons = story_.reasons(here, there);
    finding.considered = {"construction: no", "a lock in common: no", "ordered by start or join: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  GuardStory story_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) { MixedGuards(program, sink).run(); }

} // namespace

extern const Check mixedGuards{
    "mixed-guards",    "race",      "one field or global, guarded here by one lock and there by another",
    Severity::Warning, World::Open, run};

} // namespace heddle
