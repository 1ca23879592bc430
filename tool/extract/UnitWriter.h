// Writes the facts of one parsed translation unit: a skeleton for every function with a body outside the system headers, and rows
// for all that these mention. Knows C and C++, and nothing of what any library's functions mean.
#pragma once

#include "extract/PathMap.h"
#include "facts/Builder.h"

#include "clang/AST/ASTContext.h"

namespace clang {
class Sema;
}

namespace heddle::extract {

class UnitWriter {
public:
  /// All outlive the writer; `unit` is a row of `builder`. `sema` may be null if all of the unit was read (Rows.h).
  UnitWriter(clang::ASTContext &context, facts::Builder &builder, const PathMap &paths, facts::UnitId unit,
             clang::Sema *sema = nullptr);

  /// The whole unit, after its end was parsed.
  void write();

  /// Functions seen with a body, for the unit's row.
  uint32_t functionCount() const { return functions_; }

private:
  clang::ASTContext &context_;
  facts::Builder &builder_;
  const PathMap &paths_;
  facts::UnitId unit_;
  clang::Sema *sema_;
  uint32_t functions_ = 0;
};

} // namespace heddle::extract
