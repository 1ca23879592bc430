#include "extract/Attributes.h"
#include "extract/Values.h"

#include "clang/AST/Attr.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

/// A lock is named by itself or by a pointer to it; the row has the lock.
void Attributes::lock(AttributeDraft &draft, const Expr *expr) {
  if (!expr || expr->isTypeDependent() || expr->isValueDependent() || isa<clang::StringLiteral>(expr->IgnoreParenImpCasts()))
    return;
  Values values(rows_);
  PlaceId place = values(*expr);
  QualType type = expr->getType();
  draft.args.push_back(type->isPointerType() ? values.deref(place, type->getPointeeType()) : place);
}

bool Attributes::describe(const Attr &attribute, AttributeDraft &draft) {
  auto locks = [&](AttributeKind kind, const auto &list) {
    draft.kind = kind;
    for (const Expr *expr : list)
      lock(draft, expr);
    return true;
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
    return locks(a->isShared() ? AttributeKind::RequiresShared : AttributeKind::Requires, a->args());
  if (const auto *a = dyn_cast<LocksExcludedAttr>(&attribute))
    return locks(AttributeKind::Excludes, a->args());
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
