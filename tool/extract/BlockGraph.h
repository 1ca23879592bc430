// The blocks of a body in their final order: reverse post-order of what can be reached, handlers of exceptions included, with
// blocks that hold nothing and decide nothing folded away.
#pragma once

#include "extract/BodyScan.h"
#include "facts/Draft.h"

#include "clang/Analysis/CFG.h"

namespace heddle::extract {

/// Clang's blocks in reverse post-order from the entry. A try block's dispatch is reached from what may throw within it.
class BlockOrder {
public:
  BlockOrder(const clang::CFG &graph, const BodyScan &scan);

  const std::vector<const clang::CFGBlock *> &blocks() const { return blocks_; }
  facts::BlockId of(const clang::CFGBlock *block) const;
  /// The block that dispatches to the handlers of a try scope; kNone when nothing in it throws.
  facts::BlockId dispatchOf(unsigned tryScope) const;
  /// Dispatch blocks that an exception within a block may reach.
  const std::vector<unsigned> &triesOf(const clang::CFGBlock *block) const;

private:
  std::vector<const clang::CFGBlock *> successors(const clang::CFGBlock &block) const;

  std::vector<const clang::CFGBlock *> blocks_;
  llvm::DenseMap<const clang::CFGBlock *, facts::BlockId> ids_;
  llvm::DenseMap<unsigned, const clang::CFGBlock *> dispatch_;
  llvm::DenseMap<const clang::CFGBlock *, std::vector<unsigned>> tries_;
  std::vector<unsigned> none_;
};

/// Folds blocks, marks the heads of loops, and renumbers edges and handlers.
void simplify(facts::BodyDraft &body);

} // namespace heddle::extract
