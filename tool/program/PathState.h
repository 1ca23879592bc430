// The state of one path through a body: locks, what places hold, and what branches have told.
#pragma once

#include "facts/Relations.h"
#include "program/LockState.h"

namespace heddle {

/// A lock that this thread surely doesn't hold, since the event that released it or failed to take it.
struct Free {
  PlaceId lock = kNone;
  facts::EventId since = kNone;
  bool failed = false; // to take it
  friend auto operator<=>(const Free &, const Free &) = default;
};

struct PathState {
  HeldSet held;
  llvm::SmallVector<PlaceId, 1> released;                // sorted: locks of the caller
  llvm::SmallVector<PlaceId, 1> unsure;                  // sorted: locks of the caller that it may have released
  llvm::SmallVector<std::pair<PlaceId, PlaceId>, 4> env; // sorted: what a place holds
  llvm::SmallVector<Assumption, 4> assumed;              // sorted
  llvm::SmallVector<Free, 2> free;                       // sorted by lock
  bool merged = false;                                   // of paths that differ in what was known: no evidence for a claim
  bool refused = false;                                  // a lock that waits gave an error, and isn't held
  PlaceId returned = kNone;                              // value of the return statement passed
  facts::EventId leaving = kNone;                        // that statement

  /// Equal for what comes after, but for `free`, of which a merged state keeps what both have.
  bool operator==(const PathState &other) const {
    return held == other.held && released == other.released && unsure == other.unsure && env == other.env &&
           assumed == other.assumed && returned == other.returned && leaving == other.leaving;
  }
};

/// Whether two names may be of one object for all that fields, globals and elements say.
bool alike(const Places &places, PlaceId a, PlaceId b);

/// Locks that only one holds are held maybe.
HeldSet joined(const Places &places, const HeldSet &a, const HeldSet &b);
/// Keeps what both states say; locks that only one holds are held maybe.
PathState joined(Places &places, const PathState &a, const PathState &b);
bool sameLocks(const PathState &a, const PathState &b);
/// Adds a state unless it is there.
void addState(Places &places, std::vector<PathState> &states, PathState state);

enum class Truth : uint8_t { No, Yes, Unknown };

/// Reads and changes one state. Places given to it are the body's own; places it returns have the environment applied, so that
/// two names of one object are one place.
class PathReader {
public:
  PathReader(Places &places, PathState &state, const LockState &locks) : places_(places), state_(state), locks_(locks) {}

  /// Where `place` is: pointers in it replaced by what they hold.
  PlaceId lvalue(PlaceId place);
  /// What `place` holds, or the value that an expression has.
  PlaceId value(PlaceId place);
  Truth test(PlaceId value, facts::Relation relation, int64_t constant);
  bool followed(PlaceId pointer) const;
  /// Adds an assumption; false when the path can't be taken.
  bool assume(PlaceId value, facts::Relation relation, int64_t constant);
  /// The value is an error, where `well` is what says that there is none.
  void assumeError(PlaceId value, int64_t well);

  void store(PlaceId lvalue, PlaceId value);
  /// `to` is a copy of the object `from`: what is known of its members is known of the copy's.
  void copyMembers(PlaceId to, PlaceId from);
  /// A name for what isn't known means another value from here on, as in the next turn of a loop.
  void forgetName(PlaceId unknown);
  /// Forgets what is known of `lvalue` and its parts.
  void forget(PlaceId lvalue);
  /// A new run of `event`: what its last run gave is another object now.
  void renew(PlaceId result, PlaceId stale);

  static const Held *find(const HeldSet &held, PlaceId lock);
  void acquire(const Held &lock);
  /// Removes one count; false when `lock` isn't held here.
  bool release(PlaceId lock);
  /// From `since` on this thread surely doesn't hold `lock`, if its name says which lock that is.
  void setFree(PlaceId lock, facts::EventId since, bool failed);
  /// Whether a name means one lock for as long as this state lasts: no element of an unknown index, nothing unknown in it.
  bool exact(PlaceId lock) const;
  const Free *findFree(PlaceId lock) const;
  void eraseFree(PlaceId lock);
  /// Pointers in `fields` may have been written: names that pass through one may mean another object now.
  void invalidate(llvm::function_ref<bool(facts::FieldId)> written);

private:
  PlaceId contentOf(PlaceId lvalue) const;
  PlaceId moved(PlaceId place, PlaceId parent, uint32_t argument);
  PlaceId compare(const facts::Place &expr);

  Places &places_;
  PathState &state_;
  const LockState &locks_; // for what members hold for good
};

} // namespace heddle
