// What the program declares of its locks and doesn't keep.
//
// * A demand that no path, or not every path, meets: guarded data touched, a function called. What callers surely hold counts as
// held.
// * A promise that an end of the function breaks: it declares to acquire a lock and can return without it, to release one and can
//   return with it, or to be called with one that it can return without.
// * An order: a lock is taken while one is held that is declared to be taken later.
//
// What is held on some of the paths that a state stands for is neither held nor not held; what is hidden in a function without
// body isn't seen: neither is a violation. A function of the lock itself (ACQUIRE without argument) is how it is made, and
// promises nothing that could be looked up.
#pragma once

#include "program/LockState.h"

namespace heddle {

struct BrokenContract {
  enum Kind : uint8_t { Unmet, NotAcquired, NotReleased, NotKept, WrongOrder } kind = Unmet;
  facts::BodyId body = facts::kNone;
  bool sure = false;                          // of every path that is known
  std::vector<const Demand *> demands;        // Unmet: of one subject, in order
  uint8_t met = 0;                            // Unmet: of the first
  PlaceId lock = kNone;                       // as the body names it; kNone: any lock
  AcquisitionId held = kNone, wanted = kNone; // WrongOrder; NotAcquired: `held` is how another end has it
};

class LockContracts {
public:
  explicit LockContracts(const Program &program);

  /// In order of body.
  std::span<const BrokenContract> all() const { return broken_; }

private:
  void findUnmet(facts::BodyId body);
  void findPromises(facts::BodyId body);
  void findOrders(facts::BodyId body);
  uint8_t missed(facts::BodyId body, const Demand &demand) const;
  bool heldByCallers(facts::BodyId body, const Demand &demand) const;

  const Program &program_;
  const LockState &locks_;
  std::vector<BrokenContract> broken_;
};

} // namespace heddle
