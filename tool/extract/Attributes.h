// Clang's thread-safety attributes as rows: what a declaration promises or demands, its arguments as places in its own frame.
#pragma once

#include "extract/Rows.h"

namespace heddle::extract {

class Attributes {
public:
  explicit Attributes(Rows &rows) : rows_(rows) {}

  void write(const clang::FunctionDecl &function, facts::FunctionId id);
  void write(const clang::RecordDecl &record, facts::RecordId id);
  void write(const clang::FieldDecl &field, facts::FieldId id);
  void write(const clang::VarDecl &variable, facts::VariableId id);

private:
  void each(const clang::Decl &decl, facts::OwnerKind kind, uint32_t owner);
  bool describe(const clang::Attr &attribute, facts::AttributeDraft &draft);
  void lock(facts::AttributeDraft &draft, const clang::Expr *expr);

  Rows &rows_;
};

} // namespace heddle::extract
