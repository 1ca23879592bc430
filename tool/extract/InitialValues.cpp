#include "extract/InitialValues.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

constexpr unsigned kMaxRows = 4096;  // of a variable
constexpr unsigned kMaxNesting = 32; // of its lists

void InitialValues::write(const Expr &init, QualType type) {
  if (!matters(type))
    return;
  PlaceId whole = rows_.builder.place(PlaceKind::Global, variable_, rows_.type(type.getUnqualifiedType()));
  part(init, whole, type);
  if (count_ >= kMaxRows)
    rows_.builder.initial(variable_, whole, values_.unknown(type));
}

/// Text and numbers don't; a pointer to characters is text.
bool InitialValues::mayHoldAddress(QualType type) {
  type = type.getCanonicalType();
  if (const ArrayType *array = rows_.context.getAsArrayType(type))
    return mayHoldAddress(array->getElementType());
  if (type->isAnyPointerType() || type->isReferenceType())
    return !type->getPointeeType()->isAnyCharacterType();
  if (type->isMemberFunctionPointerType())
    return true;
  const RecordDecl *record = type->getAsRecordDecl();
  const RecordDecl *definition = record ? record->getDefinition() : nullptr;
  if (!definition)
    return false;
  auto [it, fresh] = records_.try_emplace(definition, false);
  if (!fresh)
    return it->second;
  bool holds = llvm::any_of(definition->fields(), [&](const FieldDecl *field) { return mayHoldAddress(field->getType()); });
  if (const auto *cxx = dyn_cast<CXXRecordDecl>(definition))
    holds = holds || llvm::any_of(cxx->bases(), [&](const CXXBaseSpecifier &base) { return mayHoldAddress(base.getType()); });
  return records_[definition] = holds;
}

/// Whether it is a system's record, or has one inside.
bool InitialValues::holdsSystemRecord(QualType type) {
  type = type.getCanonicalType();
  if (const ArrayType *array = rows_.context.getAsArrayType(type))
    return holdsSystemRecord(array->getElementType());
  const RecordDecl *record = type->getAsRecordDecl();
  const RecordDecl *definition = record ? record->getDefinition() : nullptr;
  if (!definition || !rows_.isProject(*definition))
    return definition != nullptr;
  auto [it, fresh] = holders_.try_emplace(definition, false);
  if (!fresh)
    return it->second;
  bool holds = llvm::any_of(definition->fields(), [&](const FieldDecl *field) { return holdsSystemRecord(field->getType()); });
  return holders_[definition] = holds;
}

bool InitialValues::matters(QualType type) {
  bool number = inSystemRecord_ && type->isIntegralOrEnumerationType();
  return number || holdsSystemRecord(type) || mayHoldAddress(type);
}

void InitialValues::row(PlaceId part, PlaceId value) {
  if (++count_ <= kMaxRows)
    rows_.builder.initial(variable_, part, value);
}

void InitialValues::part(const Expr &given, PlaceId where, QualType type) {
  if (count_ >= kMaxRows || !matters(type))
    return;
  const Expr *init = BodyScan::core(&given);
  if (const auto *literal = dyn_cast<CompoundLiteralExpr>(init))
    init = BodyScan::core(literal->getInitializer());
  if (const auto *nested = dyn_cast<InitListExpr>(init); nested && !nested->isTransparent() && depth_ < kMaxNesting) {
    ++depth_;
    const RecordDecl *record = type->getAsRecordDecl();
    bool system = record ? !rows_.isProject(*record) : inSystemRecord_;
    std::swap(inSystemRecord_, system);
    list(*nested, where, type);
    std::swap(inSystemRecord_, system);
    --depth_;
    return;
  }
  if (isa<ImplicitValueInitExpr>(init) || isa<StringLiteral>(init))
    return;
  if (type->isRecordType() || type->isArrayType()) {
    if (mayHoldAddress(type))
      row(where, values_.unknown(type));
    return;
  }
  if (inSystemRecord_ && type->isIntegralOrEnumerationType()) {
    Expr::EvalResult number;
    if (given.EvaluateAsInt(number, rows_.context) && number.Val.getInt() != 0)
      row(where, values_.constant(given, type));
    return;
  }
  PlaceId value = values_.constant(given, type);
  PlaceKind kind = value == kNone ? PlaceKind::Unknown : rows_.builder.place(value).kind();
  if (kind == PlaceKind::Constant || kind == PlaceKind::String)
    return;
  bool address = kind == PlaceKind::Function || kind == PlaceKind::AddressOf;
  row(where, address ? value : values_.unknown(type));
}

void InitialValues::list(const InitListExpr &given, PlaceId where, QualType type) {
  const InitListExpr &list = given.isSemanticForm() ? given : *given.getSemanticForm();
  const ArrayType *array = rows_.context.getAsArrayType(type);
  if (!array && !type->isRecordType()) { // a scalar in braces
    if (list.getNumInits() == 1)
      part(*list.getInit(0), where, type);
    return;
  }
  for (unsigned i = 0; i < list.getNumInits(); ++i) {
    const Expr *init = list.getInit(i);
    if (!init || isa<ImplicitValueInitExpr>(init) || isa<NoInitExpr>(init))
      continue;
    // The place of a reference member is the pointer, and its initialiser's type is the object's.
    PlaceId target = values_.part(where, list, i);
    part(*init, target, init->isGLValue() ? rows_.context.getLValueReferenceType(init->getType()) : init->getType());
  }
}

} // namespace heddle::extract
