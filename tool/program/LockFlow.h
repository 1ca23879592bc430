// The walk over one skeleton that LockState makes: states in, states out, per block; see LockState.h for the theory.
#pragma once

#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/FieldWrites.h"
#include "program/LockDemands.h"
#include "program/PathState.h"

#include <deque>
#include <set>

namespace heddle {

class LockFlow {
public:
  /// What states of a block are kept apart by: what their paths told, up to a bound; or nothing, for a body whose paths have
  /// equal locks (LockRelevance.cpp). Then one state keeps the names and conditions that all paths agree on.
  enum class Closeness : uint8_t { Paths, Names };
  /// `demands` are the body's own: what is met of each is added to it.
  LockFlow(const Program &program, LockState &locks, facts::BodyId body, std::vector<Demand> &demands, Closeness closeness);
  /// Fills in the body's summary and its locks before each event.
  LockSummary run();
  std::vector<uint32_t> before();
  std::vector<LockMisuse> misuses();
  llvm::SmallVector<std::pair<PlaceId, facts::EventId>, 1> releases() { return std::move(releases_); }

private:
  friend class DeclaredCall;
  using States = std::vector<PathState>;
  static constexpr size_t kRunning = 8;

  /// What an event runs by itself.
  struct Callees {
    std::vector<Invocation> invocations;
    bool known = false;           // one of them has a body, a model or a declared effect
    bool throwsUnchanged = false; // and then it did nothing
  };
  static States one(PathState state) {
    States states; // not by a list in braces, whose elements are copied
    states.push_back(std::move(state));
    return states;
  }

  PathReader read(PathState &state) { return {program_.places(), state, locks_}; }
  size_t mostStates() const;
  void enter(facts::BlockId block, PathState state);
  void walk(facts::BlockId block, PathState state);
  States limited(States states, bool ofOneEvent);
  void leaveBy(const facts::Block &block, PathState state);
  bool repeats(facts::EventId event);
  void reach(facts::EventId event, PathState &state);
  States step(facts::EventId event, PathState state);
  bool assign(facts::EventId event, PathState &state);
  const Callees &calleesOf(facts::EventId event);
  /// A place of what `invocation` runs, in this body's frame.
  PlaceId translated(PlaceId place, const Invocation &invocation, facts::EventId event);
  States invoke(facts::EventId event, States states);
  States apply(facts::EventId event, const Invocation &invocation, const PathState &state);
  std::vector<PlaceId> toggled(facts::EventId id, const Invocation &invocation, const LockSummary &summary,
                               const PathState &state);
  States applyBody(facts::EventId event, const Invocation &invocation, facts::BodyId callee, const PathState &state);
  bool isNumber(PlaceId place) const;
  void moveIterator(const Invocation &invocation, PathState &state);
  States applyModel(facts::EventId event, const FunctionModel &model, const Invocation &invocation, const PathState &state);
  States applyAll(facts::EventId event, llvm::ArrayRef<Invocation> invocations, States states);
  States applyOp(facts::EventId event, const Op &op, const Invocation &invocation, PathState state);
  std::vector<Invocation> runBy(facts::EventId event, const Op &op, const Invocation &invocation) const;
  States acquire(facts::EventId event, const Op &op, const Invocation &invocation, PathState state);
  States take(facts::EventId event, const Op &op, llvm::ArrayRef<PlaceId> locks, llvm::ArrayRef<PlaceId> guards, PlaceId where,
              PathState state);
  std::optional<States> declaredEffect(facts::EventId event, const Invocation &invocation, const PathState &state);
  bool touchesNoLock(facts::FunctionId function) const;
  PlaceId assertionOf(PlaceId lock) const;
  bool isNew(PlaceId lock) const;
  void noteUnseen(facts::EventId event, PathState &state);
  void judge(facts::EventId event, PathState &state);
  uint8_t judge(const Demand &demand, PathState &state, PlaceId lock);
  PlaceId operand(const Operand &operand, const Invocation &invocation, facts::EventId event) const;
  PlaceId testedValue(const Test &test, PlaceId place, PathReader &reader) const;
  bool ruleOut(facts::EventId id, const Op &op, const Invocation &invocation, PathState &state);
  PlaceId memberOf(PlaceId self, const Operand &operand) const;
  std::vector<Invocation> member(PlaceId object, llvm::StringRef name) const;
  const FunctionModel *memberModel(PlaceId object, llvm::StringRef name) const;
  /// The lock that an object locks when it is locked: a guard's, a wrapper's; else the object itself.
  PlaceId lockBehind(facts::EventId event, PlaceId object, llvm::StringRef name, PathState &state);
  std::optional<States> byMember(facts::EventId event, PlaceId object, llvm::StringRef name, const PathState &state);
  void releaseByCleanup(const Op &op, PlaceId self, PathState &state);
  void releaseLock(facts::EventId event, PathState &state, PlaceId lock, Mode mode);
  /// Whether anything is known of what `place` holds.
  bool known(const PathState &state, PlaceId place) const;
  /// Whether anything known is named by what `place` held so far: then its new content needs another name.
  bool nameInUse(const PathState &state, PlaceId place) const;
  /// Of a lock that has no name here: any that is held and may be it. `lock` is in a callee's frame.
  void releaseUnnamed(PathState &state, PlaceId lock);
  static llvm::SmallVector<PlaceId, 1> releasedBy(const PathState &state);
  /// From here on `lock` is held on some paths only.
  void doubt(PathState &state, PlaceId lock);
  void releasedHere(facts::EventId event, const Held &held);
  /// Some of what the body does is left out: counted once, however often that happens.
  void cutShort() {
    if (!std::exchange(short_, true))
      ++program_.cut().paths;
  }
  void claim(LockMisuse misuse) { claims_.insert(misuse); }
  /// Whether a thread that takes `lock` now waits for itself.
  bool blocksItself(PathState &state, PlaceId lock, Mode mode);
  void claimReacquired(facts::EventId event, const CriticalPair &pair, bool conditional, PathState &state);
  void claimLeaked(PathState &state, bool thrown, uint8_t raised);
  void applyUnknown(facts::EventId event, PathState &state);
  /// A callee whose summary says nothing of memory may have written the locals whose address it got.
  void forgetGiven(facts::EventId event, facts::BodyId callee, PathState &state);
  void forgetThroughUnknown(facts::EventId event, PathState &state);
  using Path = llvm::SmallVector<std::pair<facts::BodyId, facts::EventId>, 2>;
  bool mayRun(facts::EventId event, const Invocation &invocation) const;
  void pairsOf(facts::EventId event, const Invocation &invocation, facts::BodyId callee, PathState &state, const Path &path = {});
  void pairsOfGiven(facts::EventId event, const Invocation &invocation, facts::BodyId callee, PathState &state, const Path &path);
  void addRun(GivenRun run);
  void runGiven(facts::EventId event, PlaceId callable, llvm::ArrayRef<PlaceId> arguments, const PathState &state);
  void runGivenAt(facts::EventId event, const States &states);
  States applyOneOf(facts::EventId event, llvm::ArrayRef<Invocation> alternatives, const PathState &state);
  void addPair(CriticalPair pair);
  const BlockGraph &graph();
  void waitAt(facts::EventId event, const Op &op, const Invocation &invocation, PathState &state);
  void waitsOf(facts::EventId event, const Invocation &invocation, const LockSummary &callee, PathState &state);
  void addHeldWait(WaitId wait, HeldSet held);
  void unwind(facts::CleanupId cleanup, PathState state, uint8_t raised);
  void joinIdle();
  void finish(PathState state, bool thrown, uint8_t raised);
  bool mayThrow(facts::EventId event) const;
  void findResults(PlaceId id, std::set<PlaceId> &looked);
  PlaceId outward(PlaceId place) const;
  static constexpr size_t kConditions = 12; // of a pair: more tell nothing apart that matters
  const std::vector<facts::EventId> &writersOf(facts::FieldId field);
  bool lasting(PlaceId value);
  Assumptions given(const PathState &state);
  void addCondition(Assumptions &when, const Assumption &condition);
  void addConditions(Assumptions &when, const PathState &state);

  const Program &program_;
  LockState &locks_;
  facts::BodyView body_;
  Closeness closeness_;
  std::vector<States> in_;
  std::deque<std::pair<facts::BlockId, PathState>> work_;
  std::set<facts::EventId> tested_; // events whose result a branch, store or return looks at
  std::vector<Demand> &demands_;
  llvm::SmallVector<std::pair<PlaceId, Mode>, 2> required_; // held by declaration where the body is entered
  std::vector<HeldSet> before_;
  std::vector<uint8_t> seen_;
  std::vector<std::unique_ptr<Callees>> callees_;                                     // by event, made when first asked for
  llvm::DenseMap<std::tuple<facts::EventId, uint32_t, PlaceId>, PlaceId> translated_; // by event, number of its callee, and place
  std::map<facts::FieldId, std::vector<facts::EventId>> writers_;                     // the same
  std::optional<BlockGraph> graph_;                                                   // the same
  std::optional<bool> handles_;                                                       // exceptions; the same
  LockSummary summary_;
  std::map<std::tuple<PlaceId, Mode, bool, std::vector<PlaceId>, std::vector<PlaceId>>, size_t> pairKeys_;
  std::set<PlaceId> givesBack_; // locks of the caller that some way out has released
  bool short_ = false;
  std::set<LockMisuse> claims_;
  std::map<std::pair<PlaceId, facts::EventId>, facts::EventId> given_; // what is taken where, and an event that gives it back
  std::vector<HeldSet> exits_;                                         // locks held at each return
  llvm::SmallVector<std::pair<PlaceId, facts::EventId>, 1> releases_;
  facts::EventId current_ = kNone; // being interpreted
  bool unwinding_ = false;
  unsigned steps_ = 0;
  llvm::SmallVector<facts::FunctionId, 4> running_; // functions whose models are being interpreted, one for another
  bool cut_ = false;
};

} // namespace heddle
