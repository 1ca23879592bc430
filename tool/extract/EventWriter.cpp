#include "extract/EventWriter.h"

#include "clang/AST/StmtCXX.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

EventWriter::EventWriter(Rows &rows, Frame &frame, Cleanups &cleanups)
    : rows_(rows), builder_(rows.builder), frame_(frame), scan_(frame.scan), cleanups_(cleanups), values_(rows, &frame) {
  if (frame.function)
    if (const auto *type = frame.function->getType()->getAs<FunctionProtoType>())
      terminates_ = rows.context.getLangOpts().CXXExceptions && !isUnresolvedExceptionSpec(type->getExceptionSpecType()) &&
                    type->canThrow() == CT_Cannot;
}

bool EventWriter::mayThrow(const ASTContext &context, const FunctionDecl *callee, const FunctionProtoType *type) {
  if (!context.getLangOpts().CXXExceptions)
    return false;
  if (callee && callee->hasAttr<NoThrowAttr>())
    return false;
  if (!type)
    return true;
  if (isUnresolvedExceptionSpec(type->getExceptionSpecType()))
    return !callee || !isa<CXXDestructorDecl>(callee);
  return type->canThrow() != CT_Cannot;
}

EventId EventWriter::emit(EventDraft draft, SourceRange range, const Stmt *at) {
  EventId id = events.size();
  draft.location = rows_.location(use_.isValid() ? use_ : range);
  if (has(draft.flags, Flags::MayThrow) || draft.kind == EventKind::Throw)
    draft.cleanup = cleanups_.chain(live, tryScope_, terminates_);
  events.push_back(std::move(draft));
  if (at)
    eventOf.try_emplace(at, id);
  return id;
}

PlaceId EventWriter::nextResult(QualType type) {
  return builder_.place(PlaceKind::Result, events.size(), rows_.type(type.getUnqualifiedType()));
}

void EventWriter::element(const CFGElement &element) {
  switch (element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    statement(*element.castAs<CFGStmt>().getStmt());
    break;
  case CFGElement::Initializer:
    initializer(*element.castAs<CFGInitializer>().getInitializer());
    break;
  case CFGElement::NewAllocator:
    allocate(*element.castAs<CFGNewAllocator>().getAllocatorExpr());
    break;
  case CFGElement::AutomaticObjectDtor:
  case CFGElement::BaseDtor:
  case CFGElement::MemberDtor:
  case CFGElement::TemporaryDtor:
    destroyImplicit(element.castAs<CFGImplicitDtor>());
    break;
  case CFGElement::CleanupFunction:
    cleanupFunction(element.castAs<CFGCleanupFunction>());
    break;
  default:
    break; // a deletion's destructor is written with the deletion
  }
}

void EventWriter::statement(const Stmt &s) {
  tryScope_ = scan_.tryOf(s);
  if (const auto *expr = dyn_cast<Expr>(&s)) {
    expression(*expr);
  } else if (const auto *declarations = dyn_cast<DeclStmt>(&s)) {
    for (const Decl *decl : declarations->decls())
      if (const auto *variable = dyn_cast<VarDecl>(decl))
        declare(*variable);
  } else if (const auto *result = dyn_cast<ReturnStmt>(&s)) {
    leave(s, result->getRetValue());
  } else if (isa<CoreturnStmt>(&s)) {
    leave(s, nullptr);
  } else if (const auto *text = dyn_cast<GCCAsmStmt>(&s)) {
    assembly(*text);
  }
}

void EventWriter::expression(const Expr &given) {
  const Expr &expr = given;
  if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(&expr))
    return bindTemporary(*bound);
  if (BodyScan::core(&expr) != &expr)
    return;
  frame_.values.erase(&expr);
  if (const auto *e = dyn_cast<CallExpr>(&expr))
    call(*e);
  else if (const auto *e = dyn_cast<CXXConstructExpr>(&expr))
    construct(*e);
  else if (const auto *e = dyn_cast<CastExpr>(&expr)) {
    if (e->getCastKind() == CK_LValueToRValue)
      read(*e->getSubExpr());
  } else if (const auto *e = dyn_cast<BinaryOperator>(&expr)) {
    if (e->isAssignmentOp())
      assign(*e);
  } else if (const auto *e = dyn_cast<UnaryOperator>(&expr)) {
    if (e->isIncrementDecrementOp())
      step(*e);
  } else if (const auto *e = dyn_cast<LambdaExpr>(&expr))
    closure(*e);
  else if (const auto *e = dyn_cast<InitListExpr>(&expr)) {
    if (!e->isTransparent())
      list(*e, llvm::ArrayRef(const_cast<InitListExpr *>(e)->getInits(), e->getNumInits()));
  } else if (const auto *e = dyn_cast<CXXParenListInitExpr>(&expr))
    list(*e, const_cast<CXXParenListInitExpr *>(e)->getInitExprs());
  else if (const auto *e = dyn_cast<CXXNewExpr>(&expr))
    initializeNew(*e);
  else if (const auto *e = dyn_cast<CXXDeleteExpr>(&expr))
    destroyDeleted(*e);
  else if (const auto *e = dyn_cast<CXXThrowExpr>(&expr)) {
    EventDraft draft{.kind = EventKind::Throw};
    if (e->getSubExpr())
      draft.operands.push_back(values_(*e->getSubExpr()));
    emit(draft, e->getSourceRange(), e);
  } else if (const auto *e = dyn_cast<CXXInheritedCtorInitExpr>(&expr))
    inheritedConstruct(*e);
  else if (const auto *e = dyn_cast<AtomicExpr>(&expr))
    atomic(*e);
  else if (isa<CoroutineSuspendExpr>(expr))
    suspend(expr);
  else if (const auto *e = dyn_cast<CXXDefaultArgExpr>(&expr)) {
    SourceRange outer = use_;
    use_ = use_.isValid() ? use_ : SourceRange(e->getUsedLocation());
    tree(*e->getExpr());
    use_ = outer;
  } else if (const auto *e = dyn_cast<CompoundLiteralExpr>(&expr)) {
    if (e->getInitializer())
      value(expr, values_(*e->getInitializer()));
  } else if (isa<AbstractConditionalOperator>(expr) && !expr.getType()->isVoidType() && !frame_.values.count(&expr)) {
    if (expr.getType()->isRecordType() && expr.isPRValue()) {
      value(expr, destination(expr));
    } else {
      value(expr, expr.isGLValue() ? values_.deref(merged(expr), expr.getType()) : merged(expr));
    }
  }
  if (const auto *e = dyn_cast<BinaryOperator>(&expr); e && e->isLogicalOp())
    value(expr, merged(expr));
  if (!frame_.values.count(&expr))
    value(expr, values_(expr));
  if (const Expr *conditional = scan_.conditionalOf(expr))
    carry(expr, *conditional);
  if (const Expr *logical = lastOperands_.lookup(&expr))
    carry(expr, *logical);
}

/// The events of an expression that the graph holds as one: default arguments. In order of evaluation, operands first.
void EventWriter::tree(const Expr &root) {
  std::vector<std::pair<const Stmt *, bool>> stack{{&root, false}};
  while (!stack.empty()) {
    auto [s, seen] = stack.back();
    stack.pop_back();
    if (seen) {
      if (const auto *created = dyn_cast<CXXNewExpr>(s); created && !frame_.allocations.count(created))
        allocate(*created);
      expression(*cast<Expr>(s));
      continue;
    }
    stack.emplace_back(s, true);
    if (isa<LambdaExpr>(s) || isa<UnaryExprOrTypeTraitExpr>(s) || isa<CXXNoexceptExpr>(s) || isa<StmtExpr>(s))
      continue;
    std::vector<const Stmt *> children;
    if (const auto *value = dyn_cast<CXXDefaultInitExpr>(s))
      children.push_back(value->getExpr());
    for (const Stmt *child : s->children())
      if (child && isa<Expr>(child))
        children.push_back(child);
    for (const Stmt *child : llvm::reverse(children))
      stack.emplace_back(child, false);
  }
}

/// Where the value of an expression is that several paths compute.
PlaceId EventWriter::merged(const Expr &whole) {
  QualType type = whole.isGLValue() ? rows_.context.getPointerType(whole.getType()) : whole.getType();
  return builder_.place(PlaceKind::Local, frame_.unnamed(whole, type), rows_.type(type.getUnqualifiedType()));
}

/// Brings an operand's value over to where the paths join.
void EventWriter::carry(const Expr &arm, const Expr &whole) {
  PlaceId held = values_(arm);
  if (held == kNone)
    return;
  EventDraft draft{.kind = EventKind::Write, .flags = Flags::Implicit | Flags::Initial, .place = merged(whole)};
  draft.operands.push_back(whole.isGLValue() ? values_.addressOf(held, whole.getType()) : held);
  emit(draft, arm.getSourceRange(), nullptr);
}

void EventWriter::carryLogical(const BinaryOperator &expr) {
  const Expr *last = &expr;
  for (;;) {
    const auto *logical = dyn_cast<BinaryOperator>(BodyScan::core(last));
    if (!logical || !logical->isLogicalOp())
      break;
    last = logical->getRHS();
  }
  lastOperands_[BodyScan::core(last)] = &expr;
}

void EventWriter::decide(const BinaryOperator &expr, bool truth, const Stmt &at) {
  EventDraft draft{.kind = EventKind::Write, .flags = Flags::Implicit | Flags::Initial, .place = merged(expr)};
  draft.operands.push_back(values_.number(truth, expr.getType()));
  emit(draft, at.getSourceRange(), nullptr);
}

void EventWriter::handler(const CXXCatchStmt &handler) {
  tryScope_ = kNoTry;
  EventDraft draft{.kind = EventKind::Catch};
  if (const VarDecl *variable = handler.getExceptionDecl()) {
    draft.place = values_.storage(*variable);
    tryScope_ = scan_.tryOf(*variable);
    emit(draft, handler.getCatchLoc(), &handler);
    if (const CXXDestructorDecl *destructor = Rows::destructor(variable->getType()))
      live = cleanups_.push(live, {draft.place, rows_.function(*destructor), tryScope_});
    return;
  }
  emit(draft, handler.getCatchLoc(), &handler);
}

void EventWriter::leave(const Stmt &s, const Expr *result) {
  EventDraft draft{.kind = EventKind::Return};
  if (result && !result->getType()->isVoidType()) {
    QualType type = frame_.function ? frame_.function->getReturnType() : result->getType();
    if (type->isRecordType() && result->isPRValue()) {
      PlaceId slot = builder_.place(PlaceKind::ReturnSlot, kNone, rows_.type(type.getUnqualifiedType()));
      PlaceId held = values_(*result);
      if (held != slot && builder_.place(held).kind() != PlaceKind::Unknown)
        write(slot, held, type, result->getSourceRange(), Flags::Initial);
      draft.operands.push_back(slot);
    } else {
      draft.operands.push_back(values_.bound(*result, type));
    }
  }
  emit(draft, s.getSourceRange(), &s);
}

} // namespace heddle::extract
