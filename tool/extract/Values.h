// Expressions as places: what storage a glvalue names, what value an rvalue has.
//
// Casts add nothing: a derived object and its base part are one place, a pointer keeps its identity through conversions. Loading
// is free too, for a place stands for its content where a value is asked for. References are pointers that are always followed.
// A local that only ever renames a value that can't change is replaced by it (Frame::aliases).
// Gets wrong: the value of `&&`, `||` outside of conditions is an expression of both operands, also when one wasn't evaluated.
#pragma once

#include "extract/Frame.h"

namespace heddle::extract {

class Values {
public:
  /// Without a frame only what holds everywhere has a name: this, parameters, globals, constants.
  explicit Values(Rows &rows, Frame *frame = nullptr) : rows_(rows), builder_(rows.builder), frame_(frame) {}

  facts::PlaceId operator()(const clang::Expr &expr);
  /// As bound to a parameter or variable of type `to`: the address for a reference.
  facts::PlaceId bound(const clang::Expr &expr, clang::QualType to);
  /// The value of a constant initialiser; kNone when it has no name.
  facts::PlaceId constant(const clang::Expr &init, clang::QualType type);

  /// The variable's storage, followed if it is a reference.
  facts::PlaceId variable(const clang::VarDecl &variable);
  /// The variable itself: the pointer, if it is a reference.
  facts::PlaceId storage(const clang::VarDecl &variable);
  facts::PlaceId thisObject(clang::QualType record);
  facts::PlaceId field(facts::PlaceId object, const clang::FieldDecl &field);
  facts::PlaceId part(facts::PlaceId whole, const clang::Expr &list, unsigned index);
  facts::PlaceId element(facts::PlaceId array, facts::PlaceId index, clang::QualType type);
  facts::PlaceId number(int64_t value, clang::QualType type);
  facts::PlaceId unknown(clang::QualType type);
  facts::PlaceId deref(facts::PlaceId pointer, clang::QualType type) {
    return builder_.deref(pointer, rows_.type(type.getUnqualifiedType()));
  }
  facts::PlaceId addressOf(facts::PlaceId object, clang::QualType objectType);
  facts::PlaceId expression(facts::ExprOp op, facts::PlaceId a, facts::PlaceId b, clang::QualType type);
  facts::PlaceId function(const clang::FunctionDecl &function);

  /// Whether the value (address) of a place is the same wherever it is asked for.
  bool isStableValue(facts::PlaceId place) const;
  bool isStableAddress(facts::PlaceId place) const;

  /// The argument that a call merely passes on (std::move, __builtin_expect, …), which is no event; null otherwise.
  static const clang::Expr *passedOn(const clang::CallExpr &call);

private:
  facts::PlaceId compute(const clang::Expr &expr);
  facts::PlaceId reference(const clang::DeclRefExpr &expr);
  facts::PlaceId member(const clang::MemberExpr &expr);
  facts::PlaceId thisPointer(clang::QualType type);
  facts::PlaceId cast(const clang::CastExpr &expr);
  facts::PlaceId unary(const clang::UnaryOperator &expr);
  facts::PlaceId binary(const clang::BinaryOperator &expr);
  facts::PlaceId opaque(const clang::Expr &expr, uint64_t hash, llvm::ArrayRef<facts::PlaceId> operands);
  facts::PlaceId folded(const clang::Expr &expr);
  unsigned depthOf(facts::PlaceId place);

  Rows &rows_;
  facts::Builder &builder_;
  Frame *frame_;
  unsigned depth_ = 0;
  llvm::DenseMap<facts::PlaceId, unsigned> depths_;
};

} // namespace heddle::extract
