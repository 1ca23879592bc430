// Pieces of the source text that an edit is put together from. What a macro wrote has none.
#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"

#include <string>

namespace heddle::extract::shapes {

class SourceEdit {
public:
  explicit SourceEdit(const clang::ASTContext &context) : context_(context) {}

  /// The tokens of a range; empty when a macro wrote any of it.
  std::string textOf(clang::SourceRange range) const;
  /// What stands from `begin` up to the token at `end`, without blanks at its end.
  std::string textBefore(clang::SourceLocation begin, clang::SourceLocation end) const;
  /// A name for a new local variable, that occurs nowhere in `body`.
  std::string freshName(const clang::Stmt &body) const;

private:
  const clang::ASTContext &context_;
};

} // namespace heddle::extract::shapes
