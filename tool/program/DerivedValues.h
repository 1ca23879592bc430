// Derived values: what one body computes from a value that it read or was given, and which branches depend on that.
//
// Computes. The value is known by the place that was read, as long as the block lasts in which it was read, or as the result of a
// call; then by each local that gets it, alone or as a part of an expression, if the local gets nothing else but a first value.
// A local that has its address taken or is captured by reference isn't followed, nor is memory.
//
// Gets wrong: what a loop's next turn does with a value of the last one. Source: def-use chains, as in any compiler.
#pragma once

#include "program/BlockGraph.h"
#include "program/Program.h"

namespace heddle {

class DerivedValues {
public:
  static constexpr size_t kLocals = 6;

  /// From what `event` reads at `place`, or, of a call, from what it returns.
  DerivedValues(const Program &program, const facts::BodyView &body, const BlockGraph &graph, facts::EventId event,
                PlaceId place);

  /// Whether `value`, as `event` uses it, is made from it.
  bool usedBy(PlaceId value, facts::EventId event) const;
  bool usedBy(facts::EventId event) const; // as any operand
  /// Blocks that branch on it.
  llvm::ArrayRef<facts::BlockId> branches() const { return branches_; }
  /// Whether an edge's value depends on it.
  bool decides(facts::BlockId block, const facts::Edge &edge) const { return inBlock(edge.value(), block); }
  /// Whether `value` is it, unchanged; whether it is made from it, at some place at least.
  bool is(PlaceId value) const;
  bool madeFrom(PlaceId value) const;
  /// Whether the body returns it, or something made from it; and whether it is returned unchanged.
  bool returned() const { return returned_; }
  bool returnedAsIs() const { return returned_ && asIs_; }

private:
  bool mentioned(PlaceId value) const;
  bool inBlock(PlaceId value, facts::BlockId block) const;
  bool soleValue(PlaceId local, facts::EventId write) const;
  void follow();

  const Program &program_;
  facts::BodyView body_;
  const BlockGraph &graph_;
  facts::EventId event_;
  PlaceId read_ = kNone; // the place, of a read
  llvm::SmallVector<PlaceId, 4> names_;
  llvm::SmallVector<PlaceId, 4> copies_; // those of them that are the value unchanged
  llvm::SmallVector<facts::BlockId, 2> branches_;
  bool returned_ = false, asIs_ = true;
};

} // namespace heddle
