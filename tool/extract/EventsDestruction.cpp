// The ends of objects: delete, the end of a scope or full expression, members and bases, clean-up functions.
#include "extract/EventWriter.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

void EventWriter::destroyDeleted(const CXXDeleteExpr &expr) {
  QualType type = expr.getDestroyedType();
  if (type.isNull())
    return;
  EventDraft draft{.kind = EventKind::Destroy, .flags = Flags::Heap, .place = values_.deref(values_(*expr.getArgument()), type)};
  if (expr.isArrayForm())
    draft.flags |= Flags::Array;
  if (const CXXDestructorDecl *destructor = Rows::destructor(type)) {
    draft.callee = rows_.function(*destructor);
    if (destructor->isVirtual() && !destructor->getParent()->isEffectivelyFinal() && !expr.isArrayForm())
      draft.flags |= Flags::Virtual;
    if (mayThrow(rows_.context, destructor, destructor->getType()->getAs<FunctionProtoType>()))
      draft.flags |= Flags::MayThrow;
  }
  emit(draft, expr.getSourceRange(), &expr);
}

void EventWriter::destroyImplicit(const CFGImplicitDtor &element) {
  EventDraft draft{.kind = EventKind::Destroy, .flags = Flags::Implicit};
  SourceRange range;
  QualType type;
  if (auto automatic = element.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl &variable = *automatic->getVarDecl();
    if (isa<ParmVarDecl>(variable))
      return; // its caller destroys it
    type = variable.getType().getNonReferenceType();
    draft.place = values_.variable(variable);
    const Stmt *end = automatic->getTriggerStmt();
    range = end && isa<CompoundStmt>(end) ? end->getEndLoc() : end ? end->getSourceRange() : variable.getLocation();
    tryScope_ = scan_.tryOf(variable);
  } else if (auto base = element.getAs<CFGBaseDtor>()) {
    draft.flags |= Flags::Base;
    type = base->getBaseSpecifier()->getType();
    draft.place = values_.thisObject(rows_.context.getRecordType(cast<CXXMethodDecl>(frame_.function)->getParent()));
    range = frame_.function->getLocation();
  } else if (auto member = element.getAs<CFGMemberDtor>()) {
    draft.flags |= Flags::Member;
    const FieldDecl &field = *member->getFieldDecl();
    type = field.getType();
    draft.place = values_.field(values_.thisObject(rows_.context.getRecordType(field.getParent())), field);
    range = frame_.function->getLocation();
  } else if (auto temporary = element.getAs<CFGTemporaryDtor>()) {
    const CXXBindTemporaryExpr &expr = *temporary->getBindTemporaryExpr();
    const Destination *where = scan_.destination(expr);
    if (where && where->kind != Destination::Merged)
      return; // not a temporary after all: its copy was elided
    draft.flags |= Flags::Temporary;
    type = expr.getType();
    std::vector<PlaceId> &made = temporaries_[&expr];
    draft.place = made.empty() ? values_(expr) : made.back();
    if (made.size() > 1)
      made.pop_back();
    range = usedAt_.count(&expr) ? usedAt_[&expr] : expr.getSourceRange();
    tryScope_ = scan_.tryOf(expr);
  } else {
    return;
  }
  const CXXDestructorDecl *destructor = element.getDestructorDecl(rows_.context);
  if (!destructor)
    destructor = Rows::destructor(type);
  if (!destructor)
    return;
  if (type->isArrayType())
    draft.flags |= Flags::Array;
  draft.callee = rows_.function(*destructor);
  live = cleanups_.remove(live, draft.place);
  if (mayThrow(rows_.context, destructor, destructor->getType()->getAs<FunctionProtoType>()))
    draft.flags |= Flags::MayThrow;
  emit(draft, range, nullptr);
}

void EventWriter::cleanupFunction(const CFGCleanupFunction &cleanup) {
  const VarDecl &variable = *cleanup.getVarDecl();
  EventDraft draft{.kind = EventKind::Call, .flags = Flags::Implicit};
  draft.callee = rows_.function(*cleanup.getFunctionDecl());
  draft.operands.push_back(values_.addressOf(values_.variable(variable), variable.getType()));
  emit(draft, variable.getLocation(), nullptr);
}

} // namespace heddle::extract
