// GuardHabits: which lock is meant to guard a field or global, from how its accesses use it, and which accesses lack it.
//
// Computes, for each subject of Guards, the lock that most accesses hold, and whether that is meant:
// * a *habit*: three accesses and three quarters of them hold it, one of them writes, and it keeps somebody out who is seen: what
//   is held in one thread, or in one function, excludes nobody;
// * *owned*: a class owns the lock, and writes the field under it;
// * *kin*: most of the fields beside it have the habit of that lock or are never used without it, and half of its own accesses
//   hold it.
// A lock that keeps nobody out who is seen is there for those who aren't: callbacks of libraries, functions for others to call.
// What comes before the first thread starts isn't counted. An access that some caller makes with the lock counts by the call.
//
// An access lacks the lock if neither it nor a way to it may hold it, and nothing says that it has no need to: it depends on the
// caller, and other callers take the lock; it is reached from elsewhere than the lock's owner; main sets something up once; a
// window is opened for it on purpose.
//
// Gets wrong: a lock that is held by chance in most places; a function that sets an object up that others can't see yet, for
// reasons that aren't seen. Source: as Guards; "kin" is the class rule of RacerD for structs of C.
#pragma once

#include "program/GuardStory.h"

namespace heddle {

struct GuardHabit {
  const Subject *subject = nullptr;
  GuardLock guard;
  size_t guarded = 0, all = 0; // accesses, as a reader counts them
  using Accesses = std::vector<const GuardedAccess *>;
  Accesses without, with;
  bool elsewhere = false; // what isn't seen to be run needs the lock, so it runs in a thread of its own
};

class GuardHabits {
public:
  GuardHabits(const Program &program, const GuardStory &story);

  /// In order of subject; those where some access lacks the lock and some other holds it.
  llvm::ArrayRef<GuardHabit> all() const { return habits_; }

private:
  /// An access as a reader counts it: its place, and, where a caller holds the lock or the ways to it don't agree, the call.
  using Instance = std::tuple<facts::BodyId, facts::EventId, facts::BodyId, facts::EventId>;
  using Instances = std::map<Instance, bool>; // whether it holds the lock
  static Instance instanceOf(const GuardedAccess &access);
  struct Usage {
    const Subject *subject;
    std::vector<GuardedAccess> accesses; // beside other threads
    GuardLock guard;
    size_t guarded = 0, all = 0, guardedWrites = 0, openWrites = 0;
    bool habit = false, elsewhere = false;
  };

  std::vector<GuardedAccess> withWhole(const Subject &subject, const std::vector<GuardedAccess> &accesses) const;
  void keepOneObject(Usage &usage) const;
  Instances instancesOf(const std::vector<GuardedAccess> &accesses, GuardLock lock, bool writes) const;
  std::optional<GuardLock> guardOf(const Subject &subject, const std::vector<GuardedAccess> &accesses) const;
  bool unclear(const GuardedAccess &access, GuardLock lock) const;
  bool dependsOnCaller(const GuardedAccess &access, const std::vector<GuardedAccess> &all, GuardLock guard) const;
  bool otherGuard(const GuardedAccess &access, const Usage &usage) const;
  bool leftToCallers(const std::vector<GuardedAccess> &accesses, GuardLock guard) const;
  bool excludes(const std::vector<GuardedAccess> &accesses, GuardLock lock, bool elsewhere) const;
  bool mayLack(const GuardedAccess &access, const Usage &usage, bool meant) const;
  bool owned(const Usage &usage) const;
  bool kin(const Usage &usage) const;
  void weigh(const Usage &usage);

  /// The variable or class whose fields stand beside each other.
  using Family = std::pair<facts::VariableId, facts::RecordId>;
  Family familyOf(const Subject &subject) const;

  const Program &program_;
  const GuardStory &story_;
  std::map<Family, std::map<GuardLock, size_t>> meantBy_; // fields with the habit of a lock, or that are never used without it
  std::vector<Usage> usages_;
  std::vector<GuardHabit> habits_;
};

} // namespace heddle
