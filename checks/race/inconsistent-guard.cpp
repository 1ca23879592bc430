// A field or global whose other accesses hold a lock, used without it. That its users lock around it says that it is shared: no
// thread has to be seen. The theory is in program/Guards.h; where the threads of the program are known, Phases.h has a say.
#include "checks/Check.h"
#include "program/GuardStory.h"

#include <algorithm>

namespace heddle {
namespace {

constexpr size_t kMany = 3; // guarded accesses that make a habit
constexpr size_t kFew = 5;  // accesses in all
constexpr size_t kElsewhere = 8;
constexpr size_t kHolders = 24; // accesses that are looked at for whom the lock excludes

class InconsistentGuard {
public:
  InconsistentGuard(const Program &program, Sink &sink) : program_(program), story_(program), sink_(sink) {}

  void run() {
    for (const auto &[subject, accesses] : program_.guards().all()) {
      std::vector<GuardedAccess> all = withWhole(subject, accesses);
      if (!guardOf(all))
        continue;
      // Before the first thread starts nobody needs a lock: what holds none there breaks no habit.
      std::vector<GuardedAccess> beside;
      llvm::copy_if(all, std::back_inserter(beside), [&](const GuardedAccess &a) { return story_.mayBeBeside(a); });
      weigh(subject, beside);
    }
  }

private:
  using Accesses = std::vector<const GuardedAccess *>;

  /// What copies or clears a whole class accesses each of its fields.
  std::vector<GuardedAccess> withWhole(const Subject &subject, const std::vector<GuardedAccess> &accesses) const {
    std::vector<GuardedAccess> result = accesses;
    for (Subject outer = subject; outer.fields.size() > 1;) {
      outer.fields.pop_back();
      auto found = program_.guards().all().find(outer);
      if (found != program_.guards().all().end())
        llvm::copy_if(found->second, std::back_inserter(result), [](const GuardedAccess &access) { return access.whole; });
    }
    return result;
  }

  static bool holds(const GuardedAccess &access, const GuardLock &lock) { return Guards::mayHold(access, lock); }

  bool unclear(const GuardedAccess &access, const GuardLock &lock) const {
    return access.unclear || (!holds(access, lock) && program_.guards().mayHoldAbove(access, lock));
  }

  /// An access as a reader counts it: its place, and, where a caller holds the lock or the ways to it don't agree, the call.
  using Instance = std::tuple<facts::BodyId, facts::EventId, facts::BodyId, facts::EventId>;

  static Instance placeOf(const GuardedAccess &access) { return {access.body, access.event, facts::kNone, facts::kNone}; }

  std::map<Instance, bool> instancesOf(const std::vector<GuardedAccess> &accesses, const GuardLock &lock, bool writes) const {
    std::set<Instance> guarded, open;
    for (const GuardedAccess &access : accesses)
      (holds(access, lock) ? guarded : open).insert(placeOf(access));
    std::map<Instance, bool> instances;
    for (const GuardedAccess &access : accesses) {
      if (unclear(access, lock) || (writes && !access.write))
        continue;
      Instance instance = placeOf(access);
      const LockNames::Name *name = access.somehow.find(lock);
      size_t calls = name ? name->calls : guarded.count(instance) && open.count(instance);
      if (calls > 0 && !access.calls.empty()) {
        const GuardedAccess::Call &call = access.calls[std::min(calls, access.calls.size()) - 1];
        std::tie(std::get<2>(instance), std::get<3>(instance)) = std::pair(call.body, call.event);
      }
      auto [at, isNew] = instances.try_emplace(instance, true);
      at->second = at->second && holds(access, lock);
    }
    return instances;
  }

  static size_t holding(const std::map<Instance, bool> &instances) {
    return std::count_if(instances.begin(), instances.end(), [](const auto &instance) { return instance.second; });
  }

  std::optional<GuardLock> guardOf(const std::vector<GuardedAccess> &accesses) const {
    std::set<GuardLock> locks;
    for (const GuardedAccess &access : accesses)
      locks.insert(access.surely.begin(), access.surely.end());
    std::optional<GuardLock> best;
    size_t most = 0;
    for (const GuardLock &lock : locks)
      if (size_t count = holding(instancesOf(accesses, lock, false)); count > most) {
        best = lock;
        most = count;
      }
    return best;
  }

  /// Whether the access is guarded in other ways, and this one comes from outside of the class that owns the lock: such callers
  /// have objects of their own, or know better.
  bool dependsOnCaller(const GuardedAccess &access, const std::vector<GuardedAccess> &all, const GuardLock &guard) const {
    if (access.calls.empty())
      return false;
    const facts::Facts &facts = program_.facts();
    facts::RecordId caller = facts.functions()[facts.bodies()[access.calls[0].body].function()].record();
    if (guard.field != facts::kNone && caller != facts::kNone && caller == facts.fields()[guard.field].record())
      return false;
    return llvm::any_of(all,
                        [&](const GuardedAccess &other) { return placeOf(other) == placeOf(access) && holds(other, guard); });
  }

  /// Whether the lock keeps one from another: what is held in one thread, or in one function, excludes nobody that is seen.
  bool excludes(const std::vector<GuardedAccess> &accesses, const GuardLock &lock) const {
    llvm::SmallVector<const GuardedAccess *, kHolders> holders;
    for (const GuardedAccess &access : accesses)
      if (access.somehow.surelyHas(lock) && holders.size() < kHolders &&
          llvm::none_of(holders, [&](const GuardedAccess *other) { return placeOf(*other) == placeOf(access); }))
        holders.push_back(&access);
    for (const GuardedAccess *a : holders)
      for (const GuardedAccess *b : holders)
        if ((a->body != b->body || !a->calls.empty()) && story_.mayBeParallel(*a, *b))
          return true;
    return false;
  }

  /// Whether some callers of one access take the lock and others don't: objects that belong to one thread have no need of it.
  bool leftToCallers(const std::vector<GuardedAccess> &accesses, const GuardLock &guard) const {
    return llvm::any_of(accesses,
                        [&](const GuardedAccess &a) { return !holds(a, guard) && dependsOnCaller(a, accesses, guard); });
  }

  bool mayLack(const GuardedAccess &access, const Subject &subject, const std::vector<GuardedAccess> &accesses,
               const GuardLock &guard, bool habit) const {
    if (holds(access, guard) || access.atomic || access.isVolatile || dependsOnCaller(access, accesses, guard) ||
        !program_.guards().goesThroughOwner(access, subject, guard))
      return false;
    bool ownLock = guard.field == facts::kNone || program_.guards().ownsLock(subject, guard);
    if (access.write && ownLock)
      return habit || access.update;
    return (!access.write || habit) && !story_.inWindow(access, guard);
  }

  void weigh(const Subject &subject, const std::vector<GuardedAccess> &accesses) {
    std::optional<GuardLock> guard = guardOf(accesses);
    if (!guard)
      return;
    auto all = instancesOf(accesses, *guard, false), writes = instancesOf(accesses, *guard, true);
    size_t guarded = holding(all), guardedWrites = holding(writes), openWrites = writes.size() - guardedWrites;
    // A class that owns the lock under which it writes a field means it for the field; of many accesses it takes a habit to tell,
    // and somebody whom the lock keeps out.
    bool habit = guardedWrites > 0 && guarded >= kMany && guarded * 4 >= all.size() * 3 && excludes(accesses, *guard);
    bool few = all.size() <= kFew && !leftToCallers(accesses, *guard); // no habit can show
    bool owned = guard->field != facts::kNone && guardedWrites > 0 && (few ? guardedWrites >= openWrites : openWrites == 0) &&
                 (few || guarded * 2 >= all.size());
    if (!habit && !owned)
      return;
    Accesses without, with;
    for (const GuardedAccess &access : accesses) {
      if (unclear(access, *guard))
        continue;
      if (llvm::is_contained(access.surely, *guard))
        with.push_back(&access);
      else if (mayLack(access, subject, accesses, *guard, habit))
        without.push_back(&access);
    }
    report(subject, *guard, without, with, guarded, all.size());
  }

  /// The two that show it: one without the lock, one with it; one of them writes, and nothing is known that keeps them apart.
  std::pair<const GuardedAccess *, const GuardedAccess *> bestOf(const Accesses &without, const Accesses &with) {
    std::pair<const GuardedAccess *, const GuardedAccess *> best{nullptr, nullptr};
    for (const GuardedAccess *a : without)
      for (const GuardedAccess *b : with) {
        if ((!a->write && !b->write) || program_.guards().mayShareLock(*a, *b) || !story_.mayBeParallel(*a, *b) ||
            (!a->write && story_.handedOver(*a, *b)))
          continue;
        if (!best.first || story_.rank(*a, *b) < story_.rank(*best.first, *best.second))
          best = {a, b};
      }
    return best;
  }

  void report(const Subject &subject, const GuardLock &guard, const Accesses &without, const Accesses &with, size_t guarded,
              size_t all) {
    auto [here, there] = bestOf(without, with);
    if (!here)
      return;
    const Guards &guards = program_.guards();
    std::string name = guards.shortNameOf(subject), lock = guards.nameOf(guard);
    Finding finding;
    finding.check = "inconsistent-guard";
    finding.severity = Severity::Warning;
    finding.message = "'" + name + "' is " + (here->write ? "written" : "read") + " here without '" + lock + "', which " +
                      std::to_string(guarded) + " of " + std::to_string(all) + " accesses hold, " + story_.functionOf(*there) +
                      (there->write ? " to write it" : " to read it");
    finding.place = story_.placeOf(*here);
    finding.function = program_.displayOf(program_.facts().body(here->body).function()).str();
    finding.entities = {guards.entityOf(subject)};
    finding.lanes = {story_.lane("thread 1", *here, name), story_.lane("thread 2", *there, name)};
    if (Lane others = story_.elsewhere(without, *here, name, kElsewhere); !others.steps.empty())
      finding.lanes.push_back(std::move(others));
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
