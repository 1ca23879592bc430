#include "program/GuardHabits.h"
#include "program/Endings.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kMany = 3;     // guarded accesses that make a habit, and fields beside it that have it
constexpr size_t kFew = 5;      // accesses in all
constexpr size_t kHolders = 24; // accesses that are looked at for whom the lock excludes

bool holds(const GuardedAccess &access, GuardLock lock) { return Guards::mayHold(access, lock); }

size_t holding(const std::map<std::tuple<BodyId, EventId, BodyId, EventId>, bool> &instances) {
  return llvm::count_if(instances, [](const auto &instance) { return instance.second; });
}

} // namespace

GuardHabits::GuardHabits(const Program &program, const GuardStory &story) : program_(program), story_(story) {
  for (const auto &[subject, accesses] : program.guards().all()) {
    Usage usage{&subject, withWhole(subject, accesses), {}};
    if (!guardOf(subject, usage.accesses))
      continue;
    // Before the first thread starts nobody needs a lock: what holds none there breaks no habit.
    // Nor does what nobody calls, unless it takes locks: that says what for.
    llvm::erase_if(usage.accesses, [&](const GuardedAccess &access) {
      return !story.mayBeBeside(access) || (!story.isCalled(access) && program.locks().summary(access.body).pairs.empty());
    });
    std::optional<GuardLock> guard = guardOf(subject, usage.accesses);
    // A lock in what the field itself points at, as in a tree's nodes, guards what is there: one has to read the field to get it.
    if (!guard || (guard->field != kNone && llvm::is_contained(subject.fields, guard->field)))
      continue;
    usage.guard = *guard;
    if (subject.global == kNone && guard->global != kNone)
      keepOneObject(usage);
    Instances all = instancesOf(usage.accesses, *guard, false), writes = instancesOf(usage.accesses, *guard, true);
    usage.all = all.size(), usage.guarded = holding(all);
    usage.guardedWrites = holding(writes), usage.openWrites = writes.size() - usage.guardedWrites;
    // Of many accesses it takes a habit to tell, and somebody whom the lock keeps out.
    usage.habit = usage.guardedWrites > 0 && usage.guarded >= kMany && usage.guarded * 4 >= usage.all * 3 &&
                  (excludes(usage.accesses, *guard, false) || excludes(usage.accesses, *guard, true));
    usage.elsewhere = usage.habit && !excludes(usage.accesses, *guard, false);
    bool always = usage.guardedWrites > 0 && usage.guarded > 1 && usage.guarded == usage.all;
    meantBy_[familyOf(subject)][*guard] += usage.habit || always;
    usages_.push_back(std::move(usage));
  }
  for (const Usage &usage : usages_)
    weigh(usage);
}

/// A global lock says something of the fields of the object that it is held for, the one that some global is or points at, and
/// nothing of other objects of the class.
void GuardHabits::keepOneObject(Usage &usage) const {
  auto rootOf = [&](const GuardedAccess &access) {
    return access.reached == kNone ? kNone : program_.places().root(access.reached);
  };
  std::map<PlaceId, size_t> held;
  for (const GuardedAccess &access : usage.accesses)
    if (llvm::is_contained(access.surely, usage.guard))
      ++held[rootOf(access)];
  auto most = std::max_element(held.begin(), held.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
  llvm::erase_if(usage.accesses, [&](const GuardedAccess &access) { return rootOf(access) != most->first; });
}

GuardHabits::Instance GuardHabits::instanceOf(const GuardedAccess &access) { return {access.body, access.event, kNone, kNone}; }

GuardHabits::Family GuardHabits::familyOf(const Subject &subject) const {
  if (subject.global != kNone)
    return {subject.global, kNone};
  return {kNone, program_.facts().fields()[subject.fields.front()].record()};
}

/// What copies or clears a whole class accesses each of its fields.
std::vector<GuardedAccess> GuardHabits::withWhole(const Subject &subject, const std::vector<GuardedAccess> &accesses) const {
  std::vector<GuardedAccess> result = accesses;
  for (Subject outer = subject; outer.fields.size() > 1;) {
    outer.fields.pop_back();
    auto found = program_.guards().all().find(outer);
    if (found != program_.guards().all().end())
      result.insert(result.end(), found->second.begin(), found->second.end());
  }
  return result;
}

bool GuardHabits::unclear(const GuardedAccess &access, GuardLock lock) const {
  return access.unclear || (!holds(access, lock) && program_.guards().mayHoldAbove(access, lock));
}

GuardHabits::Instances GuardHabits::instancesOf(const std::vector<GuardedAccess> &accesses, GuardLock lock, bool writes) const {
  std::set<Instance> guarded, open;
  for (const GuardedAccess &access : accesses)
    (holds(access, lock) ? guarded : open).insert(instanceOf(access));
  Instances instances;
  for (const GuardedAccess &access : accesses) {
    if (unclear(access, lock) || (writes && !access.write))
      continue;
    Instance instance = instanceOf(access);
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

/// Of the names of one lock the one as a member of the subject's own class, which says that the class means it.
std::optional<GuardLock> GuardHabits::guardOf(const Subject &subject, const std::vector<GuardedAccess> &accesses) const {
  std::set<GuardLock> locks;
  for (const GuardedAccess &access : accesses)
    locks.insert(access.surely.begin(), access.surely.end());
  std::optional<GuardLock> best;
  size_t most = 0;
  for (const GuardLock &lock : locks)
    if (size_t count = holding(instancesOf(accesses, lock, false));
        count > most || (best && count == most && best->field == kNone && program_.guards().ownsLock(subject, lock))) {
      best = lock;
      most = count;
    }
  return best;
}

/// Whether the access is guarded in other ways, and this one comes from outside of the class that owns the lock: such callers
/// have objects of their own, or know better.
bool GuardHabits::dependsOnCaller(const GuardedAccess &access, const std::vector<GuardedAccess> &all, GuardLock guard) const {
  if (access.calls.empty())
    return false;
  const Facts &facts = program_.facts();
  RecordId caller = facts.functions()[facts.bodies()[access.calls[0].body].function()].record();
  if (guard.field != kNone && caller != kNone && program_.isA(caller, facts.fields()[guard.field].record()))
    return false;
  return llvm::any_of(all,
                      [&](const GuardedAccess &other) { return instanceOf(other) == instanceOf(access) && holds(other, guard); });
}

/// Whether the lock keeps one from another: what is held in one thread, or in one function, excludes nobody that is seen.
bool GuardHabits::excludes(const std::vector<GuardedAccess> &accesses, GuardLock lock, bool elsewhere) const {
  llvm::SmallVector<const GuardedAccess *, kHolders> holders;
  for (const GuardedAccess &access : accesses)
    if (access.somehow.surelyHas(lock) && holders.size() < kHolders &&
        llvm::none_of(holders, [&](const GuardedAccess *other) { return instanceOf(*other) == instanceOf(access); }))
      holders.push_back(&access);
  for (const GuardedAccess *a : holders)
    for (const GuardedAccess *b : holders)
      if ((a->body != b->body || !a->calls.empty()) && story_.mayBeParallel(*a, *b, elsewhere))
        return true;
  return false;
}

/// Whether some callers of one access take the lock and others don't: objects that belong to one thread have no need of it.
bool GuardHabits::leftToCallers(const std::vector<GuardedAccess> &accesses, GuardLock guard) const {
  return llvm::any_of(accesses, [&](const GuardedAccess &a) { return !holds(a, guard) && dependsOnCaller(a, accesses, guard); });
}

/// Whether another lock is held here and wherever it matters: the nodes of a list are guarded by the list's lock, whatever the
/// lock of the node is for. By its name: which list a node is in, isn't known.
bool GuardHabits::otherGuard(const GuardedAccess &access, const Usage &usage) const {
  return llvm::any_of(access.somehow.names, [&](const LockNames::Name &name) {
    return !name.maybe && name.lock != usage.guard && llvm::all_of(usage.accesses, [&](const GuardedAccess &other) {
      return (!other.write && !access.write) || other.somehow.surelyHas(name.lock);
    });
  });
}

bool GuardHabits::mayLack(const GuardedAccess &access, const Usage &usage, bool meant) const {
  const Guards &guards = program_.guards();
  if (otherGuard(access, usage) || (!access.write && program_.endings().asserted(access.body, access.event)))
    return false;
  if (holds(access, usage.guard) || access.atomic || access.isVolatile || dependsOnCaller(access, usage.accesses, usage.guard) ||
      !guards.goesThroughOwner(access, *usage.subject, usage.guard) || story_.setsUp(access))
    return false;
  bool ownLock = usage.guard.field == kNone || guards.ownsLock(*usage.subject, usage.guard);
  bool plain = !access.update || usage.guardedWrites == 0;
  if (access.write && !meant && plain && !(ownLock && story_.besideSection(access, usage.guard)))
    return false;
  return (access.write && ownLock) || !story_.inWindow(access, usage.guard);
}

/// Where accesses are few, no habit can show.
bool GuardHabits::owned(const Usage &usage) const {
  if (usage.guard.field == kNone)
    return false;
  // Two locks of the class: which of them is meant, few accesses don't tell.
  bool other = llvm::any_of(usage.accesses, [&](const GuardedAccess &access) {
    return !holds(access, usage.guard) &&
           llvm::any_of(access.surely, [&](GuardLock lock) { return program_.guards().ownsLock(*usage.subject, lock); });
  });
  if (other)
    return false;
  if (usage.all <= kFew && !leftToCallers(usage.accesses, usage.guard))
    return usage.guardedWrites > 0 ? usage.guardedWrites >= usage.openWrites : usage.guarded > 1;
  return usage.guardedWrites > 0 && usage.openWrites == 0 && usage.guarded * 2 >= usage.all;
}

bool GuardHabits::kin(const Usage &usage) const {
  if (usage.guarded * 2 < usage.all || leftToCallers(usage.accesses, usage.guard))
    return false;
  const std::map<GuardLock, size_t> &fields = meantBy_.at(familyOf(*usage.subject));
  size_t same = 0, other = 0;
  for (auto [lock, count] : fields)
    (lock == usage.guard ? same : other) += count;
  return same >= kMany && same > other * 2;
}

void GuardHabits::weigh(const Usage &usage) {
  bool meant = usage.habit || kin(usage);
  if (!meant && !owned(usage))
    return;
  GuardHabit habit{usage.subject, usage.guard, usage.guarded, usage.all, {}, {}, usage.elsewhere};
  const std::vector<GuardedAccess> &accesses = usage.accesses;
  for (const GuardedAccess &access : accesses) {
    if (unclear(access, usage.guard))
      continue;
    if (llvm::is_contained(access.surely, usage.guard))
      habit.with.push_back(&access);
    else if (mayLack(access, usage, meant))
      habit.without.push_back(&access);
  }
  if (!habit.with.empty() && !habit.without.empty())
    habits_.push_back(std::move(habit));
}

} // namespace heddle
