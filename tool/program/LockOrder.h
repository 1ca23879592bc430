// In which order locks are taken, and where the orders contradict each other.
//
// Vertices are locks as far as they can be told apart over the whole program: a global lock is itself, a member lock is its field
// ("db::A::mu_", of whatever object), a local one is its variable. There is an edge a → b for each way in which b is acquired
// while a is surely held: the critical pairs of every body, and those of threads started there in the starter's names. A cycle
// of edges that can be taken by different threads, with no lock held around all of them, is a deadlock (Coffman et al. 1971;
// gate locks: Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", SPIN 2000).
//
// A cycle of one vertex is the same member of two objects: it needs proof that the two can be swapped, see swapped().
//
// A call that may run one of several functions, or one that isn't known, gives edges for each that is known; a cycle may have one
// such edge. With two, each way round may be another function's, or another object's, than those that meet.
//
// Gets wrong: two objects of a class in a longer cycle are taken to be possibly the same, as a reader would; Cycle::sameObjects
// says when they surely are. Try-locks give no edge.
#pragma once

#include "program/LockState.h"

#include <map>

namespace heddle {

/// A vertex: a lock told apart as far as the program as a whole allows.
struct LockNode {
  enum Kind : uint8_t { None, Object, Member, Local } kind = None;
  uint32_t id = kNone;        // Object: place; Member: field; Local: place in `body`
  facts::BodyId body = kNone; // Local
  friend auto operator<=>(const LockNode &, const LockNode &) = default;
};

struct OrderEdge {
  facts::BodyId body = kNone; // whose frame the places are of
  PlaceId from = kNone, to = kNone;
  Mode fromMode = Mode::Exclusive, toMode = Mode::Exclusive;
  AcquisitionId held = kNone, wanted = kNone;
  std::vector<Held> around; // other locks held at the same time, callers' included
  LockNode fromNode, toNode;
  facts::EventId start = kNone; // the event of `body` that starts the thread it happens in
  bool maybe = false;           // by a call that may run something else
};

/// Edges e0 … en with e(i).toNode = e(i+1).fromNode and back again.
struct LockCycle {
  std::vector<const OrderEdge *> edges;
  bool sameObjects = false; // the lock that one waits for is surely the one that the other holds
  bool swapped = false;     // one member of two objects, taken both ways round
  std::vector<std::string> considered;
};

class LockOrder {
public:
  explicit LockOrder(const Program &program);

  std::span<const OrderEdge> edges() const { return edges_; }
  /// Cycles that no veto explains away, short ones first; a longer one that has an order in common with it is left out.
  std::vector<LockCycle> cycles() const;

  LockNode node(PlaceId lock, facts::BodyId body) const;
  /// "db::A::mu_", "queue_lock"
  std::string name(const LockNode &node) const;

private:
  void addBody(facts::BodyId body);
  void addStarts(facts::BodyId body);
  void addPair(facts::BodyId body, const CriticalPair &pair, const HeldSet &callers, facts::EventId start);

  const Program &program_;
  std::vector<OrderEdge> edges_;
};

} // namespace heddle
