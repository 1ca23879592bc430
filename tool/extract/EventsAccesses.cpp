// Reads, writes and declarations.
#include "extract/EventWriter.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

/// Whether code outside this body could see an access: not for locals whose address stays here, constants, and values.
bool EventWriter::isShared(PlaceId id) const {
  for (;;) {
    const Place &place = builder_.place(id);
    switch (place.kind()) {
    case PlaceKind::Field:
    case PlaceKind::Element:
      id = place.parent();
      continue;
    case PlaceKind::Deref: {
      PlaceId root = place.parent();
      while (builder_.place(root).parent() != kNone && builder_.place(root).kind() != PlaceKind::Expr)
        root = builder_.place(root).parent();
      PlaceKind kind = builder_.place(root).kind();
      return kind != PlaceKind::Unknown && kind != PlaceKind::Constant && kind != PlaceKind::String;
    }
    case PlaceKind::Global:
      return true;
    case PlaceKind::Capture:
      return false; // a copy of its own; by reference it is followed
    case PlaceKind::Local:
      return has(frame_.locals[place.id()].flags, LocalFlag::AddressTaken | LocalFlag::CapturedByReference);
    case PlaceKind::Param:
      return has(frame_.params[place.id()].flags, LocalFlag::AddressTaken | LocalFlag::CapturedByReference);
    default:
      return false;
    }
  }
}

static EventFlag accessFlags(QualType type) {
  EventFlag flags = EventFlag::NONE;
  if (type.isVolatileQualified())
    flags |= EventFlag::Volatile;
  if (type->isAtomicType())
    flags |= EventFlag::Atomic;
  return flags;
}

void EventWriter::read(const Expr &source) {
  const Expr *core = BodyScan::core(&source);
  if (const auto *binary = dyn_cast<BinaryOperator>(core); binary && binary->isAssignmentOp())
    return; // what was just written
  if (const auto *unary = dyn_cast<UnaryOperator>(core); unary && unary->isIncrementDecrementOp())
    return;
  if (const auto *reference = dyn_cast<DeclRefExpr>(core)) {
    const auto *variable = dyn_cast<VarDecl>(reference->getDecl());
    if (reference->isNonOdrUse() || (variable && variable->hasGlobalStorage() && variable->getType().isConstQualified()))
      return;
  }
  PlaceId place = values_(source);
  if (!isShared(place))
    return;
  EventDraft draft{.kind = EventKind::Read, .flags = accessFlags(source.getType()), .place = place};
  emit(draft, source.getSourceRange(), core);
}

void EventWriter::write(PlaceId place, PlaceId held, QualType type, SourceRange range, Flags flags) {
  if (builder_.place(place).kind() == PlaceKind::Unknown)
    return;
  EventDraft draft{.kind = EventKind::Write, .flags = flags | accessFlags(type), .place = place};
  if (held != kNone)
    draft.operands.push_back(held);
  emit(draft, range, nullptr);
}

void EventWriter::assign(const BinaryOperator &expr) {
  const Expr &left = *expr.getLHS(), &right = *expr.getRHS();
  PlaceId target = values_(left), held = values_(right);
  Flags flags = Flags::NONE;
  if (expr.isCompoundAssignmentOp()) {
    flags = Flags::Update;
    bool known =
        left.getType()->isIntegralOrEnumerationType() && (expr.getOpcode() == BO_AddAssign || expr.getOpcode() == BO_SubAssign);
    held = known ? values_.expression(expr.getOpcode() == BO_AddAssign ? ExprOp::Add : ExprOp::Sub, target, held, left.getType())
                 : kNone;
  }
  write(target, held, left.getType(), expr.getSourceRange(), flags);
  eventOf.try_emplace(&expr, events.empty() ? 0 : events.size() - 1);
}

void EventWriter::step(const UnaryOperator &expr) {
  const Expr &operand = *expr.getSubExpr();
  PlaceId target = values_(operand), held = kNone;
  if (operand.getType()->isIntegralOrEnumerationType())
    held = values_.expression(expr.isIncrementOp() ? ExprOp::Add : ExprOp::Sub, target, values_.number(1, operand.getType()),
                              operand.getType());
  write(target, held, operand.getType(), expr.getSourceRange(), Flags::Update);
}

/// Makes a variable another name of its value, when neither can change.
bool EventWriter::alias(const VarDecl &variable, PlaceId held) {
  if (!frame_.isLocal(variable) || !frame_.isUnchanged(variable) || builder_.place(held).kind() == PlaceKind::Unknown)
    return false;
  QualType type = variable.getType();
  bool scalar = type->isScalarType() || type->isReferenceType();
  if (!scalar || !values_.isStableValue(held))
    return false;
  frame_.aliases[&variable] = held;
  return true;
}

void EventWriter::declare(const VarDecl &variable) {
  const Expr *init = variable.getInit();
  QualType type = variable.getType();
  if (!variable.hasLocalStorage()) {
    if (init && variable.isStaticLocal())
      initialize(variable);
    return;
  }
  if (type->isRecordType() || type->isArrayType()) {
    if (!type->isArrayType() && init)
      if (const auto *lambda = dyn_cast<LambdaExpr>(BodyScan::core(init)))
        frame_.objects[&variable] = values_(*lambda);
    PlaceId place = values_.variable(variable);
    if (init && type->isRecordType()) {
      // In C a structure is copied by loading it.
      PlaceId held = values_(*init);
      if (held != place && isa<CastExpr>(BodyScan::core(init)) && builder_.place(held).kind() != PlaceKind::Unknown &&
          !rows_.context.getLangOpts().CPlusPlus)
        write(place, held, type, variable.getLocation(), Flags::Initial);
    }
    if (const CXXDestructorDecl *destructor = Rows::destructor(type))
      live = cleanups_.push(live, {place, rows_.function(*destructor), scan_.tryOf(variable)});
    return;
  }
  if (!init)
    return;
  PlaceId held = values_.bound(*init, type);
  if (held == kNone)
    return;
  PlaceId own = values_.storage(variable);
  // What a call gave has no other name, so the variable's is written down even where nothing reads the variable any more.
  if (alias(variable, held) && builder_.place(held).kind() != PlaceKind::Result)
    return;
  write(own, held, type, variable.getSourceRange(), Flags::Initial);
}

void EventWriter::initialize(const VarDecl &variable) {
  const Expr *init = variable.getInit();
  QualType type = variable.getType();
  if (!init || type->isRecordType() || type->isArrayType())
    return;
  PlaceId held = values_.bound(*init, type);
  if (held != kNone)
    write(values_.storage(variable), held, type, variable.getSourceRange(), Flags::Initial);
}

void EventWriter::assembly(const GCCAsmStmt &text) {
  for (unsigned i = 0; i < text.getNumOutputs(); ++i) {
    const Expr *output = text.getOutputExpr(i);
    write(values_(*output), kNone, output->getType(), output->getSourceRange(),
          text.isOutputPlusConstraint(i) ? Flags::Update : Flags::NONE);
  }
}

} // namespace heddle::extract
