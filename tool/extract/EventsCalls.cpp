// Calls, atomic operations and suspensions.
#include "extract/EventWriter.h"

#include "clang/Basic/Builtins.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

void EventWriter::arguments(EventDraft &draft, const FunctionProtoType *type, llvm::ArrayRef<const Expr *> list) {
  for (unsigned i = 0; i < list.size(); ++i) {
    QualType to = type && i < type->getNumParams() ? type->getParamType(i) : list[i]->getType();
    draft.operands.push_back(values_.bound(*list[i], to));
  }
}

/// Compiler built-ins that aren't calls of a function. True when nothing more is to be written.
bool EventWriter::builtin(const CallExpr &call, unsigned id) {
  llvm::StringRef name = rows_.context.BuiltinInfo.getName(id);
  if (name.starts_with("__sync_") && call.getNumArgs() > 0) {
    QualType type = call.getArg(0)->getType()->getPointeeType();
    if (type.isNull())
      return true;
    PlaceId target = values_.deref(values_(*call.getArg(0)), type);
    bool release = name.starts_with("__sync_lock_release");
    PlaceId result = nextResult(call.getType());
    write(target, release ? values_.number(0, type) : kNone, type, call.getSourceRange(),
          Flags::Atomic | (release ? Flags::NONE : Flags::Update));
    value(call, result);
    return true;
  }
  bool fence = name.starts_with("__sync_") || name.ends_with("_atomic_thread_fence");
  return !fence && !rows_.context.BuiltinInfo.isPredefinedLibFunction(id) && !rows_.context.BuiltinInfo.isLibFunction(id) &&
         !rows_.context.BuiltinInfo.isPredefinedRuntimeFunction(id);
}

/// `a = b` of trivially copyable classes reads and writes, and calls nothing.
bool EventWriter::trivialAssignment(const CallExpr &call) {
  const auto *op = dyn_cast<CXXOperatorCallExpr>(&call);
  const auto *method = op ? dyn_cast_or_null<CXXMethodDecl>(op->getDirectCallee()) : nullptr;
  if (!method || !method->isTrivial() || !(method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
    return false;
  const Expr &source = *op->getArg(1);
  if (source.isGLValue())
    read(source);
  PlaceId target = values_(*op->getArg(0));
  write(target, values_(source), op->getArg(0)->getType(), call.getSourceRange());
  value(call, target);
  return true;
}

/// Fills in what is called, and on what object.
void EventWriter::target(const CallExpr &call, EventDraft &draft) {
  const FunctionDecl *callee = call.getDirectCallee();
  const Expr *object = nullptr;
  bool dispatched = false;
  if (const auto *member = dyn_cast<CXXMemberCallExpr>(&call)) {
    object = member->getImplicitObjectArgument();
    if (const auto *access = dyn_cast<MemberExpr>(call.getCallee()->IgnoreParens()))
      dispatched = access->performsVirtualDispatch(rows_.context.getLangOpts());
  } else if (isa<CXXOperatorCallExpr>(call)) {
    const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
    if (method && call.getNumArgs())
      object = call.getArg(0), dispatched = method->isVirtual();
  }
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  if (object && method) {
    PlaceId place = values_(*object);
    draft.place = object->getType()->isPointerType() ? values_.deref(place, object->getType()->getPointeeType()) : place;
    if (method->isVirtual() && dispatched) {
      if (const CXXMethodDecl *exact = method->getDevirtualizedMethod(object, false))
        callee = exact;
      else
        draft.flags |= Flags::Virtual;
    }
  }
  if (callee) {
    draft.callee = rows_.function(*callee);
  } else {
    PlaceId called = values_(*call.getCallee());
    if (called != kNone && builder_.place(called).kind() == PlaceKind::Function) {
      draft.callee = builder_.place(called).id();
    } else {
      draft.flags |= Flags::Indirect;
      draft.place = called;
    }
  }
  if (callee && callee->isNoReturn())
    draft.flags |= Flags::NoReturn;
}

static const FunctionProtoType *typeOf(const CallExpr &call) {
  if (const FunctionDecl *callee = call.getDirectCallee())
    return callee->getType()->getAs<FunctionProtoType>();
  QualType type = call.getCallee()->getType();
  if (type->isSpecificPlaceholderType(BuiltinType::BoundMember))
    type = Expr::findBoundMemberType(call.getCallee());
  if (type.isNull())
    return nullptr;
  if (const auto *pointer = type->getAs<PointerType>())
    type = pointer->getPointeeType();
  return type->getAs<FunctionProtoType>();
}

void EventWriter::call(const CallExpr &call) {
  const FunctionDecl *callee = call.getDirectCallee();
  if (Values::passedOn(call) || isa<CXXPseudoDestructorExpr>(call.getCallee()->IgnoreParens()))
    return;
  if (unsigned id = call.getBuiltinCallee(); id && builtin(call, id))
    return;
  if (trivialAssignment(call))
    return;
  const FunctionProtoType *type = typeOf(call);
  EventDraft draft{.kind = EventKind::Call};
  if (mayThrow(rows_.context, callee, type))
    draft.flags |= Flags::MayThrow;
  target(call, draft);
  if (isa_and_nonnull<CXXDestructorDecl>(callee)) {
    draft.kind = EventKind::Destroy;
    emit(draft, call.getSourceRange(), &call);
    return;
  }
  llvm::ArrayRef<const Expr *> list(call.getArgs(), call.getNumArgs());
  const auto *method = dyn_cast_or_null<CXXMethodDecl>(callee);
  if (isa<CXXOperatorCallExpr>(call) && method && !list.empty())
    list = list.drop_front();
  arguments(draft, type, list);
  PlaceId result = nextResult(call.getType());
  if (call.isPRValue() && call.getType()->isRecordType()) {
    draft.result = isTemporary(call) ? result : destination(call);
    if (draft.result == result)
      draft.flags |= Flags::Temporary;
    value(call, draft.result);
  } else if (call.isGLValue()) {
    value(call, values_.deref(
                    builder_.place(PlaceKind::Result, events.size(), rows_.type(rows_.context.getPointerType(call.getType()))),
                    call.getType()));
  } else if (!call.getType()->isVoidType()) {
    value(call, result);
  }
  if (!call.getType()->isVoidType() && scan_.isDiscarded(call))
    draft.flags |= Flags::Discarded;
  emit(draft, call.getSourceRange(), &call);
}

namespace {

bool isRelaxed(const AtomicExpr &expr, const ASTContext &context) {
  if (expr.getOp() == AtomicExpr::AO__c11_atomic_init) // has no order to give, and orders nothing
    return true;
  std::optional<llvm::APSInt> order = expr.getOrder()->getIntegerConstantExpr(context);
  return order && *order == static_cast<int64_t>(llvm::AtomicOrderingCABI::relaxed);
}

} // namespace

void EventWriter::atomic(const AtomicExpr &expr) {
  QualType type = expr.getPtr()->getType()->getPointeeType();
  if (type.isNull())
    return;
  PlaceId target = values_.deref(values_(*expr.getPtr()), type);
  Flags flags = Flags::Atomic;
  if (isRelaxed(expr, rows_.context))
    flags |= Flags::Relaxed;
  switch (expr.getOp()) {
  case AtomicExpr::AO__c11_atomic_load:
  case AtomicExpr::AO__atomic_load_n:
  case AtomicExpr::AO__atomic_load: {
    EventDraft draft{.kind = EventKind::Read, .flags = flags, .place = target};
    emit(draft, expr.getSourceRange(), &expr);
    if (expr.getOp() == AtomicExpr::AO__atomic_load) {
      QualType to = expr.getVal1()->getType()->getPointeeType();
      write(values_.deref(values_(*expr.getVal1()), to), target, to, expr.getSourceRange());
    } else {
      value(expr, target);
    }
    return;
  }
  case AtomicExpr::AO__c11_atomic_init:
  case AtomicExpr::AO__c11_atomic_store:
  case AtomicExpr::AO__atomic_store_n:
    write(target, values_(*expr.getVal1()), type, expr.getSourceRange(), flags);
    return;
  case AtomicExpr::AO__atomic_store: {
    QualType from = expr.getVal1()->getType()->getPointeeType();
    write(target, values_.deref(values_(*expr.getVal1()), from), type, expr.getSourceRange(), flags);
    return;
  }
  default: {
    PlaceId result = nextResult(expr.getType());
    write(target, kNone, type, expr.getSourceRange(), flags | Flags::Update);
    if (!expr.getType()->isVoidType())
      value(expr, result);
  }
  }
}

void EventWriter::suspend(const Expr &expr) {
  EventDraft draft{.kind = EventKind::Suspend, .flags = Flags::MayThrow};
  const auto &suspension = *cast<CoroutineSuspendExpr>(&expr);
  if (const Expr *operand = suspension.getOperand())
    draft.operands.push_back(values_(*operand));
  emit(draft, expr.getSourceRange(), &expr);
  if (const Expr *resumed = suspension.getResumeExpr(); resumed && !expr.getType()->isVoidType())
    value(expr, values_(*resumed));
}

} // namespace heddle::extract
