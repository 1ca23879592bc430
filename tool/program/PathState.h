// The state of one path through a body: locks, what places hold, and what branches have told.
#pragma once

#include "program/LockState.h"

namespace heddle {

struct PathState {
  HeldSet held;
  llvm::SmallVector<PlaceId, 1> released;                // locks of the caller
  llvm::SmallVector<std::pair<PlaceId, PlaceId>, 4> env; // sorted: what a place holds
  llvm::SmallVector<Assumption, 4> assumed;              // sorted
  PlaceId returned = kNone;                              // value of the return statement passed

  friend bool operator==(const PathState &, const PathState &) = default;
};

/// Whether `relation` holds between two numbers.
bool holds(int64_t left, facts::Relation relation, int64_t right);
facts::Relation negated(facts::Relation relation);
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
  /// Adds an assumption; false when the path can't be taken.
  bool assume(PlaceId value, facts::Relation relation, int64_t constant);

  void store(PlaceId lvalue, PlaceId value);
  /// `to` is a copy of the object `from`: what is known of its members is known of the copy's.
  void copyMembers(PlaceId to, PlaceId from);
  /// Forgets what is known of `lvalue` and its parts.
  void forget(PlaceId lvalue);
  /// A new run of `event`: what its last run gave is another object now.
  void renew(PlaceId result, PlaceId stale);

  static const Held *find(const HeldSet &held, PlaceId lock);
  void acquire(const Held &lock);
  /// Removes one count; false when `lock` isn't held here.
  bool release(PlaceId lock);

private:
  PlaceId contentOf(PlaceId lvalue) const;
  PlaceId compare(const facts::Place &expr);

  Places &places_;
  PathState &state_;
  const LockState &locks_; // for what members hold for good
};

} // namespace heddle
