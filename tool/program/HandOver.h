// Hand-over: one thread is done with an object and says so, another waits for that and then uses it, with no lock held by either.
//
// Computes, for an access, the objects through which its thread may tell others that it is done (stores to atomics, notified
// conditions, posted semaphores, what else has no body here and gets an object on which another thread waits) after it, or may
// learn that others are, before it: in the access's own frame and in those that called it, with their callees. An atomic that is
// loaded before counts only if the branch to the access can be taken for what the other side stores.
//
// A thread that waits for one condition and tells through another passes on what it is told: two hops, by queues say, no more.
//
// Atomics order by release and acquire: where one side is relaxed, with no fence in the function that has the access or the
// atomic operation, or in what that calls, the order is weak: it is meant, and isn't there.
//
// Gets wrong: that the value tells this and no other thing is guessed; a guess in favour of an order is a miss, never a false
// alarm. Source: happens-before by release and acquire, C++ standard, [intro.races].
#pragma once

#include "program/HandOverRoles.h"
#include "program/Phases.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <map>
#include <optional>

namespace heddle {

class Sharing;

class HandOver {
public:
  enum class Order : uint8_t { None, Weak, Strong };

  explicit HandOver(const Sharing &sharing);
  /// Whether what `from` did to an object may be known to be done when `to` does something to it; `through` is told the object
  /// that says so. `byCondition`: only by a condition variable or the like.
  Order order(ObjectId object, Point from, Point to, ObjectId &through, bool byCondition = false) const;
  /// Whether any atomic that is waited for has an operation of that kind.
  bool hasWeak() const;
  struct Operation {
    Point point;
    bool strong; // releases or acquires, or has a fence beside it
  };
  /// What tells through an object, or waits on it; in order of frame.
  llvm::ArrayRef<Operation> operations(ObjectId object, bool tells) const;

private:
  struct Signal {
    ObjectId object;
    std::optional<int64_t> value; // what is stored, if one constant
    bool strong = true;           // releases what was written before
    friend auto operator<=>(const Signal &, const Signal &) = default;
  };
  struct Wait {
    ObjectId object;
    bool load = false; // of an atomic: a value, on which a branch may depend
    bool strong = true;
    Point at, access; // the event in a frame of the chain, and the chain's own event there
  };
  using Awaited = std::pair<ObjectId, bool>; // strongly
  using Signals = std::vector<Signal>;       // sorted
  /// What a frame does itself, by event, and with all that it calls.
  struct Own {
    struct WaitAt {
      facts::EventId event;
      ObjectId object;
      bool load, strong;
    };
    std::vector<std::pair<facts::EventId, Signal>> signals;
    std::vector<WaitAt> waits;
    llvm::BitVector below, waitsBelow; // of signals_ and waits_, those of callees included
    bool fence = false;                // of its own, or of a function that it calls
  };
  void prepare() const;
  void findFences() const;
  void spread() const;
  void findRelays() const;
  void number() const;
  void signalsAt(FrameId frame, facts::EventId event, const HandOverRole &role, Own &own) const;
  void waitsAt(FrameId frame, facts::EventId event, const HandOverRole &role, Own &own) const;
  /// What the access's thread tells after it, and waits for before it, on the way on which `beside` runs. The next run of what
  /// makes the object makes another one.
  const Signals &toldAfter(Point access, EntryId beside, Point made) const;
  const std::vector<Wait> &heardBefore(Point access, EntryId beside, Point made) const;
  bool reaches(FrameId frame, facts::EventId from, facts::EventId to, Point made) const;
  bool fits(const Wait &wait, const Signal &signal) const;
  bool asksBefore(const Wait &wait, Point access) const;

  const Sharing &sharing_;
  mutable HandOverRoles roles_;
  mutable bool prepared_ = false;
  mutable std::vector<Own> own_;       // by frame
  mutable Signals signals_;            // all that there are
  mutable std::vector<Awaited> waits_; // all that is waited for; sorted
  mutable llvm::DenseSet<ObjectId> waitedFor_, conditions_;
  mutable llvm::DenseSet<std::pair<ObjectId, ObjectId>> relays_;          // what a thread waits for, and what it tells then
  mutable llvm::DenseMap<ObjectId, std::vector<Operation>> tells_, asks_; // by object
  mutable std::map<std::tuple<Point, EntryId, Point>, Signals> told_;
  mutable std::map<std::tuple<Point, EntryId, Point>, std::vector<Wait>> heard_;
};

} // namespace heddle
