// One of heddle's checks as clang-tidy sees it. All checks have this one adapter.
#pragma once

#include "tidy/UnitAnalysis.h"

#include "clang-tidy/ClangTidyCheck.h"

namespace heddle::tidy {

class CheckAdapter : public clang::tidy::ClangTidyCheck {
public:
  CheckAdapter(llvm::StringRef name, clang::tidy::ClangTidyContext *context, const Check &check);

  void registerPPCallbacks(const clang::SourceManager &sources, clang::Preprocessor *preprocessor,
                           clang::Preprocessor *expander) override;
  void registerMatchers(clang::ast_matchers::MatchFinder *finder) override;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &result) override;

private:
  void report(const Finding &finding);
  void note(const SourceRange &place, const std::string &message);
  void propose(const Fix &fix, const SourceRange &place);
  clang::SourceLocation locate(const SourceRange &place, uint32_t bytesFromStart = 0) const;
  llvm::SmallVector<clang::FixItHint, 2> edits(const Fix &fix) const;

  const Check &check_;
  std::shared_ptr<UnitAnalysis> unit_;
  clang::SourceManager *sources_ = nullptr;
};

} // namespace heddle::tidy
