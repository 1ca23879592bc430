// What attributes do to a state, where no body and no model says it.
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kScoped = 8; // locks of one scope

/// How a scope holds a lock that it was given.
enum Hold : int64_t { Exclusively, AsShared, ReleasesExclusive, ReleasesShared };

Mode modeOf(int64_t hold) { return hold == AsShared || hold == ReleasesShared ? Mode::Shared : Mode::Exclusive; }

bool isShared(AttributeKind kind) {
  return kind == AttributeKind::AcquireShared || kind == AttributeKind::ReleaseShared || kind == AttributeKind::RequiresShared ||
         kind == AttributeKind::TryAcquireShared || kind == AttributeKind::AssertShared;
}

} // namespace

// ---- effects ---------------------------------------------------------------------------------------------------------------

/// One call whose effect is what its callee declares. Scopes keep the locks that they were given in pseudo-fields, as a guard's
/// model does: `scoped0` points to the first, `hold0` says how it is held.
class DeclaredCall {
public:
  using States = LockFlow::States;

  DeclaredCall(LockFlow &flow, EventId event, const Invocation &invocation)
      : flow_(flow), places_(flow.program_.places()), attributes_(flow.locks_.attributes()), event_(event), call_(invocation),
        function_(flow.program_.facts().functions()[invocation.function]) {
    scoped_ = function_.record() != kNone && attributes_.scoped(function_.record());
    // `&Class::mu` of what a free function gives: of the object that its result points at.
    if (call_.self == kNone && !has(function_.flags(), FunctionFlag::Member) && event != kNone)
      call_.self = places_.make(PlaceKind::Result, event);
  }

  static States one(PathState state) { return LockFlow::one(std::move(state)); }

  States apply(const PathState &state) {
    States states{state};
    if (makes()) // what an earlier object at the same place kept is gone
      clear(states.front());
    // What is released is released before anything is taken: a lock that is promoted isn't taken twice.
    for (bool taking : {false, true})
      for (const Attribute &row : attributes_.ofFunction(call_.function)) {
        States next;
        for (PathState &s : states)
          for (PathState &after : taking ? second(row, std::move(s)) : first(row, std::move(s)))
            next.push_back(std::move(after));
        states = std::move(next);
      }
    return states;
  }

  /// A lock that is held where the call returns, whatever its body does.
  void applyAssertions(States &states) {
    for (const Attribute &row : attributes_.ofFunction(call_.function))
      if (row.kind() == AttributeKind::AssertCapability || row.kind() == AttributeKind::AssertShared)
        for (PathState &state : states)
          assertHeld(row, state);
  }

private:
  bool makes() const { return scoped_ && has(function_.flags(), FunctionFlag::Constructor); }
  bool ends() const { return has(function_.flags(), FunctionFlag::Destructor); }
  /// Whether the attribute speaks of the locks of the scope itself.
  bool ofScope(const Attribute &row) const { return scoped_ && !makes() && row.arg_count() == 0; }

  States first(const Attribute &row, PathState state) {
    if (row.kind() != AttributeKind::Release && row.kind() != AttributeKind::ReleaseShared &&
        row.kind() != AttributeKind::ReleaseGeneric)
      return one(std::move(state));
    if (ofScope(row))
      return leaveScope(row, std::move(state));
    for (PlaceId lock : locksOf(row, state)) {
      release(state, lock,
              row.kind() == AttributeKind::ReleaseGeneric ? Mode::Any
              : isShared(row.kind())                      ? Mode::Shared
                                                          : Mode::Exclusive,
              /*ifHeld=*/false);
      keep(state, lock, isShared(row.kind()) ? ReleasesShared : ReleasesExclusive);
    }
    return one(std::move(state));
  }

  States second(const Attribute &row, PathState state) {
    switch (row.kind()) {
    case AttributeKind::Acquire:
    case AttributeKind::AcquireShared:
    case AttributeKind::TryAcquire:
    case AttributeKind::TryAcquireShared:
      if (!ofScope(row))
        return acquire(row, std::move(state));
      return ends() ? leaveScope(row, std::move(state)) : enterScope(row, std::move(state));
    case AttributeKind::AssertCapability:
    case AttributeKind::AssertShared:
      assertHeld(row, state);
      break;
    case AttributeKind::Requires:
    case AttributeKind::RequiresShared:
    case AttributeKind::Excludes: // a scope that adopts its lock, or takes it later
      for (PlaceId lock : locksOf(row, state))
        keep(state, lock, isShared(row.kind()) ? AsShared : Exclusively);
      break;
    case AttributeKind::ReturnCapability:
      for (PlaceId lock : locksOf(row, state))
        if (event_ != kNone)
          flow_.read(state).store(places_.make(PlaceKind::Result, event_), places_.addressOf(lock));
      break;
    default:
      break;
    }
    return one(std::move(state));
  }

  void assertHeld(const Attribute &row, PathState &state) {
    for (PlaceId lock : locksOf(row, state))
      flow_.read(state).store(flow_.assertionOf(lock), places_.constant(isShared(row.kind())));
  }

  llvm::SmallVector<PlaceId, 2> locksOf(const Attribute &row, PathState &state) {
    llvm::SmallVector<PlaceId, 2> locks = attributes_.locks(row);
    if (row.arg_count() == 0 && call_.self != kNone)
      locks.push_back(places_.deref(places_.make(PlaceKind::This, kNone)));
    for (PlaceId &lock : locks)
      lock = flow_.read(state).lvalue(flow_.program_.translate(lock, call_, flow_.body_, event_));
    llvm::erase(locks, kNone);
    return locks;
  }

  PlaceId heldWithin(const PathState &state, PlaceId lock) const {
    for (const Held &held : state.held)
      if (lock != kNone && places_.within(held.lock, lock))
        return held.lock;
    return kNone;
  }

  void release(PathState &state, PlaceId lock, Mode mode, bool ifHeld) {
    PlaceId held = heldWithin(state, lock);
    if (held != kNone || !ifHeld)
      flow_.releaseLock(event_ == kNone ? flow_.current_ : event_, state, held == kNone ? lock : held, mode);
  }

  States take(const Attribute &row, llvm::ArrayRef<PlaceId> locks, Mode mode, PathState state) {
    if (event_ == kNone || locks.empty())
      return one(std::move(state));
    Op op;
    op.verb = Verb::Acquire;
    op.mode = mode;
    op.attempt = row.kind() == AttributeKind::TryAcquire || row.kind() == AttributeKind::TryAcquireShared;
    if (op.attempt) {
      // true is any value but 0; other successes are that number.
      op.after.emplace();
      op.after->value.root = Operand::Result;
      op.after->relation = row.success() == 1 ? Relation::Ne : Relation::Eq;
      op.after->constant = row.success() == 1 ? 0 : row.success();
    }
    States result = flow_.take(event_, op, locks, {}, places_.make(PlaceKind::Result, event_), std::move(state));
    for (PathState &after : result)
      for (Held &held : after.held)
        if (llvm::is_contained(locks, held.lock))
          held.count = 1; // a capability isn't taken twice
    return result;
  }

  States acquire(const Attribute &row, PathState state) {
    llvm::SmallVector<PlaceId, 2> locks = locksOf(row, state);
    for (PlaceId lock : locks)
      keep(state, lock, isShared(row.kind()) ? AsShared : Exclusively);
    return take(row, locks, isShared(row.kind()) ? Mode::Shared : Mode::Exclusive, std::move(state));
  }

  // ---- scopes

  PlaceId scopeOf(PathState &state) { return call_.self == kNone ? kNone : flow_.read(state).lvalue(places_.deref(call_.self)); }
  void clear(PathState &state) {
    PlaceId scope = scopeOf(state);
    for (unsigned i = 0; scope != kNone && i < kScoped; ++i)
      for (const char *name : {"scoped", "hold"})
        flow_.read(state).forget(part(scope, name, i));
  }
  PlaceId part(PlaceId scope, const char *name, unsigned i) { return places_.member(scope, name + std::to_string(i)); }

  /// A scope that is made keeps a lock that its constructor names.
  void keep(PathState &state, PlaceId lock, Hold hold) {
    PlaceId scope = makes() ? scopeOf(state) : kNone;
    auto already = kept(state);
    unsigned count = already.size();
    if (scope == kNone || count >= kScoped || llvm::any_of(already, [&](const auto &known) { return known.first == lock; }))
      return;
    PathReader reader = flow_.read(state);
    reader.store(part(scope, "scoped", count), places_.addressOf(lock));
    reader.store(part(scope, "hold", count), places_.constant(hold));
  }

  llvm::SmallVector<std::pair<PlaceId, int64_t>, 2> kept(PathState &state) {
    llvm::SmallVector<std::pair<PlaceId, int64_t>, 2> result;
    PlaceId scope = scopeOf(state);
    PathReader reader = flow_.read(state);
    for (unsigned i = 0; scope != kNone && i < kScoped; ++i) {
      PlaceId field = part(scope, "scoped", i), lock = reader.value(field);
      if (lock == field || lock == kNone)
        break;
      result.emplace_back(reader.lvalue(places_.deref(lock)),
                          places_.asConstant(reader.value(part(scope, "hold", i))).value_or(Exclusively));
    }
    return result;
  }

  /// Gives back what the scope took; a scope that releases takes again.
  States leaveScope(const Attribute &row, PathState state) {
    auto locks = kept(state);
    States states = one(std::move(state));
    for (auto [lock, hold] : locks) {
      States next;
      for (PathState &s : states) {
        if (hold == Exclusively || hold == AsShared)
          release(s, lock, Mode::Any, /*ifHeld=*/ends());
        else if (!ends() || heldWithin(s, lock) == kNone) {
          for (PathState &after : take(row, lock, modeOf(hold), std::move(s)))
            next.push_back(std::move(after));
          continue;
        }
        next.push_back(std::move(s));
      }
      states = std::move(next);
    }
    return states;
  }

  States enterScope(const Attribute &row, PathState state) {
    llvm::SmallVector<PlaceId, 2> wanted;
    for (auto [lock, hold] : kept(state))
      if (hold == ReleasesExclusive || hold == ReleasesShared)
        release(state, lock, Mode::Any, /*ifHeld=*/false);
      else if (lock != kNone)
        wanted.push_back(lock);
    return take(row, wanted, isShared(row.kind()) ? Mode::Shared : Mode::Exclusive, std::move(state));
  }

  LockFlow &flow_;
  Places &places_;
  const LockAttributes &attributes_;
  EventId event_;
  Invocation call_;
  const Function &function_;
  bool scoped_ = false;
};

bool LockFlow::touchesNoLock(FunctionId function) const {
  return llvm::all_of(program_.bodiesOf(function), [&](BodyId body) {
    const LockSummary &summary = locks_.summaries_[body];
    return summary.pairs.empty() && llvm::all_of(summary.outcomes, [](const Outcome &outcome) {
             return outcome.acquired.empty() && outcome.released.empty();
           });
  });
}

/// The effect that a callee declares, where that is what counts; nullopt where its body or model does.
std::optional<LockFlow::States> LockFlow::declaredEffect(EventId id, const Invocation &invocation, const PathState &state) {
  const LockAttributes &attributes = locks_.attributes();
  FunctionId function = invocation.function;
  if (!attributes.hasEffect(function) || program_.model(function))
    return std::nullopt;
  std::span<const BodyId> bodies = program_.bodiesOf(function);
  DeclaredCall call(*this, id, invocation);
  States states{state};
  if (!bodies.empty()) { // what it stores and returns, it does all the same
    bool declared = attributes.unchecked(function) || touchesNoLock(function);
    states.clear();
    for (BodyId callee : bodies)
      for (PathState &after : applyBody(id, invocation, callee, state)) {
        if (declared) {
          after.held = state.held;
          after.released = state.released;
        }
        states.push_back(std::move(after));
      }
    call.applyAssertions(states);
    if (!declared)
      return states;
  }
  States result;
  for (const PathState &s : states)
    for (PathState &after : call.apply(s))
      result.push_back(std::move(after));
  return result;
}

} // namespace heddle
