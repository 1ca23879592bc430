#include "extract/Attributes.h"

#include "clang/AST/Attr.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

constexpr unsigned kGetters = 8; // of getters that call getters

/// What one capture of the closure holds: the variable, or with null `this`.
PlaceId Attributes::captured(const ValueDecl *variable, QualType type) {
  uint32_t index = 0;
  for (const LambdaCapture &capture : closure_->captures()) {
    bool found = variable ? capture.capturesVariable() && capture.getCapturedVar() == variable : capture.capturesThis();
    if (!found) {
      ++index;
      continue;
    }
    bool pointer = capture.getCaptureKind() == LCK_ByRef || capture.getCaptureKind() == LCK_This;
    PlaceId place = rows_.builder.place(PlaceKind::Capture, index, rows_.type(type.getUnqualifiedType()));
    if (!variable) // the value of `this`
      return pointer ? place : values_.addressOf(place, type->getPointeeType());
    return pointer ? values_.deref(place, type.getNonReferenceType()) : place;
  }
  return values_.unknown(type);
}

PlaceId Attributes::place(const Expr &given) {
  const Expr &expr = *given.IgnoreParenImpCasts();
  if (const auto *call = dyn_cast<CallExpr>(&expr))
    return this->given(*call);
  if (const auto *op = dyn_cast<UnaryOperator>(&expr)) {
    const Expr &sub = *op->getSubExpr();
    if (op->getOpcode() == UO_AddrOf)
      return values_.addressOf(place(sub), sub.getType());
    if (op->getOpcode() == UO_Deref)
      return values_.deref(place(sub), expr.getType());
  }
  if (const auto *member = dyn_cast<MemberExpr>(&expr))
    if (const auto *field = dyn_cast<FieldDecl>(member->getMemberDecl())) {
      PlaceId base = place(*member->getBase());
      bool arrow = member->isArrow();
      return values_.field(arrow ? values_.deref(base, member->getBase()->getType()->getPointeeType()) : base, *field);
    }
  if (closure_) {
    if (isa<CXXThisExpr>(expr))
      return captured(nullptr, expr.getType());
    const auto *reference = dyn_cast<DeclRefExpr>(&expr);
    const auto *variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    if (variable && variable->hasLocalStorage() && !closure_->Equals(variable->getDeclContext()->getParent()))
      return captured(variable, variable->getType());
  }
  return values_(expr);
}

/// The lock that a getter gives, by its attribute or its body.
PlaceId Attributes::given(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (!callee || depth_ >= kGetters)
    return values_.unknown(call.getType());
  const Expr *result = nullptr;
  bool pointer = false; // the call gives a pointer to what is named
  if (const auto *attribute = callee->getAttr<LockReturnedAttr>()) {
    result = attribute->getArg();
    pointer = call.getType()->isPointerType() && !result->getType()->isPointerType();
  } else if (const FunctionDecl *definition = callee->getDefinition(); definition && rows_.isProject(*definition)) {
    // Bodies of the system may be skipped.
    const auto *body = dyn_cast_or_null<CompoundStmt>(definition->getBody());
    const auto *only = body && body->size() == 1 ? dyn_cast<ReturnStmt>(body->body_front()) : nullptr;
    result = only ? only->getRetValue() : nullptr;
  }
  if (!result || result->isTypeDependent() || result->isValueDependent())
    return values_.unknown(call.getType());
  ++depth_;
  const CXXRecordDecl *closure = std::exchange(closure_, nullptr);
  PlaceId named = place(*result);
  closure_ = closure;
  if (pointer)
    named = values_.addressOf(named, call.getType()->getPointeeType());
  PlaceId here = inCaller(named, call);
  --depth_;
  return here == kNone ? values_.unknown(call.getType()) : here;
}

/// A place of the callee's frame where it is called; kNone if it has no name there.
PlaceId Attributes::inCaller(PlaceId id, const CallExpr &call) {
  const Place row = rows_.builder.place(id);
  switch (row.kind()) {
  case PlaceKind::Global:
    return id;
  case PlaceKind::This: {
    const auto *member = dyn_cast<CXXMemberCallExpr>(&call);
    const Expr *object = member ? member->getImplicitObjectArgument() : nullptr;
    if (!object)
      return kNone;
    return object->getType()->isPointerType() ? place(*object) : values_.addressOf(place(*object), object->getType());
  }
  case PlaceKind::Param: {
    if (row.id() >= call.getNumArgs())
      return kNone;
    const Expr &argument = *call.getArg(row.id());
    const FunctionDecl *callee = call.getDirectCallee();
    bool reference = row.id() < callee->getNumParams() && callee->getParamDecl(row.id())->getType()->isReferenceType();
    return reference && argument.isGLValue() ? values_.addressOf(place(argument), argument.getType()) : place(argument);
  }
  case PlaceKind::Field:
  case PlaceKind::Deref:
  case PlaceKind::AddressOf: {
    PlaceId parent = inCaller(row.parent(), call);
    if (parent == kNone)
      return kNone;
    if (row.kind() == PlaceKind::Field)
      return rows_.builder.field(parent, row.id(), row.type());
    return row.kind() == PlaceKind::Deref ? rows_.builder.deref(parent, row.type()) : rows_.builder.addressOf(parent, row.type());
  }
  default:
    return kNone;
  }
}

/// A lock is named by itself or by a pointer to it; the row has the lock.
void Attributes::lock(AttributeDraft &draft, const Expr *expr) {
  if (!expr)
    return;
  QualType type = expr->getType();
  if (expr->isTypeDependent() || expr->isValueDependent()) {
    draft.args.push_back(values_.unknown(type));
    return;
  }
  PlaceId place = this->place(*expr);
  PlaceKind kind = rows_.builder.place(place).kind();
  if (type->isMemberPointerType() && kind == PlaceKind::AddressOf) // `&Class::mu`: of this object
    place = rows_.builder.place(place).parent();
  else if (type->isPointerType() && kind != PlaceKind::Unknown && kind != PlaceKind::String)
    place = values_.deref(place, type->getPointeeType());
  draft.args.push_back(place);
}

/// `!mu`, also where the lock's class has an operator for it; null otherwise.
static const Expr *negated(const Expr *expr) {
  const Expr *core = expr->IgnoreParenImpCasts();
  if (const auto *op = dyn_cast<UnaryOperator>(core); op && op->getOpcode() == UO_LNot)
    return op->getSubExpr();
  if (const auto *op = dyn_cast<CXXOperatorCallExpr>(core); op && op->getOperator() == OO_Exclaim)
    return op->getArg(0);
  return nullptr;
}

bool Attributes::describe(const Attr &attribute, AttributeDraft &draft) {
  auto locks = [&](AttributeKind kind, const auto &list) {
    draft.kind = kind;
    for (const Expr *expr : list)
      lock(draft, expr);
    return true;
  };
  auto demands = [&](AttributeKind kind, const auto &list) {
    AttributeDraft without{.owner_kind = draft.owner_kind, .owner = draft.owner, .kind = AttributeKind::Excludes};
    draft.kind = kind;
    for (const Expr *expr : list)
      if (const Expr *lock = negated(expr))
        this->lock(without, lock);
      else
        this->lock(draft, expr);
    if (!without.args.empty())
      rows_.builder.attribute(without);
    return !draft.args.empty();
  };
  auto tries = [&](AttributeKind kind, const auto &a) {
    Expr::EvalResult result;
    const Expr *success = a.getSuccessValue();
    bool known = success && !success->isValueDependent() && success->EvaluateAsInt(result, rows_.context);
    draft.success = known ? static_cast<int8_t>(result.Val.getInt().getExtValue()) : 1;
    return locks(kind, a.args());
  };
  if (isa<CapabilityAttr>(attribute))
    return draft.kind = AttributeKind::Capability, true;
  if (isa<ScopedLockableAttr>(attribute))
    return draft.kind = AttributeKind::ScopedCapability, true;
  if (isa<NoThreadSafetyAnalysisAttr>(attribute))
    return draft.kind = AttributeKind::NoThreadSafetyAnalysis, true;
  if (const auto *a = dyn_cast<GuardedByAttr>(&attribute))
    return draft.kind = AttributeKind::GuardedBy, lock(draft, a->getArg()), true;
  if (const auto *a = dyn_cast<PtGuardedByAttr>(&attribute))
    return draft.kind = AttributeKind::PtGuardedBy, lock(draft, a->getArg()), true;
  if (isa<GuardedVarAttr>(attribute))
    return draft.kind = AttributeKind::GuardedBy, true;
  if (isa<PtGuardedVarAttr>(attribute))
    return draft.kind = AttributeKind::PtGuardedBy, true;
  if (const auto *a = dyn_cast<LockReturnedAttr>(&attribute))
    return draft.kind = AttributeKind::ReturnCapability, lock(draft, a->getArg()), true;
  if (const auto *a = dyn_cast<AcquiredBeforeAttr>(&attribute))
    return locks(AttributeKind::AcquiredBefore, a->args());
  if (const auto *a = dyn_cast<AcquiredAfterAttr>(&attribute))
    return locks(AttributeKind::AcquiredAfter, a->args());
  if (const auto *a = dyn_cast<AcquireCapabilityAttr>(&attribute))
    return locks(a->isShared() ? AttributeKind::AcquireShared : AttributeKind::Acquire, a->args());
  if (const auto *a = dyn_cast<ReleaseCapabilityAttr>(&attribute))
    return locks(a->isGeneric()  ? AttributeKind::ReleaseGeneric
                 : a->isShared() ? AttributeKind::ReleaseShared
                                 : AttributeKind::Release,
                 a->args());
  if (const auto *a = dyn_cast<TryAcquireCapabilityAttr>(&attribute))
    return tries(a->isShared() ? AttributeKind::TryAcquireShared : AttributeKind::TryAcquire, *a);
  if (const auto *a = dyn_cast<ExclusiveTrylockFunctionAttr>(&attribute))
    return tries(AttributeKind::TryAcquire, *a);
  if (const auto *a = dyn_cast<SharedTrylockFunctionAttr>(&attribute))
    return tries(AttributeKind::TryAcquireShared, *a);
  if (const auto *a = dyn_cast<RequiresCapabilityAttr>(&attribute))
    return demands(a->isShared() ? AttributeKind::RequiresShared : AttributeKind::Requires, a->args());
  if (const auto *a = dyn_cast<LocksExcludedAttr>(&attribute))
    return demands(AttributeKind::Excludes, a->args());
  if (const auto *a = dyn_cast<AssertCapabilityAttr>(&attribute))
    return locks(a->isShared() ? AttributeKind::AssertShared : AttributeKind::AssertCapability, a->args());
  if (const auto *a = dyn_cast<AssertExclusiveLockAttr>(&attribute))
    return locks(AttributeKind::AssertCapability, a->args());
  if (const auto *a = dyn_cast<AssertSharedLockAttr>(&attribute))
    return locks(AttributeKind::AssertShared, a->args());
  return false;
}

void Attributes::each(const Decl &decl, OwnerKind kind, uint32_t owner) {
  if (!decl.hasAttrs() || decl.isInvalidDecl())
    return;
  for (const Attr *attribute : decl.attrs()) {
    AttributeDraft draft{.owner_kind = kind, .owner = owner};
    if (!attribute->isInherited() && describe(*attribute, draft))
      rows_.builder.attribute(draft);
  }
}

void Attributes::write(const FunctionDecl &function, FunctionId id) {
  if (const auto *method = dyn_cast<CXXMethodDecl>(&function); method && method->getParent()->isLambda())
    closure_ = method->getParent();
  for (const FunctionDecl *part : function.redecls())
    each(*part, OwnerKind::Function, id);
  const auto *type = function.getType()->getAs<FunctionProtoType>();
  for (const FunctionEffectWithCondition &effect : type ? type->getFunctionEffects() : FunctionEffectsRef())
    if (effect.Effect.kind() == FunctionEffect::Kind::NonBlocking)
      rows_.builder.attribute({.owner_kind = OwnerKind::Function, .owner = id, .kind = AttributeKind::NonBlocking});
}

void Attributes::write(const RecordDecl &record, RecordId id) { each(record, OwnerKind::Record, id); }
void Attributes::write(const FieldDecl &field, FieldId id) { each(field, OwnerKind::Field, id); }

void Attributes::write(const VarDecl &variable, VariableId id) {
  for (const VarDecl *part : variable.redecls())
    each(*part, OwnerKind::Variable, id);
}

} // namespace heddle::extract
