// What one path through a function knows of descriptors: the state that DescriptorsWalk carries from event to event.
//
// Values are named by places: Result(k) is what event k gave, and a place that the path hasn't written names what it held when
// the function was entered. So "which description is behind this expression" is a look-up, whatever variables and fields it went
// through.
#pragma once

#include "program/Places.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace heddle::descriptors {

/// Index into the descriptions or forks of one function's Frame.
using DescriptionId = uint32_t;
using ForkId = uint32_t;
constexpr ForkId kMaxForks = 32; // in one frame; a bit each in Held

/// An inclusive range of numbers.
struct Range {
  static constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  int64_t low = kMin, high = kMax;

  static Range exactly(int64_t value) { return {value, value}; }
  /// The numbers for which `number relation constant` holds; everything for Ne unless it cuts off an end of `within`.
  static Range where(facts::Relation relation, int64_t constant, Range within);
  bool empty() const { return low > high; }
  bool single() const { return low == high; }
  Range meet(Range other) const { return {std::max(low, other.low), std::min(high, other.high)}; }
  Range join(Range other) const { return {std::min(low, other.low), std::max(high, other.high)}; }
  friend auto operator<=>(const Range &, const Range &) = default;
};

/// Whether `range relation constant` holds, if that is known.
std::optional<bool> decide(Range range, facts::Relation relation, int64_t constant);

/// A description that a value stands for.
struct Held {
  DescriptionId description = kNone;
  uint32_t after = 0; // forks that came before it was opened: its bits are ForkIds
  uint32_t fresh = 0; // forks that run in a loop, and it was opened in this round
  friend auto operator<=>(const Held &, const Held &) = default;
};

enum class Side : uint8_t { Child, Parent };

/// On which side of a fork a path is.
struct ForkSide {
  ForkId fork = kNone;
  Side side = Side::Child;
  bool decided = false;   // a branch on the fork's result was taken
  bool waited = false;    // the parent has waited for a child since
  bool repeated = false;  // an earlier child of this fork may still run
  PlaceId result = kNone; // the value that tells the sides apart
  friend auto operator<=>(const ForkSide &, const ForkSide &) = default;
};

/// A sorted vector as a map: states are copied and compared more often than they are searched.
template <class Value> class PlaceMap {
public:
  using Entry = std::pair<PlaceId, Value>;
  const Value *find(PlaceId key) const {
    auto it = lower(key);
    return it != entries_.end() && it->first == key ? &it->second : nullptr;
  }
  void set(PlaceId key, Value value) {
    auto it = lower(key);
    if (it != entries_.end() && it->first == key)
      it->second = value;
    else
      entries_.insert(it, {key, value});
  }
  void erase(PlaceId key) {
    eraseIf([&](const Entry &e) { return e.first == key; });
  }
  template <class Test> void eraseIf(Test test) {
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), test), entries_.end());
  }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  friend auto operator<=>(const PlaceMap &, const PlaceMap &) = default;

private:
  auto lower(PlaceId key) {
    return std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry &e, PlaceId k) { return e.first < k; });
  }
  auto lower(PlaceId key) const {
    return std::lower_bound(entries_.begin(), entries_.end(), key, [](const Entry &e, PlaceId k) { return e.first < k; });
  }
  std::vector<Entry> entries_;
};

/// One path, or all paths with the same descriptions and sides: what else they know is what they agree on (property simulation:
/// Das, Lerner and Seigle, ESP, PLDI 2002).
struct State {
  // the property
  PlaceMap<Held> held;         // by value, or by the place of a stream
  std::vector<ForkSide> forks; // sorted by fork
  bool waited = false;         // for a child that wasn't forked in this function
  // the environment
  PlaceMap<PlaceId> values; // what was stored, by storage
  PlaceMap<Range> numbers;  // what is known of numbers, by value

  friend bool operator==(const State &, const State &) = default;
  bool sameProperty(const State &other) const { return held == other.held && forks == other.forks && waited == other.waited; }
  /// Keeps what both know; true when something was lost.
  bool join(const State &other, PlaceId unknown);
  ForkSide *sideOf(ForkId fork);
};

/// Reads and writes a state by places of a body.
class Reader {
public:
  Reader(Places &places) : places_(places), unknown_(places.make(PlaceKind::Unknown, kNone)) {}

  Places &places() const { return places_; }
  PlaceId unknown() const { return unknown_; }

  PlaceId storage(const State &state, PlaceId place) const; // where `place` is, through pointers whose value is known
  PlaceId value(const State &state, PlaceId place) const;   // what it holds
  std::optional<Range> number(const State &state, PlaceId value) const;
  /// Whether the edge's test holds, if that is known. Value is as from value().
  std::optional<bool> test(const State &state, PlaceId value, facts::Relation relation, int64_t constant) const;

  /// Stores, and forgets what depended on the old content.
  void write(State &state, PlaceId storage, PlaceId value) const;
  /// `place` is a value of its own from now on: forgets all that mentions it.
  void forget(State &state, PlaceId place) const;
  /// Learns that the test holds: narrows numbers and drops descriptions that would not have been opened.
  void learn(State &state, PlaceId value, facts::Relation relation, int64_t constant) const;

  /// Whether a caller has a name for it: it stems from a parameter, `this`, a capture or a global.
  bool outlives(PlaceId place) const;

  /// Whether it is, or is part of, a parameter's own storage, which dies with the call.
  bool inParameter(PlaceId place) const;

private:
  PlaceId content(const State &state, PlaceId where) const;
  std::optional<Range> compare(const State &state, const facts::Place &expression) const;
  bool fixed(PlaceId value) const;

  Places &places_;
  PlaceId unknown_;
};

} // namespace heddle::descriptors
