// Branches as tests of one value against a constant, with negations, conversions and swapped sides taken away.
#pragma once

#include "extract/EventWriter.h"

namespace heddle::extract {

struct Test {
  facts::PlaceId value = facts::kNone;
  facts::Relation relation = facts::Relation::Ne;
  int64_t constant = 0;
};

class Conditions {
public:
  Conditions(Rows &rows, Frame &frame, Values &values)
      : builder_(rows.builder), context_(rows.context), frame_(frame), values_(values) {}

  /// The edges of a block to its successors; `id` numbers Clang's blocks, kNone for those left out.
  std::vector<facts::EdgeDraft> edges(const clang::CFGBlock &block,
                                      llvm::function_ref<facts::BlockId(const clang::CFGBlock *)> id);

  /// The test that decides whether a value is true.
  Test test(facts::PlaceId value) const;

private:
  std::vector<facts::EdgeDraft> cases(const clang::SwitchStmt &statement, const clang::CFGBlock &block,
                                      llvm::function_ref<facts::BlockId(const clang::CFGBlock *)> id);
  const clang::Expr *conditionOf(const clang::CFGBlock &block) const;

  facts::Builder &builder_;
  clang::ASTContext &context_;
  Frame &frame_;
  Values &values_;
};

} // namespace heddle::extract
