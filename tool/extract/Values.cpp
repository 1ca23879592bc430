#include "extract/Values.h"

#include "clang/Basic/Builtins.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

constexpr unsigned kMaxDepth = 200;     // of expressions that the graph doesn't take apart
constexpr unsigned kMaxPlaceDepth = 40; // what is deeper has no name: readers of places walk them

PlaceId Values::operator()(const Expr &given) {
  const Expr *expr = BodyScan::core(&given);
  if (frame_) {
    auto it = frame_->values.find(expr);
    if (it != frame_->values.end())
      return it->second;
  }
  if (depth_ >= kMaxDepth || expr->isTypeDependent())
    return unknown(expr->getType());
  ++depth_;
  PlaceId place = compute(*expr);
  --depth_;
  return place != kNone && depthOf(place) > kMaxPlaceDepth ? unknown(expr->getType()) : place;
}

unsigned Values::depthOf(PlaceId id) {
  if (auto it = depths_.find(id); it != depths_.end())
    return it->second;
  // What a place is made of was named before it, and was within the bound.
  const Place place = builder_.place(id);
  unsigned depth = place.parent() == kNone ? 0 : depthOf(place.parent()) + 1;
  bool index = place.kind() == PlaceKind::Element || (place.kind() == PlaceKind::Expr && place.op() != ExprOp::Opaque);
  if (index && place.id() != kNone)
    depth = std::max(depth, depthOf(place.id()) + 1);
  return depths_[id] = depth;
}

PlaceId Values::bound(const Expr &expr, QualType to) {
  PlaceId value = (*this)(expr);
  return to->isReferenceType() && expr.isGLValue() ? addressOf(value, expr.getType()) : value;
}

PlaceId Values::constant(const Expr &init, QualType type) {
  if (init.isValueDependent())
    return kNone;
  if (type->isIntegralOrEnumerationType()) {
    Expr::EvalResult result;
    if (init.EvaluateAsInt(result, rows_.context) && result.Val.getInt().isRepresentableByInt64())
      return number(result.Val.getInt().getExtValue(), type);
    return kNone;
  }
  PlaceId value = bound(init, type);
  return builder_.place(value).kind() == PlaceKind::Unknown ? kNone : value;
}

PlaceId Values::number(int64_t value, QualType type) {
  return builder_.place(PlaceKind::Constant, builder_.constant(value), rows_.type(type.getUnqualifiedType()));
}

PlaceId Values::unknown(QualType type) {
  return builder_.place(PlaceKind::Unknown, kNone, rows_.type(type.getUnqualifiedType()));
}

PlaceId Values::function(const FunctionDecl &function) {
  return builder_.place(PlaceKind::Function, rows_.function(function), rows_.type(function.getType()));
}

PlaceId Values::addressOf(PlaceId object, QualType type) {
  PlaceKind kind = builder_.place(object).kind();
  if (kind == PlaceKind::Function || kind == PlaceKind::String)
    return object;
  return builder_.addressOf(object, rows_.type(rows_.context.getPointerType(type.getNonReferenceType().getUnqualifiedType())));
}

PlaceId Values::element(PlaceId array, PlaceId index, QualType type) {
  if (index != kNone && builder_.place(index).kind() == PlaceKind::Unknown)
    index = kNone;
  return builder_.place(PlaceKind::Element, index, rows_.type(type.getUnqualifiedType()), array);
}

PlaceId Values::field(PlaceId object, const FieldDecl &field) {
  PlaceId place = builder_.field(object, rows_.field(field), rows_.type(field.getType().getUnqualifiedType()));
  return field.getType()->isReferenceType() ? deref(place, field.getType()->getPointeeType()) : place;
}

PlaceId Values::part(PlaceId whole, const Expr &list, unsigned index) {
  const auto *record = list.getType()->getAsRecordDecl();
  if (!record)
    if (const ArrayType *array = rows_.context.getAsArrayType(list.getType()))
      return element(whole, number(index, rows_.context.IntTy), array->getElementType());
  if (!record)
    return unknown(list.getType());
  if (const auto *init = dyn_cast<InitListExpr>(&list); init && init->getInitializedFieldInUnion())
    return builder_.field(whole, rows_.field(*init->getInitializedFieldInUnion()),
                          rows_.type(init->getInitializedFieldInUnion()->getType()));
  if (const auto *cxx = dyn_cast<CXXRecordDecl>(record)) {
    if (index < cxx->getNumBases())
      return whole;
    index -= cxx->getNumBases();
  }
  for (const FieldDecl *member : record->fields())
    if (!member->isUnnamedBitField() && index-- == 0)
      return builder_.field(whole, rows_.field(*member), rows_.type(member->getType().getUnqualifiedType()));
  return unknown(list.getType());
}

PlaceId Values::storage(const VarDecl &variable) {
  TypeId type = rows_.type(variable.getType().getUnqualifiedType());
  if (frame_) {
    if (auto it = frame_->aliases.find(&variable); it != frame_->aliases.end())
      return it->second;
    if (auto it = frame_->objects.find(&variable); it != frame_->objects.end())
      return it->second;
    if (auto index = frame_->capture(variable))
      return builder_.place(PlaceKind::Capture, *index, type);
  }
  if (const auto *param = dyn_cast<ParmVarDecl>(&variable)) {
    // A lambda's body sees its maker's parameters only through captures.
    if (frame_ && frame_->function && param->getDeclContext() != frame_->function)
      return unknown(variable.getType());
    return builder_.place(PlaceKind::Param, param->getFunctionScopeIndex(), type);
  }
  if (!variable.hasLocalStorage())
    return builder_.place(PlaceKind::Global, rows_.variable(variable), type);
  if (!frame_ || !frame_->isLocal(variable))
    return unknown(variable.getType());
  return builder_.place(PlaceKind::Local, frame_->local(variable), type);
}

PlaceId Values::variable(const VarDecl &variable) {
  PlaceId place = storage(variable);
  QualType type = variable.getType();
  bool pointer = type->isReferenceType();
  if (frame_) {
    // A captured reference is captured by what it refers to.
    if (auto index = frame_->capture(variable); index && !frame_->aliases.count(&variable)) {
      const auto *held = dyn_cast<VarDecl>(&variable);
      pointer = frame_->isReferenceCapture(*index) || (held->isInitCapture() && type->isReferenceType());
      type = type.getNonReferenceType();
    }
  }
  return pointer ? deref(place, type.getNonReferenceType()) : place;
}

PlaceId Values::thisPointer(QualType type) {
  if (frame_)
    if (auto index = frame_->thisCapture()) {
      bool pointer = frame_->isReferenceCapture(*index);
      PlaceId place = builder_.place(PlaceKind::Capture, *index, rows_.type(pointer ? type : type->getPointeeType()));
      return pointer ? place : addressOf(place, type->getPointeeType());
    }
  return builder_.place(PlaceKind::This, kNone,
                        rows_.type(rows_.context.getPointerType(type->getPointeeType().getUnqualifiedType())));
}

PlaceId Values::thisObject(QualType record) { return deref(thisPointer(rows_.context.getPointerType(record)), record); }

bool Values::isStableValue(PlaceId id) const {
  const Place &place = builder_.place(id);
  switch (place.kind()) {
  case PlaceKind::This:
  case PlaceKind::Result:
  case PlaceKind::Constant:
  case PlaceKind::String:
  case PlaceKind::Function:
    return true;
  case PlaceKind::Param:
    return frame_ && frame_->isUnchangedParam(place.id());
  case PlaceKind::Local:
    return frame_ && frame_->isUnchangedLocal(place.id());
  case PlaceKind::Capture:
    return frame_ && (frame_->isReferenceCapture(place.id()) || frame_->isUnchangedCapture());
  case PlaceKind::AddressOf:
    return isStableAddress(place.parent());
  case PlaceKind::Expr:
    return (place.parent() == kNone || isStableValue(place.parent())) &&
           (place.id() == kNone || place.op() == ExprOp::Opaque || isStableValue(place.id()));
  default:
    return false; // what fields, pointers and globals hold may change
  }
}

bool Values::isStableAddress(PlaceId id) const {
  const Place &place = builder_.place(id);
  switch (place.kind()) {
  case PlaceKind::Field:
    return isStableAddress(place.parent());
  case PlaceKind::Deref:
    return isStableValue(place.parent());
  case PlaceKind::Element:
    return place.id() != kNone && isStableAddress(place.parent()) && isStableValue(place.id());
  case PlaceKind::Unknown:
  case PlaceKind::Expr:
    return false;
  default:
    return true;
  }
}

const Expr *Values::passedOn(const CallExpr &call) {
  switch (call.getBuiltinCallee()) {
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BIas_const:
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BI__builtin_addressof:
  case Builtin::BI__builtin_launder:
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BI__builtin_assume_aligned:
    return call.getNumArgs() ? call.getArg(0) : nullptr;
  default:
    return nullptr;
  }
}

} // namespace heddle::extract
