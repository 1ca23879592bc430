// The control-flow graph of one body as the phases of a program need it: what comes after what, and what is in a loop.
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <vector>

namespace heddle {

class BlockGraph {
public:
  explicit BlockGraph(const facts::BodyView &body);

  facts::BlockId blockOf(facts::EventId event) const { return blockOf_[event]; }
  /// Strongly connected component of a block, and whether it is a loop.
  uint32_t component(facts::BlockId block) const { return component_[block]; }
  bool cyclic(facts::BlockId block) const { return cyclic_[component_[block]]; }
  llvm::ArrayRef<facts::BlockId> before(facts::BlockId block) const { return before_[block]; }
  llvm::ArrayRef<facts::BlockId> after(facts::BlockId block) const { return after_[block]; }
  size_t size() const { return after_.size(); }
  /// Whether control may go from one event on to another.
  bool reaches(facts::EventId from, facts::EventId to) const;
  /// The same on a way that doesn't come by a third event, and along edges that `passes` allows.
  bool reachesWithout(
      facts::EventId from, facts::EventId to, facts::EventId without,
      llvm::function_ref<bool(facts::BlockId, facts::BlockId)> passes = [](facts::BlockId, facts::BlockId) {
        return true;
      }) const;
  /// Whether some way from a block on, itself the first of it, comes to a block that is a goal by none that is to be avoided.
  bool leads(facts::BlockId from, llvm::function_ref<bool(facts::BlockId)> goal,
             llvm::function_ref<bool(facts::BlockId)> avoided) const;
  /// Whether every way from the body's start to an event passes the other event first.
  bool passes(facts::EventId first, facts::EventId event) const;
  /// The same, without passing a loop's end: within one run of the body.
  bool reachesForward(facts::BlockId from, facts::BlockId to) const;
  /// The same of events: whether the second may come after the first in one run.
  bool inOrder(facts::EventId first, facts::EventId second) const {
    facts::BlockId a = blockOf_[first], b = blockOf_[second];
    return a == b ? first < second : reachesForward(a, b);
  }

private:
  void findComponents();
  using Reach = std::vector<llvm::BitVector>; // by block
  void findReach(Reach &reach, bool loops) const;

  std::vector<facts::BlockId> blockOf_;
  std::vector<llvm::SmallVector<facts::BlockId, 2>> before_, after_;
  std::vector<uint32_t> component_, order_; // order_: reverse postorder number
  std::vector<bool> cyclic_;
  mutable Reach reach_, forward_; // made when first asked for
};

} // namespace heddle
