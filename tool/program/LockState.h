// Which locks are held where.
//
// Computes, by a path-sensitive dataflow over each skeleton, bottom-up over the call graph's components:
// * the locks held before every event, surely or maybe;
// * for every body its *critical pairs*: this lock is acquired while exactly these are held, with the chain of calls down to the
//   acquisition (Brotherston et al., "Compositional Analysis of Deadlocks", FSE 2021, name and idea);
// * for every body its *waits*: it may block here, while exactly these are held (LockWaits.cpp);
// * for every body its *outcomes*: what is held, released and stored when it returns or throws, by the value it returns.
//
// A state is a lock set, an environment of what places hold (guards are places with state: a lock and whether it is owned), and
// assumptions from the branches taken, so that correlated branches are followed as a pair. States that agree on locks are merged
// when a block has too many, as in ESP (Das, Lerner, Seigle, PLDI 2002): what is lost then is assumptions, never a lock.
//
// Gets wrong: memory is followed by name, so a store through an alias isn't seen; callees without body or model change no lock;
// recursion is iterated a bounded number of times.
#pragma once

#include "program/LockDemands.h"
#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

#include <map>
#include <set>
#include <vector>

namespace heddle {

using AcquisitionId = uint32_t;

/// One step of the chain that leads to a lock being taken: the acquiring event itself, or a call on the way to it.
struct Acquisition {
  facts::BodyId body = kNone;
  facts::EventId event = kNone;
  PlaceId lock = kNone; // in the frame of `body`
  Mode mode = Mode::Exclusive;
  AcquisitionId via = kNone; // in the callee; kNone at the acquisition itself
  friend auto operator<=>(const Acquisition &, const Acquisition &) = default;
};

struct Held {
  PlaceId lock = kNone;
  Mode mode = Mode::Exclusive;
  uint8_t count = 1;  // of a recursive lock
  bool maybe = false; // held on some paths only
  bool stale = false; // a pointer in its name may have been written since: the name may mean another lock now
  AcquisitionId acquisition = kNone;
  bool alike = false; // of a maybe: on all other paths a lock is held whose name differs from this one in its indices alone
  friend auto operator<=>(const Held &, const Held &) = default;
};

using HeldSet = llvm::SmallVector<Held, 2>; // sorted by lock

/// `value relation constant` holds on a path. With Relation::Default the value is some error: nothing that is asked of it and
/// holds of `constant`, which says that all went well, holds of it.
struct Assumption {
  PlaceId value = kNone;
  facts::Relation relation = facts::Relation::Always;
  int64_t constant = 0;
  friend auto operator<=>(const Assumption &, const Assumption &) = default;
};
using Assumptions = llvm::SmallVector<Assumption, 2>; // sorted

/// `lock` is acquired while exactly `held` are, of what this body and its callees took.
struct CriticalPair {
  PlaceId lock = kNone;
  Mode mode = Mode::Exclusive;
  bool attempt = false; // a try: never waits
  AcquisitionId acquisition = kNone;
  HeldSet held;
  llvm::SmallVector<PlaceId, 1> released; // of the caller's locks, before this, on some path at least
  Assumptions when;                       // of what the caller gave: only then
  bool maybe = false;                     // by a call that may run something else
};

/// What the caller gave is run while exactly `held` are held, of what this body and its callees took. What it locks is the
/// caller's to say.
struct GivenRun {
  PlaceId callable = kNone;
  llvm::SmallVector<PlaceId, 2> arguments;
  llvm::SmallVector<std::pair<facts::BodyId, facts::EventId>, 2> path; // of calls down to the one that runs it
  HeldSet held;
  llvm::SmallVector<PlaceId, 1> released;
  Assumptions when;
  bool maybe = false;
};

using WaitId = uint32_t;

/// One step of the chain that leads to a wait: the event that may block, or a call on the way to it.
struct Wait {
  facts::BodyId body = kNone;
  facts::EventId event = kNone;
  const BlockWord *reason = nullptr;
  PlaceId on = kNone; // in the frame of the last step: the descriptor, condition, handle or semaphore
  WaitId via = kNone; // in the callee; kNone at the wait itself
  uint32_t length = 1;
};

/// A body may block, while `released` of its caller's locks are let go.
struct CriticalWait {
  WaitId wait = kNone;
  llvm::SmallVector<PlaceId, 1> released;
  Assumptions when; // of what the caller gave: only then
};

/// An event of a body may block while `held` are, of what this body and its callees took and have not released during it.
struct HeldWait {
  WaitId wait = kNone;
  HeldSet held;
};

/// One way for a body to end.
struct Outcome {
  bool thrown = false;
  uint8_t raised = 0;   // thrown by a throw expression that is seen: how many functions down, from 1; 0: a callee might
  bool refused = false; // a lock that waits, not a try, gave an error: who doesn't look at the result takes it for taken
  HeldSet acquired;
  llvm::SmallVector<PlaceId, 1> released;                   // locks of the caller that are not held any more
  llvm::SmallVector<PlaceId, 1> unsure;                     // locks of the caller that are held on some paths only now
  llvm::SmallVector<std::pair<PlaceId, PlaceId>, 2> stores; // what places of the caller's frame hold now
  facts::Relation relation = facts::Relation::Always;       // of the result to `constant`
  int64_t constant = 0;
  PlaceId value = kNone; // the result, when it has a name in the caller's frame
  Assumptions when;      // of what the caller gave: only then
};

struct LockSummary {
  std::vector<CriticalPair> pairs;
  std::vector<GivenRun> given;
  std::vector<Outcome> outcomes;
  std::vector<CriticalWait> waits;
  std::vector<HeldWait> heldWaits;
  bool opaque = false;        // what it stores isn't in its outcomes
  bool cut = false;           // a bound ended the walk: pairs and outcomes are missing
  bool unknownCallee = false; // it runs code that isn't seen and isn't the system's: that may take and release locks too
};

/// What LockFlow saw on one path that a lock's rules forbid; LockMisuse.h says what remains of it.
struct LockMisuse {
  enum Kind : uint8_t {
    Reacquired, // taken by its holder
    NotHeld,    // released while surely not held
    NotTaken,   // released for a caller, who may hold it
    WrongMode,  // released as exclusive while held as shared, or the other way round
    Leaked,     // held where the body is left, though another way out releases it
    Unpaired,   // held where the body is left, and nobody in the program ever releases it for another
    Ended       // held where the thread ends that the body is the entry of
  } kind = NotHeld;
  facts::BodyId body = kNone;
  facts::EventId event = kNone; // that takes, releases, or leaves (kNone: the end of the body)
  PlaceId lock = kNone;
  Mode mode = Mode::Exclusive;
  AcquisitionId held = kNone, wanted = kNone; // NotHeld has neither
  facts::EventId since = kNone;               // NotHeld: what released it before or failed to take it; Leaked: a release
  bool thrown = false;
  bool failed = false;      // NotHeld: `since` failed to take it
  bool conditional = false; // on what the caller gave, which isn't known here
  bool skipped = false;     // NotHeld: other ways of the body take it first
  friend auto operator<=>(const LockMisuse &, const LockMisuse &) = default;
};

class LockState {
public:
  explicit LockState(const Program &program);

  /// Locks of this frame held just before `event`; locks that callers hold are not in it.
  const HeldSet &at(facts::BodyId body, facts::EventId event) const;
  const LockSummary &summary(facts::BodyId body) const { return summaries_[body]; }
  /// Whether all ways to the event were looked at, and there is one; if not, at() may lack locks.
  bool known(facts::BodyId body, facts::EventId event) const;
  /// Locks that every caller in the target surely holds at every call, as places of the body's frame. Empty when the body is an
  /// entry, its address is taken, or the target is open and anybody may call it.
  const HeldSet &byCallers(facts::BodyId body) const { return byCallers_[body]; }
  /// Those that the body hasn't surely released on the way to an event.
  HeldSet byCallers(facts::BodyId body, facts::EventId event) const { return kept(body, event, byCallers_[body]); }
  /// Locks that the body's function declares to be held where it is entered (REQUIRES, RELEASE), with the least mode.
  using Required = llvm::SmallVector<std::pair<PlaceId, Mode>, 2>;
  Required required(facts::BodyId body) const;
  /// Those of them that the body doesn't release: held all the way through it.
  HeldSet declared(facts::BodyId body) const;
  /// Those that it hasn't surely released on the way to an event, and what it has asserted to be held on the way
  /// (LockAsserts.cpp); at() has what it has taken again.
  HeldSet declared(facts::BodyId body, facts::EventId event) const {
    HeldSet held = declared(body);
    held.append(asserted(body, event));
    return kept(body, event, std::move(held));
  }
  /// What attributes demand at the events of `body`, and how that was met, in order of event.
  std::span<const Demand> demands(facts::BodyId body) const { return demands_[body]; }
  const LockAttributes &attributes() const { return attributes_; }

  /// What LockFlow saw in `body`, sorted.
  std::span<const LockMisuse> misuses(facts::BodyId body) const { return misuses_[body]; }
  /// Whether a caller releases `lock`, a place of the body's frame, after the body left with it.
  bool releasedByCaller(facts::BodyId body, PlaceId lock) const;
  /// Locks of its caller that `body` releases on some path, and where first.
  std::span<const std::pair<PlaceId, facts::EventId>> releases(facts::BodyId body) const { return releases_[body]; }
  /// The event of `body` that first releases its caller's `lock`; kNone if none does.
  facts::EventId releaseOf(facts::BodyId body, PlaceId lock) const;

  const Acquisition &acquisition(AcquisitionId id) const { return acquisitions_[id]; }
  const Wait &wait(WaitId id) const { return waits_[id]; }
  /// The chain from `id` down to the acquiring event.
  std::vector<AcquisitionId> chain(AcquisitionId id) const;
  /// The same, cut where a reader would say "locks it": at the making of a guard and at the methods of a lock's wrapper.
  std::vector<AcquisitionId> story(AcquisitionId id) const;
  /// The object that a reader would call the lock: for a lock inside a wrapper (a class whose methods take it for their caller)
  /// the wrapper, if that has a name of its own; else `lock` itself.
  PlaceId lockObject(PlaceId lock) const;
  /// What a member holds for good: a pointer or reference that constructors alone set, to something of the same object
  /// (`signal_(&mutex_)`). kNone when that isn't known.
  PlaceId bound(PlaceId member) const;
  /// Whether what is taken is a semaphore: anybody may give it back, it has no holder.
  bool semaphore(PlaceId lock, facts::BodyId body) const;
  /// Whether a lock may be taken again by its holder; nullopt when its type doesn't tell.
  std::optional<bool> recursive(PlaceId lock, facts::BodyId body) const;

private:
  struct Asserted {
    facts::EventId event;
    PlaceId lock;
    Mode mode;
  };
  bool assertsOwn(facts::FunctionId function) const;
  const std::vector<Asserted> &assertedIn(facts::BodyId body) const;
  HeldSet asserted(facts::BodyId body, facts::EventId event) const;
  HeldSet kept(facts::BodyId body, facts::EventId event, HeldSet held) const;
  friend class LockFlow;
  AcquisitionId intern(const Acquisition &acquisition);
  WaitId intern(const Wait &wait);
  void addWait(std::vector<CriticalWait> &waits, CriticalWait wait) const;
  void findWaits(facts::BodyId body, LockSummary &summary);
  void findBindings();
  using Which = llvm::function_ref<bool(const Invocation &, facts::BodyId)>; // of the bodies that an invocation may run
  bool runs(const Invocation &invocation, Which which) const;
  bool touches(facts::BodyId body, Which which) const;
  void findLeading();
  void findAsked();
  bool runsLeading(facts::BodyId body) const;
  void findRelevant(const std::vector<facts::BodyId> &component);
  bool neutral(facts::BodyId body) const;
  bool unwindsLocks(facts::BodyId body) const;
  LockSummary summarise(facts::BodyId body);
  void summariseComponent(const std::vector<facts::BodyId> &component);
  void findByCallers();
  bool gives(facts::BodyId body, PlaceId lock) const;
  bool releasesBefore(const facts::BodyView &body, facts::EventId event) const;
  void findWrapped();
  std::vector<bool> lockStructs(bool more) const;
  bool handsOver(AcquisitionId id) const;

  const Program &program_;
  LockAttributes attributes_;
  std::vector<std::vector<Demand>> demands_;  // by body
  std::vector<LockSummary> summaries_;        // by body
  std::vector<std::vector<uint32_t>> before_; // by body and event: index in heldSets_
  std::vector<HeldSet> heldSets_;
  std::map<std::vector<Held>, uint32_t> heldSetIds_;
  std::vector<HeldSet> byCallers_;
  std::map<facts::BodyId, std::vector<uint8_t>> unseen_;         // of bodies with events that no way leads to: which are known
  std::vector<llvm::SmallVector<facts::FunctionId, 0>> methods_; // by record: its member functions with a body
  std::vector<bool> asked_;                                      // by body: one that leads to a lock may ask what it returns
  std::vector<bool> leading_;                                    // by body: it or what it may run names a lock's operation
  std::vector<bool> relevant_;                                   // by body: it or a callee takes or releases a lock
  bool findingBindings_ = false;
  std::vector<bool> boundFields_;                // the last fields of what is bound
  std::map<PlaceId, PlaceId> bindings_;          // from *this on: what a member holds for good
  std::set<PlaceId> wrapped_;                    // locks, from *this on, that a member function takes for its caller
  std::vector<std::vector<LockMisuse>> misuses_; // by body
  std::vector<llvm::SmallVector<std::pair<PlaceId, facts::EventId>, 1>> releases_; // by body: of callers' locks
  std::set<std::pair<facts::BodyId, PlaceId>> releasedByCaller_;
  std::vector<Acquisition> acquisitions_;
  llvm::DenseMap<std::tuple<facts::BodyId, facts::EventId, PlaceId, Mode, AcquisitionId>, AcquisitionId> acquisitionIds_;
  std::vector<Wait> waits_;
  mutable std::map<facts::FunctionId, bool> assertsOwn_;
  mutable std::map<facts::BodyId, std::vector<Asserted>> asserted_;
  llvm::DenseMap<std::tuple<facts::BodyId, facts::EventId, const BlockWord *, PlaceId, WaitId>, WaitId> waitIds_;
};

} // namespace heddle
