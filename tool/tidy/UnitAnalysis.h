// heddle on the unit that clang-tidy has parsed: its facts and its program are made once, for all checks that are enabled.
#pragma once

#include "checks/Check.h"
#include "extract/Nolint.h"
#include "extract/PathMap.h"
#include "facts/Builder.h"

#include "clang/AST/ASTContext.h"
#include "clang/Lex/Preprocessor.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace heddle::tidy {

/// What paths in findings are relative to.
constexpr llvm::StringLiteral kSourceRoot = "/";

/// Shared by the adapters of one unit: clang-tidy makes them together before it parses, and drops them together after it.
class UnitAnalysis {
public:
  /// The analysis that adapters of the unit at hand share.
  static std::shared_ptr<UnitAnalysis> current();

  void enable(const Check &check) { enabled_.push_back(&check); }

  /// Before parsing; further calls for the same preprocessor do nothing.
  void observe(clang::Preprocessor &preprocessor);

  /// What `check` found, in order; paths are relative to kSourceRoot. The first call analyses the unit. An error is one of
  /// heddle's own: the facts or models are damaged.
  llvm::Expected<std::vector<Finding>> findings(const Check &check, clang::ASTContext &context);

private:
  llvm::Error analyse(clang::ASTContext &context);

  std::vector<const Check *> enabled_;
  clang::Preprocessor *preprocessor_ = nullptr;
  facts::Builder builder_;
  std::unique_ptr<extract::PathMap> paths_;
  std::unique_ptr<extract::NolintCollector> nolint_;
  bool analysed_ = false;
  std::map<std::string, std::vector<Finding>, std::less<>> findings_; // by check
};

} // namespace heddle::tidy
