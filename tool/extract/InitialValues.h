// Constant initial values of aggregates, as far as they are addresses: tables of functions, structs of operations, lists of
// objects; and the numbers, but 0, in records of system headers, whose values tell one kind of such an object from another.
//
// What is initialised when the program runs has a body of its own (UnitWriter). A part that may hold an address and whose value
// has no name is written as Unknown, so that nobody takes the parts that are named for all there are.
#pragma once

#include "extract/Values.h"

namespace heddle::extract {

class InitialValues {
public:
  InitialValues(Rows &rows, facts::VariableId variable) : rows_(rows), values_(rows), variable_(variable) {}

  /// Writes the rows of the variable; `type` is its own.
  void write(const clang::Expr &init, clang::QualType type);

private:
  bool mayHoldAddress(clang::QualType type);
  bool holdsSystemRecord(clang::QualType type);
  bool matters(clang::QualType type);
  void part(const clang::Expr &init, facts::PlaceId where, clang::QualType type);
  void list(const clang::InitListExpr &list, facts::PlaceId where, clang::QualType type);
  void row(facts::PlaceId part, facts::PlaceId value);

  Rows &rows_;
  Values values_;
  facts::VariableId variable_;
  unsigned count_ = 0, depth_ = 0;
  bool inSystemRecord_ = false;
  llvm::DenseMap<const clang::RecordDecl *, bool> records_, holders_;
};

} // namespace heddle::extract
