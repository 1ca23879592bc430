// Values of expressions, by kind.
#include "extract/Values.h"

#include "facts/Hash.h"

#include "clang/Basic/Builtins.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

PlaceId Values::folded(const Expr &expr) {
  Expr::EvalResult result;
  if (expr.isValueDependent() || !expr.getType()->isIntegralOrEnumerationType() || !expr.isPRValue())
    return kNone;
  if (expr.EvaluateAsInt(result, rows_.context) && !result.HasSideEffects && result.Val.getInt().isRepresentableByInt64())
    return number(result.Val.getInt().getExtValue(), expr.getType());
  return kNone;
}

PlaceId Values::expression(ExprOp op, PlaceId a, PlaceId b, QualType type) {
  for (PlaceId operand : {a, b})
    if (operand != kNone && builder_.place(operand).kind() == PlaceKind::Unknown)
      return unknown(type);
  return builder_.place(PlaceKind::Expr, b, rows_.type(type.getUnqualifiedType()), a, op);
}

PlaceId Values::opaque(const Expr &expr, uint64_t hash, llvm::ArrayRef<PlaceId> operands) {
  PlaceId chain = kNone;
  TypeId type = rows_.type(expr.getType().getUnqualifiedType());
  for (PlaceId operand : llvm::reverse(operands)) {
    if (builder_.place(operand).kind() == PlaceKind::Unknown)
      return unknown(expr.getType());
    chain = builder_.place(PlaceKind::Expr, chain, type, operand, ExprOp::Pair);
  }
  return builder_.place(PlaceKind::Expr, builder_.constant(static_cast<int64_t>(hash)), type, chain, ExprOp::Opaque);
}

PlaceId Values::reference(const DeclRefExpr &expr) {
  const ValueDecl *decl = expr.getDecl();
  if (const auto *var = dyn_cast<VarDecl>(decl))
    return variable(*var);
  if (const auto *callee = dyn_cast<FunctionDecl>(decl))
    return function(*callee);
  if (const auto *binding = dyn_cast<BindingDecl>(decl)) {
    if (frame_)
      if (auto index = frame_->capture(*binding)) {
        PlaceId place = builder_.place(PlaceKind::Capture, *index, rows_.type(expr.getType().getUnqualifiedType()));
        return frame_->isReferenceCapture(*index) ? deref(place, expr.getType()) : place;
      }
    if (const VarDecl *holder = binding->getHoldingVar())
      return variable(*holder);
    return binding->getBinding() ? (*this)(*binding->getBinding()) : unknown(expr.getType());
  }
  if (const auto *constant = dyn_cast<EnumConstantDecl>(decl))
    return number(constant->getInitVal().getExtValue(), expr.getType());
  if (const auto *member = dyn_cast<FieldDecl>(decl)) // in attributes of C, and in pointers to members
    return frame_ ? unknown(expr.getType()) : field(thisObject(rows_.context.getRecordType(member->getParent())), *member);
  return unknown(expr.getType());
}

PlaceId Values::member(const MemberExpr &expr) {
  if (const auto *var = dyn_cast<VarDecl>(expr.getMemberDecl()))
    return variable(*var);
  if (const auto *callee = dyn_cast<FunctionDecl>(expr.getMemberDecl()))
    return function(*callee);
  if (const auto *constant = dyn_cast<EnumConstantDecl>(expr.getMemberDecl()))
    return number(constant->getInitVal().getExtValue(), expr.getType());
  const auto *member = dyn_cast<FieldDecl>(expr.getMemberDecl());
  if (!member)
    return unknown(expr.getType());
  PlaceId base = (*this)(*expr.getBase());
  if (expr.isArrow())
    base = deref(base, expr.getBase()->getType()->getPointeeType());
  return field(base, *member);
}

PlaceId Values::cast(const CastExpr &expr) {
  const Expr &sub = *expr.getSubExpr();
  switch (expr.getCastKind()) {
  case CK_LValueToRValue: {
    // What an assignment yields is what was assigned.
    if (const auto *assignment = dyn_cast<BinaryOperator>(BodyScan::core(&sub));
        assignment && assignment->getOpcode() == BO_Assign)
      return (*this)(*assignment->getRHS());
    QualType type = sub.getType();
    const auto *reference = dyn_cast<DeclRefExpr>(BodyScan::core(&sub));
    if (reference && isa<VarDecl>(reference->getDecl()) && (type.isConstQualified() || reference->isNonOdrUse()) &&
        type->isIntegralOrEnumerationType())
      if (PlaceId value = folded(expr); value != kNone)
        return value;
    return (*this)(sub);
  }
  case CK_ArrayToPointerDecay:
    return addressOf((*this)(sub), sub.getType());
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    return number(0, expr.getType());
  case CK_IntegralToBoolean:
  case CK_PointerToBoolean: {
    PlaceId value = (*this)(sub);
    if (builder_.place(value).kind() == PlaceKind::Constant)
      if (PlaceId known = folded(expr); known != kNone)
        return known;
    return expression(ExprOp::Ne, value, number(0, sub.getType()), expr.getType());
  }
  case CK_IntegralCast: {
    PlaceId value = (*this)(sub);
    if (builder_.place(value).kind() == PlaceKind::Constant)
      if (PlaceId known = folded(expr); known != kNone)
        return known;
    return value;
  }
  case CK_ToVoid:
    return kNone;
  default:
    return (*this)(sub);
  }
}

PlaceId Values::unary(const UnaryOperator &expr) {
  const Expr &sub = *expr.getSubExpr();
  PlaceId value = (*this)(sub);
  switch (expr.getOpcode()) {
  case UO_AddrOf:
    return sub.isGLValue() || builder_.place(value).kind() == PlaceKind::Function ? addressOf(value, sub.getType()) : value;
  case UO_Deref: {
    PlaceKind kind = builder_.place(value).kind();
    return kind == PlaceKind::Function || kind == PlaceKind::String ? value : deref(value, expr.getType());
  }
  case UO_Plus:
  case UO_Extension:
  case UO_PreInc:
  case UO_PreDec:
  case UO_PostInc:
  case UO_PostDec:
    return value;
  case UO_LNot:
    if (PlaceId known = folded(expr); known != kNone && builder_.place(value).kind() == PlaceKind::Constant)
      return known;
    return expression(ExprOp::Not, value, kNone, expr.getType());
  default:
    if (builder_.place(value).kind() == PlaceKind::Constant)
      if (PlaceId known = folded(expr); known != kNone)
        return known;
    return opaque(expr, Mix{1, uint64_t(expr.getOpcode())}.hash(), {value});
  }
}

static ExprOp exprOp(BinaryOperatorKind op) {
  switch (op) {
  case BO_EQ:
    return ExprOp::Eq;
  case BO_NE:
    return ExprOp::Ne;
  case BO_LT:
    return ExprOp::Lt;
  case BO_LE:
    return ExprOp::Le;
  case BO_GT:
    return ExprOp::Gt;
  case BO_GE:
    return ExprOp::Ge;
  case BO_Add:
    return ExprOp::Add;
  case BO_Sub:
    return ExprOp::Sub;
  case BO_LAnd:
    return ExprOp::And;
  case BO_LOr:
    return ExprOp::Or;
  default:
    return ExprOp::None;
  }
}

PlaceId Values::binary(const BinaryOperator &expr) {
  const Expr &left = *expr.getLHS(), &right = *expr.getRHS();
  if (expr.getOpcode() == BO_Comma)
    return (*this)(right);
  if (expr.isAssignmentOp())
    return expr.isGLValue() || expr.isCompoundAssignmentOp() ? (*this)(left) : (*this)(right);
  if (expr.isPtrMemOp())
    return unknown(expr.getType());
  PlaceId a = (*this)(left), b = (*this)(right);
  if (builder_.place(a).kind() == PlaceKind::Constant && builder_.place(b).kind() == PlaceKind::Constant)
    if (PlaceId known = folded(expr); known != kNone)
      return known;
  if (expr.getType()->isPointerType() && expr.isAdditiveOp()) {
    bool swapped = right.getType()->isPointerType();
    QualType pointee = expr.getType()->getPointeeType();
    PlaceId array = deref(swapped ? b : a, pointee);
    return addressOf(element(array, expr.getOpcode() == BO_Add ? (swapped ? a : b) : kNone, pointee), pointee);
  }
  if (ExprOp op = exprOp(expr.getOpcode()); op != ExprOp::None)
    return expression(op, a, b, expr.getType());
  return opaque(expr, Mix{2, uint64_t(expr.getOpcode())}.hash(), {a, b});
}

PlaceId Values::compute(const Expr &expr) {
  if (const auto *e = dyn_cast<DeclRefExpr>(&expr))
    return reference(*e);
  if (const auto *e = dyn_cast<MemberExpr>(&expr))
    return member(*e);
  if (const auto *e = dyn_cast<CastExpr>(&expr))
    return cast(*e);
  if (const auto *e = dyn_cast<CXXThisExpr>(&expr))
    return thisPointer(e->getType());
  if (const auto *e = dyn_cast<UnaryOperator>(&expr))
    return unary(*e);
  if (const auto *e = dyn_cast<BinaryOperator>(&expr))
    return binary(*e);
  if (const auto *e = dyn_cast<ArraySubscriptExpr>(&expr)) {
    if (e->getBase()->getType()->isVectorType())
      return unknown(expr.getType());
    PlaceId base = deref((*this)(*e->getBase()), expr.getType());
    return element(base, (*this)(*e->getIdx()), expr.getType());
  }
  if (const auto *e = dyn_cast<CallExpr>(&expr)) {
    const Expr *argument = passedOn(*e);
    // In a constant a lambda that is converted to a pointer is its call operator; in a body that is an event.
    const auto *conversion = frame_ ? nullptr : dyn_cast_or_null<CXXConversionDecl>(e->getDirectCallee());
    if (conversion && conversion->getParent()->isLambda() && !conversion->getParent()->isGenericLambda())
      return function(*conversion->getParent()->getLambdaCallOperator());
    if (!argument)
      return unknown(expr.getType());
    bool address = e->getBuiltinCallee() == Builtin::BIaddressof || e->getBuiltinCallee() == Builtin::BI__addressof ||
                   e->getBuiltinCallee() == Builtin::BI__builtin_addressof;
    return address && argument->isGLValue() ? addressOf((*this)(*argument), argument->getType()) : (*this)(*argument);
  }
  if (const auto *e = dyn_cast<StringLiteral>(&expr))
    return builder_.place(PlaceKind::String, builder_.string(e->getCharByteWidth() == 1 ? e->getString() : ""),
                          rows_.type(e->getType()));
  if (const auto *e = dyn_cast<CXXDefaultArgExpr>(&expr))
    return (*this)(*e->getExpr());
  if (const auto *e = dyn_cast<CXXDefaultInitExpr>(&expr))
    return (*this)(*e->getExpr());
  if (const auto *e = dyn_cast<OpaqueValueExpr>(&expr))
    return e->getSourceExpr() ? (*this)(*e->getSourceExpr()) : unknown(expr.getType());
  if (const auto *e = dyn_cast<CXXStdInitializerListExpr>(&expr))
    return (*this)(*e->getSubExpr());
  if (const auto *e = dyn_cast<CXXRewrittenBinaryOperator>(&expr))
    return (*this)(*e->getSemanticForm());
  if (const auto *e = dyn_cast<ChooseExpr>(&expr))
    return e->isConditionDependent() ? unknown(expr.getType()) : (*this)(*e->getChosenSubExpr());
  if (const auto *e = dyn_cast<GenericSelectionExpr>(&expr))
    return e->isResultDependent() ? unknown(expr.getType()) : (*this)(*e->getResultExpr());
  if (const auto *e = dyn_cast<StmtExpr>(&expr)) {
    const CompoundStmt *block = e->getSubStmt();
    const auto *last = block->body_empty() ? nullptr : dyn_cast<Expr>(block->body_back());
    return last && !last->getType()->isVoidType() ? (*this)(*last) : unknown(expr.getType());
  }
  if (const auto *e = dyn_cast<InitListExpr>(&expr); e && !e->getType()->isRecordType() && e->getNumInits() == 1)
    return (*this)(*e->getInit(0));
  if (const auto *e = dyn_cast<CXXNewExpr>(&expr); e && frame_)
    if (auto it = frame_->allocations.find(e); it != frame_->allocations.end())
      return it->second;
  if (isa<CXXNullPtrLiteralExpr>(expr) || isa<GNUNullExpr>(expr) || isa<ImplicitValueInitExpr>(expr) ||
      isa<CXXScalarValueInitExpr>(expr))
    return expr.getType()->isScalarType() ? number(0, expr.getType()) : unknown(expr.getType());
  if (PlaceId known = folded(expr); known != kNone)
    return known;
  return unknown(expr.getType());
}

} // namespace heddle::extract
