// What a walk sees that a lock's rules forbid; LockMisuse.h says what is made of it.
#include "program/LockFlow.h"

namespace heddle {

using namespace facts;

namespace {
constexpr uint8_t kNearThrow = 3; // functions down to a throw expression that still counts as seen
} // namespace

void LockFlow::claimReacquired(EventId event, const CriticalPair &pair, bool conditional, PathState &state) {
  const Held *held = PathReader::find(pair.held, pair.lock);
  if (!held || held->maybe || held->stale || pair.attempt || state.merged || !read(state).exact(pair.lock))
    return;
  claim({LockMisuse::Reacquired, body_.id, event, pair.lock, pair.mode, held->acquisition, pair.acquisition, kNone, false, false,
         conditional});
}

bool LockFlow::blocksItself(PathState &state, PlaceId lock, Mode mode) {
  const Held *held = PathReader::find(state.held, lock);
  bool shared = held && held->mode == Mode::Shared && mode == Mode::Shared;
  return held && !held->maybe && !held->stale && !shared && read(state).exact(lock) && locks_.recursive(lock, body_.id) == false;
}

void LockFlow::releasedHere(EventId event, const Held &held) {
  const Acquisition &taken = locks_.acquisition(held.acquisition);
  if (!unwinding_)
    given_.try_emplace({held.lock, taken.event}, event);
  // A caller that gives back what its callees left with.
  for (AcquisitionId id = taken.via; id != kNone; id = locks_.acquisition(id).via)
    locks_.releasedByCaller_.insert({locks_.acquisition(id).body, locks_.acquisition(id).lock});
}

void LockFlow::claimLeaked(PathState &state, bool thrown, uint8_t raised) {
  if (!thrown)
    exits_.push_back(state.held);
  // What might throw is no evidence that it does; over many calls, that it throws here is as unlikely.
  if (state.merged || (thrown && (raised == 0 || raised > kNearThrow)))
    return;
  Places &places = program_.places();
  auto handed = [&](PlaceId lock) {
    // To a guard or an object that the caller gets.
    PlaceId address = places.addressOf(lock), root = places.root(lock);
    bool local = places[root].kind() == PlaceKind::Local || places[root].kind() == PlaceKind::Result;
    PlaceId returned = state.returned == kNone ? kNone : read(state).value(state.returned);
    if (returned != kNone && ((local && places.mentions(returned, root)) || places.within(lock, places.deref(returned))))
      return true;
    return llvm::any_of(state.env, [&](const auto &entry) { return entry.second == address && outward(entry.first) != kNone; });
  };
  for (const Held &held : state.held) {
    const Acquisition &taken = locks_.acquisition(held.acquisition);
    if (held.maybe || taken.body != body_.id || llvm::is_contained(state.released, held.lock) ||
        llvm::is_contained(state.unsure, held.lock) || handed(held.lock))
      continue;
    claim({LockMisuse::Leaked, body_.id, thrown ? current_ : state.leaving, held.lock, held.mode, held.acquisition, kNone, kNone,
           thrown});
  }
}

std::vector<LockMisuse> LockFlow::misuses() {
  std::vector<LockMisuse> result;
  for (LockMisuse misuse : claims_) {
    if (misuse.kind == LockMisuse::Leaked) {
      // The lock dies with the function, or another way out gives back what was taken there.
      if (program_.places()[misuse.lock].kind() == PlaceKind::Local && !cut_) {
        result.push_back(misuse);
        continue;
      }
      auto released = given_.find({misuse.lock, locks_.acquisition(misuse.held).event});
      bool given = released != given_.end() &&
                   llvm::any_of(exits_, [&](const HeldSet &held) { return !PathReader::find(held, misuse.lock); });
      if (!given || cut_)
        continue;
      // One that on another way gives back what it was called with is one half of a protocol: the first call takes, the last
      // gives.
      if (givesBack_.count(misuse.lock))
        continue;
      misuse.since = released->second;
    }
    result.push_back(misuse);
  }
  return result;
}

} // namespace heddle
