#include "extract/Conditions.h"

#include "facts/Relations.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

constexpr int64_t kMaxRange = 16; // of a GNU case range that is written value by value

Test Conditions::test(PlaceId value) const {
  Test test{.value = value};
  // `x != 0` tests x; `!e` and `e == 0` test e the other way round; a comparison with another constant is the test itself.
  for (;;) {
    if (test.value == kNone || builder_.place(test.value).kind() != PlaceKind::Expr)
      return test;
    Place place = builder_.place(test.value);
    bool truth = test.constant == 0 && (test.relation == Relation::Ne || test.relation == Relation::Eq);
    if (!truth)
      return test;
    if (place.op() == ExprOp::Not) {
      test.value = place.parent();
      test.relation = negated(test.relation);
      continue;
    }
    std::optional<Relation> relation = relationOf(place.op());
    if (!relation || place.id() == kNone || place.parent() == kNone)
      return test;
    PlaceId left = place.parent(), right = place.id();
    if (builder_.place(left).kind() == PlaceKind::Constant)
      std::swap(left, right), relation = swapped(*relation);
    if (builder_.place(right).kind() != PlaceKind::Constant)
      return test;
    test.value = left;
    test.constant = builder_.constantAt(builder_.place(right).id());
    test.relation = test.relation == Relation::Ne ? *relation : negated(*relation);
  }
}

/// What the block decides on: the operand of `&&` and `||` that was evaluated in it, else the whole condition.
const Expr *Conditions::conditionOf(const CFGBlock &block) const {
  const auto *condition = dyn_cast_or_null<Expr>(block.getTerminatorCondition());
  while (condition) {
    condition = BodyScan::core(condition);
    const auto *logical = dyn_cast<BinaryOperator>(condition);
    if (!logical || !logical->isLogicalOp() || frame_.values.count(logical))
      return condition;
    condition = logical->getRHS();
  }
  return nullptr;
}

std::vector<EdgeDraft> Conditions::cases(const SwitchStmt &statement, const CFGBlock &block,
                                         llvm::function_ref<BlockId(const CFGBlock *)> id) {
  std::vector<EdgeDraft> edges;
  PlaceId value = values_(*statement.getCond());
  std::optional<BlockId> fallback;
  for (const CFGBlock::AdjacentBlock &next : block.succs()) {
    const CFGBlock *to = next;
    if (!to || id(to) == kNone)
      continue;
    const auto *label = dyn_cast_or_null<CaseStmt>(to->getLabel());
    if (!label) {
      fallback = id(to);
      continue;
    }
    Expr::EvalResult low, high;
    if (!label->getLHS()->EvaluateAsInt(low, context_))
      continue;
    int64_t from = low.Val.getInt().getExtValue(), last = from;
    if (label->getRHS() && label->getRHS()->EvaluateAsInt(high, context_))
      last = high.Val.getInt().getExtValue();
    if (last >= from && last - from < kMaxRange) {
      for (int64_t constant = from; constant <= last; ++constant)
        edges.push_back({id(to), Relation::Eq, value, constant});
    } else {
      // Too wide to enumerate: either bound, which leaves too much rather than too little.
      edges.push_back({id(to), Relation::Ge, value, from});
    }
  }
  if (fallback)
    edges.push_back({*fallback, edges.empty() ? Relation::Always : Relation::Default, kNone, 0});
  return edges;
}

std::vector<EdgeDraft> Conditions::edges(const CFGBlock &block, llvm::function_ref<BlockId(const CFGBlock *)> id) {
  std::vector<EdgeDraft> edges;
  const Stmt *terminator = block.getTerminatorStmt();
  if (const auto *choice = dyn_cast_or_null<SwitchStmt>(terminator))
    return cases(*choice, block, id);
  bool branch = block.getTerminator().isStmtBranch() && block.succ_size() == 2 && terminator && !isa<DeclStmt>(terminator) &&
                !isa<IndirectGotoStmt>(terminator) && !isa<CXXTryStmt>(terminator) && !isa<GCCAsmStmt>(terminator);
  const Expr *condition = branch ? conditionOf(block) : nullptr;
  Relation relation = Relation::Always;
  Test decision;
  if (condition && condition->getType()->isVoidType() == false) {
    decision = test(values_(*condition));
    if (decision.value != kNone)
      relation = decision.relation;
  }
  unsigned index = 0, live = 0;
  for (const CFGBlock::AdjacentBlock &next : block.succs())
    live += static_cast<const CFGBlock *>(next) != nullptr;
  for (const CFGBlock::AdjacentBlock &next : block.succs()) {
    const CFGBlock *to = next;
    bool second = index++ == 1;
    if (!to || id(to) == kNone)
      continue;
    if (relation == Relation::Always || live < 2)
      edges.push_back({.to = id(to)});
    else
      edges.push_back({id(to), second ? negated(relation) : relation, decision.value, decision.constant});
  }
  return edges;
}

} // namespace heddle::extract
