// Objects: construction, closures, lists, new.
#include "extract/EventWriter.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

constexpr unsigned kMaxParts = 64; // of a list that are written one by one

bool EventWriter::isTemporary(const Expr &expr) const {
  const Destination *where = scan_.destination(expr);
  return !where;
}

PlaceId EventWriter::memberPlace(const CXXCtorInitializer &init) {
  QualType type = rows_.context.getRecordType(cast<CXXConstructorDecl>(frame_.function)->getParent());
  PlaceId place = values_.thisObject(type);
  if (!init.isAnyMemberInitializer())
    return place;
  auto step = [&](const FieldDecl &field) {
    place = builder_.field(place, rows_.field(field), rows_.type(field.getType().getUnqualifiedType()));
  };
  if (const IndirectFieldDecl *path = init.getIndirectMember()) {
    for (const NamedDecl *part : path->chain())
      step(*cast<FieldDecl>(part));
  } else {
    step(*init.getMember());
  }
  return place;
}

PlaceId EventWriter::place(const Destination &where) {
  switch (where.kind) {
  case Destination::Variable:
    return values_.variable(*static_cast<const VarDecl *>(where.what));
  case Destination::Return:
    return builder_.place(
        PlaceKind::ReturnSlot, kNone,
        rows_.type(frame_.function ? frame_.function->getReturnType().getUnqualifiedType() : rows_.context.VoidTy));
  case Destination::Initializer:
    return memberPlace(*static_cast<const CXXCtorInitializer *>(where.what));
  case Destination::New: {
    const auto *created = static_cast<const CXXNewExpr *>(where.what);
    return values_.deref(values_(*created), created->getAllocatedType());
  }
  case Destination::Part: {
    const auto *whole = static_cast<const Expr *>(where.what);
    return values_.part(destination(*whole), *whole, where.index);
  }
  case Destination::Merged: {
    const auto *whole = static_cast<const Expr *>(where.what);
    return builder_.place(PlaceKind::Local, frame_.unnamed(*whole, whole->getType()),
                          rows_.type(whole->getType().getUnqualifiedType()));
  }
  case Destination::Elided:
    return destination(*static_cast<const Expr *>(where.what));
  }
  return values_.unknown(rows_.context.VoidTy);
}

/// Where an expression builds its object; a temporary is the result of the event about to be written.
PlaceId EventWriter::destination(const Expr &expr) {
  const Destination *where = scan_.destination(expr);
  return where ? place(*where) : nextResult(expr.getType());
}

EventFlag EventWriter::flagsOf(const Expr &expr) const {
  Flags flags = Flags::NONE;
  const Destination *where = scan_.destination(expr);
  if (!where)
    flags |= Flags::Temporary;
  else if (where->kind == Destination::New)
    flags |= Flags::Heap;
  else if (where->kind == Destination::Initializer) {
    const auto *init = static_cast<const CXXCtorInitializer *>(where->what);
    flags |= init->isAnyMemberInitializer() ? Flags::Member : Flags::Base;
    if (!init->isWritten())
      flags |= Flags::Implicit;
  }
  if (expr.getType()->isArrayType())
    flags |= Flags::Array;
  return flags;
}

void EventWriter::construct(const CXXConstructExpr &expr) {
  const Destination *where = scan_.destination(expr);
  if (where && where->kind == Destination::Elided)
    return value(expr, values_(*static_cast<const Expr *>(where->what)));
  const CXXConstructorDecl &callee = *expr.getConstructor();
  PlaceId target = destination(expr);
  if (callee.isTrivial() && callee.isCopyOrMoveConstructor() && expr.getNumArgs() > 0) {
    const Expr &source = *expr.getArg(0);
    if (source.isGLValue())
      read(source);
    PlaceId held = values_(source);
    if (!where)
      return value(expr, held); // a trivial copy that nobody names is its source's content
    write(target, held, expr.getType(), expr.getSourceRange(), Flags::Initial | flagsOf(expr));
    return value(expr, target);
  }
  if (callee.isTrivial()) {
    if (!where)
      target =
          builder_.place(PlaceKind::Local, frame_.unnamed(expr, expr.getType()), rows_.type(expr.getType().getUnqualifiedType()));
    return value(expr, target);
  }
  EventDraft draft{.kind = EventKind::Construct, .flags = flagsOf(expr), .place = target};
  draft.callee = rows_.function(callee);
  const auto *type = callee.getType()->getAs<FunctionProtoType>();
  if (mayThrow(rows_.context, &callee, type))
    draft.flags |= Flags::MayThrow;
  if (expr.getNumArgs() == 0 && !expr.getParenOrBraceRange().isValid())
    draft.flags |= Flags::Implicit;
  if (scan_.isDiscarded(expr))
    draft.flags |= Flags::Discarded;
  arguments(draft, type, llvm::ArrayRef<const Expr *>(expr.getArgs(), expr.getNumArgs()));
  // Arguments left to their defaults are evaluated now, and give operands like written ones.
  value(expr, target);
  emit(draft, expr.getSourceRange(), &expr);
}

void EventWriter::inheritedConstruct(const CXXInheritedCtorInitExpr &expr) {
  EventDraft draft{.kind = EventKind::Construct, .flags = Flags::Base | Flags::Implicit, .place = destination(expr)};
  draft.callee = rows_.function(*expr.getConstructor());
  if (mayThrow(rows_.context, expr.getConstructor(), expr.getConstructor()->getType()->getAs<FunctionProtoType>()))
    draft.flags |= Flags::MayThrow;
  if (frame_.function)
    for (const ParmVarDecl *param : frame_.function->parameters())
      draft.operands.push_back(values_.storage(*param));
  value(expr, draft.place);
  emit(draft, expr.getSourceRange(), &expr);
}

void EventWriter::closure(const LambdaExpr &expr) {
  EventDraft draft{.kind = EventKind::Closure, .flags = flagsOf(expr), .place = destination(expr)};
  auto init = expr.capture_init_begin();
  for (const LambdaCapture &capture : expr.captures()) {
    const Expr *given = *init++;
    PlaceId held = given ? values_(*given) : kNone;
    bool reference = capture.capturesVariable() && capture.getCaptureKind() == LCK_ByRef;
    if (given && held != kNone && reference && given->isGLValue())
      held = values_.addressOf(held, given->getType());
    draft.operands.push_back(held);
  }
  const CXXRecordDecl &closure = *expr.getLambdaClass();
  rows_.record(closure);
  if (const CXXMethodDecl *body = expr.getCallOperator())
    draft.callee = rows_.function(*body);
  value(expr, draft.place);
  emit(draft, expr.getSourceRange(), &expr);
}

/// A list initialises part by part; parts of class type were built by their own expressions.
void EventWriter::list(const Expr &expr, llvm::ArrayRef<Expr *> parts) {
  QualType type = expr.getType();
  if (!type->isRecordType() && !type->isArrayType())
    return;
  PlaceId whole = destination(expr);
  value(expr, whole);
  if (parts.size() > kMaxParts)
    return write(whole, kNone, type, expr.getSourceRange(), Flags::Initial);
  unsigned index = 0;
  for (const Expr *part : parts) {
    unsigned at = index++;
    if (!part || part->getType()->isRecordType() || part->getType()->isArrayType())
      if (!part || part->isPRValue())
        continue;
    PlaceId target = values_.part(whole, expr, at);
    bool reference = part->isGLValue();
    PlaceId held = reference ? values_.addressOf(values_(*part), part->getType()) : values_(*part);
    write(target, held, part->getType(), part->getSourceRange(), Flags::Initial);
  }
}

void EventWriter::bindTemporary(const CXXBindTemporaryExpr &expr) {
  const Destination *where = scan_.destination(expr);
  if (where && where->kind != Destination::Merged)
    return;
  const CXXDestructorDecl *destructor = Rows::destructor(expr.getType());
  if (!destructor)
    return;
  live = cleanups_.push(live, {values_(expr), rows_.function(*destructor), tryScope_});
  temporaries_[&expr].push_back(values_(expr));
  if (use_.isValid())
    usedAt_[&expr] = use_;
}

void EventWriter::allocate(const CXXNewExpr &expr) {
  tryScope_ = scan_.tryOf(expr);
  const FunctionDecl *allocator = expr.getOperatorNew();
  if (allocator && allocator->isReservedGlobalPlacementOperator() && expr.getNumPlacementArgs() == 1) {
    frame_.allocations[&expr] = values_(*expr.getPlacementArg(0));
    return;
  }
  EventDraft draft{.kind = EventKind::Allocate};
  PlaceId result = nextResult(expr.getType());
  frame_.allocations[&expr] = result;
  frame_.values.erase(&expr);
  if (expr.isArray())
    draft.flags |= Flags::Array;
  if (allocator) {
    draft.callee = rows_.function(*allocator);
    if (mayThrow(rows_.context, allocator, allocator->getType()->getAs<FunctionProtoType>()))
      draft.flags |= Flags::MayThrow;
  }
  for (const Expr *argument : expr.placement_arguments())
    draft.operands.push_back(values_(*argument));
  emit(draft, expr.getSourceRange(), &expr);
}

void EventWriter::initializeNew(const CXXNewExpr &expr) {
  const Expr *init = expr.getInitializer();
  if (!frame_.allocations.count(&expr))
    allocate(expr);
  if (!init || expr.isArray() || expr.getAllocatedType()->isRecordType() || init->getType()->isVoidType())
    return;
  write(values_.deref(frame_.allocations[&expr], expr.getAllocatedType()), values_(*init), expr.getAllocatedType(),
        expr.getSourceRange(), Flags::Initial | Flags::Heap);
}

void EventWriter::initializer(const CXXCtorInitializer &init) {
  tryScope_ = scan_.functionTry();
  const Expr *given = init.getInit();
  if (!given)
    return;
  PlaceId place = memberPlace(init);
  QualType type = init.isAnyMemberInitializer()
                      ? init.getAnyMember()->getType()
                      : rows_.context.getRecordType(cast<CXXConstructorDecl>(frame_.function)->getParent());
  if (init.isAnyMemberInitializer() && !type->isRecordType() && !type->isArrayType())
    return write(place, values_.bound(*given, type), type, init.getSourceRange(),
                 Flags::Initial | Flags::Member | (init.isWritten() ? Flags::NONE : Flags::Implicit));
  if (init.isBaseInitializer())
    type = QualType(init.getBaseClass(), 0);
  if (const CXXDestructorDecl *destructor = Rows::destructor(type))
    live = cleanups_.push(live, {place, rows_.function(*destructor), tryScope_});
}

} // namespace heddle::extract
