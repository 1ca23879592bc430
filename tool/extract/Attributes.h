// Clang's thread-safety attributes as rows: what a declaration promises or demands, its arguments as places in its own frame.
//
// A lock that a getter gives (`getMutex()`) is the place that the getter names: by RETURN_CAPABILITY, else by a body of the
// project's that is one return statement. Of a lambda `this` and variables are its captures. `!mu` demands that mu isn't held.
// "*" stands for any lock and stays a string. What can't be named is an unknown place: the row is there, and says nothing of a
// lock.
#pragma once

#include "extract/Rows.h"
#include "extract/Values.h"

namespace heddle::extract {

class Attributes {
public:
  explicit Attributes(Rows &rows) : rows_(rows), values_(rows) {}

  void write(const clang::FunctionDecl &function, facts::FunctionId id);
  void write(const clang::RecordDecl &record, facts::RecordId id);
  void write(const clang::FieldDecl &field, facts::FieldId id);
  void write(const clang::VarDecl &variable, facts::VariableId id);

private:
  void each(const clang::Decl &decl, facts::OwnerKind kind, uint32_t owner);
  bool describe(const clang::Attr &attribute, facts::AttributeDraft &draft);
  void lock(facts::AttributeDraft &draft, const clang::Expr *expr);
  facts::PlaceId place(const clang::Expr &expr);
  facts::PlaceId captured(const clang::ValueDecl *variable, clang::QualType type);
  facts::PlaceId given(const clang::CallExpr &call);
  facts::PlaceId inCaller(facts::PlaceId place, const clang::CallExpr &call);

  Rows &rows_;
  Values values_;
  const clang::CXXRecordDecl *closure_ = nullptr; // whose call operator the attributes belong to
  unsigned depth_ = 0;
};

} // namespace heddle::extract
