// Collects NOLINT comments of the project's files, with the forms that clang-tidy knows: NOLINT, NOLINTNEXTLINE,
// NOLINTBEGIN and NOLINTEND, each alone (all checks: "*") or with a list of globs in parentheses, blanks removed.
#pragma once

#include "extract/PathMap.h"
#include "facts/Builder.h"

#include "clang/Lex/Preprocessor.h"

namespace heddle::extract {

class NolintCollector : public clang::CommentHandler {
public:
  NolintCollector(facts::Builder &builder, const PathMap &paths) : builder_(builder), paths_(paths) {}
  bool HandleComment(clang::Preprocessor &preprocessor, clang::SourceRange comment) override;

private:
  facts::Builder &builder_;
  const PathMap &paths_;
};

struct NolintComment {
  size_t offset, length; // of the keyword in the text
  facts::NolintKind kind;
  std::string checks;
};

/// All NOLINT forms in the text of a comment.
std::vector<NolintComment> parseNolint(llvm::StringRef comment);

} // namespace heddle::extract
