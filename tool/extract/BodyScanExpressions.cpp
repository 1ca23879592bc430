// The half of BodyScan that looks at expressions.
#include "extract/BodyScan.h"

namespace heddle::extract {

using namespace clang;

/// Says where the object that `expr` makes is built, and passes it on to the expressions that make it.
void BodyScan::build(const Expr *expr, Destination destination) {
  std::vector<std::pair<const Expr *, Destination>> work{{expr, destination}};
  auto add = [&](const Expr *e, Destination d) {
    if (e)
      work.emplace_back(e, d);
  };
  while (!work.empty()) {
    auto [e, d] = work.back();
    work.pop_back();
    if (e->isGLValue() && !isa<MaterializeTemporaryExpr>(e) && !isa<FullExpr>(e) && !isa<ParenExpr>(e))
      continue;
    if (isa<MaterializeTemporaryExpr>(e) || (e->isGLValue() && d.kind != Destination::Variable))
      continue; // a reference: the object is a temporary
    destinations_[e] = d;
    if (const auto *paren = dyn_cast<ParenExpr>(e))
      add(paren->getSubExpr(), d);
    else if (const auto *full = dyn_cast<FullExpr>(e))
      add(full->getSubExpr(), d);
    else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(e))
      add(bound->getSubExpr(), d);
    else if (const auto *cast_ = dyn_cast<CastExpr>(e))
      add(cast_->getSubExpr(), d);
    else if (const auto *choice = dyn_cast<ConditionalOperator>(e))
      add(choice->getTrueExpr(), d), add(choice->getFalseExpr(), d);
    else if (const auto *comma = dyn_cast<BinaryOperator>(e))
      comma->getOpcode() == BO_Comma ? add(comma->getRHS(), d) : void();
    else if (const auto *value = dyn_cast<CXXDefaultInitExpr>(e))
      add(value->getExpr(), d);
    else if (const auto *opaque = dyn_cast<OpaqueValueExpr>(e))
      add(opaque->getSourceExpr(), d);
    else if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(e))
      add(rewritten->getSemanticForm(), d);
    else if (const auto *statement = dyn_cast<StmtExpr>(e)) {
      const CompoundStmt *block = statement->getSubStmt();
      add(block->body_empty() ? nullptr : dyn_cast<Expr>(block->body_back()), d);
    } else if (const auto *list = dyn_cast<InitListExpr>(e); list && list->isTransparent())
      add(list->getInit(0), d);
    else if (const auto *construct = dyn_cast<CXXConstructExpr>(e)) {
      // Before C++17 a copy of a temporary is written in the tree and left out of the program.
      if (!construct->isElidable() || construct->getNumArgs() == 0)
        continue;
      const auto *made = dyn_cast<MaterializeTemporaryExpr>(construct->getArg(0)->IgnoreParenImpCasts());
      if (!made)
        made = dyn_cast<MaterializeTemporaryExpr>(construct->getArg(0));
      if (made)
        destinations_[e] = {Destination::Elided, made->getSubExpr()}, add(made->getSubExpr(), d);
    }
  }
}

void BodyScan::merge(const Expr &expr) {
  if (expr.isGLValue() || !destinations_.count(&expr))
    build(&expr, {Destination::Merged, &expr});
}

void BodyScan::buildParts(const Expr &list, llvm::ArrayRef<Expr *> parts) {
  if (!destinations_.count(&list))
    destinations_[&list] = {Destination::Merged, &list};
  unsigned index = 0;
  for (const Expr *part : parts) {
    if (part && part->isPRValue() && (part->getType()->isRecordType() || part->getType()->isArrayType()))
      build(part, {Destination::Part, &list, index});
    ++index;
  }
}

bool BodyScan::visitOperator(const Item &item) {
  const Stmt *s = item.statement;
  if (const auto *cast_ = dyn_cast<CastExpr>(s)) {
    Role role = item.role;
    if (cast_->getCastKind() == CK_LValueToRValue)
      role = Role::Loaded;
    else if (cast_->getCastKind() == CK_ArrayToPointerDecay && item.role == Role::Loaded)
      role = Role::Loaded;
    else if (cast_->getSubExpr()->isGLValue() && !cast_->isGLValue() && cast_->getCastKind() != CK_ToVoid)
      role = Role::Other;
    else if (cast_->getCastKind() == CK_ToVoid)
      role = Role::Ignored;
    push(cast_->getSubExpr(), role, item.tryScope);
    return true;
  }
  if (const auto *binary = dyn_cast<BinaryOperator>(s)) {
    bool comma = binary->getOpcode() == BO_Comma;
    if (comma)
      discard(binary->getLHS());
    push(binary->getLHS(), binary->isAssignmentOp() ? Role::Written : comma ? Role::Ignored : Role::Other, item.tryScope);
    push(binary->getRHS(), comma ? item.role : Role::Other, item.tryScope);
    return true;
  }
  if (const auto *unary = dyn_cast<UnaryOperator>(s)) {
    push(unary->getSubExpr(), unary->isIncrementDecrementOp() ? Role::Written : Role::Other, item.tryScope);
    return true;
  }
  if (const auto *choice = dyn_cast<AbstractConditionalOperator>(s)) {
    if (choice->getType()->isRecordType() && choice->isPRValue())
      merge(*choice);
    else if (!choice->getType()->isVoidType()) {
      arms_[core(choice->getTrueExpr())] = choice;
      arms_[core(choice->getFalseExpr())] = choice;
    }
    return false;
  }
  return false;
}

void BodyScan::visitCall(const CallExpr &call, unsigned tryScope) {
  if (const auto *member = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens());
      member && isa<CXXMethodDecl>(member->getMemberDecl()))
    push(member->getBase(), member->isArrow() ? Role::Other : Role::Object, tryScope);
  else
    push(call.getCallee(), Role::Ignored, tryScope);
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(call.getDirectCallee());
  bool object = isa<CXXOperatorCallExpr>(call) && method && method->isInstance();
  for (const Expr *argument : call.arguments()) {
    push(argument, object ? Role::Object : Role::Other, tryScope);
    object = false;
  }
}

bool BodyScan::visitExpression(const Item &item) {
  const Stmt *s = item.statement;
  if (const auto *reference = dyn_cast<DeclRefExpr>(s))
    return use(*reference, item.role), true;
  if (const auto *member = dyn_cast<MemberExpr>(s)) {
    push(member->getBase(), member->isArrow() ? Role::Other : item.role, item.tryScope);
    return true;
  }
  if (const auto *element = dyn_cast<ArraySubscriptExpr>(s)) {
    const auto *decay = dyn_cast<ImplicitCastExpr>(element->getBase()->IgnoreParens());
    bool array = decay && decay->getCastKind() == CK_ArrayToPointerDecay;
    if (array)
      push(decay->getSubExpr(), item.role, item.tryScope);
    else
      push(element->getBase(), Role::Other, item.tryScope);
    push(element->getIdx(), Role::Other, item.tryScope);
    return true;
  }
  if (isa<ParenExpr>(s) || isa<FullExpr>(s) || isa<CXXBindTemporaryExpr>(s) || isa<MaterializeTemporaryExpr>(s)) {
    for (const Stmt *child : s->children())
      push(child, item.role, item.tryScope);
    return true;
  }
  if (const auto *call = dyn_cast<CallExpr>(s))
    return visitCall(*call, item.tryScope), true;
  if (const auto *lambda = dyn_cast<LambdaExpr>(s))
    return visitLambda(*lambda, item.tryScope), true;
  if (const auto *value = dyn_cast<CXXDefaultInitExpr>(s))
    return push(value->getExpr(), Role::Other, item.tryScope), true;
  if (const auto *value = dyn_cast<CXXDefaultArgExpr>(s))
    return push(value->getExpr(), Role::Other, item.tryScope), true;
  if (const auto *created = dyn_cast<CXXNewExpr>(s)) {
    if (const Expr *init = created->getInitializer())
      build(init, {Destination::New, created});
    return false;
  }
  if (const auto *list = dyn_cast<InitListExpr>(s)) {
    if (!list->isTransparent() && (list->getType()->isRecordType() || list->getType()->isArrayType()))
      buildParts(*list, llvm::ArrayRef(const_cast<InitListExpr *>(list)->getInits(), list->getNumInits()));
    return false;
  }
  if (const auto *list = dyn_cast<CXXParenListInitExpr>(s)) {
    buildParts(*list, const_cast<CXXParenListInitExpr *>(list)->getInitExprs());
    return false;
  }
  if (const auto *rewritten = dyn_cast<CXXRewrittenBinaryOperator>(s))
    return push(rewritten->getSemanticForm(), item.role, item.tryScope), true;
  // Operands that are never evaluated use nothing.
  return isa<UnaryExprOrTypeTraitExpr>(s) || isa<CXXNoexceptExpr>(s) || isa<BlockExpr>(s) || isa<RequiresExpr>(s) ||
         (isa<CXXTypeidExpr>(s) && !cast<CXXTypeidExpr>(s)->isPotentiallyEvaluated());
}

} // namespace heddle::extract
