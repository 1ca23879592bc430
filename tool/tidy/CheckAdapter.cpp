#include "tidy/CheckAdapter.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/Basic/FileManager.h"
#include "llvm/ADT/StringExtras.h"

namespace heddle::tidy {

using namespace clang::ast_matchers;
using clang::DiagnosticIDs;
using clang::SourceLocation;

CheckAdapter::CheckAdapter(llvm::StringRef name, clang::tidy::ClangTidyContext *context, const Check &check)
    : ClangTidyCheck(name, context), check_(check), unit_(UnitAnalysis::current()) {
  unit_->enable(check);
}

void CheckAdapter::registerPPCallbacks(const clang::SourceManager &, clang::Preprocessor *preprocessor, clang::Preprocessor *) {
  unit_->observe(*preprocessor);
}

void CheckAdapter::registerMatchers(MatchFinder *finder) { finder->addMatcher(translationUnitDecl(), this); }

void CheckAdapter::check(const MatchFinder::MatchResult &result) {
  sources_ = result.SourceManager;
  llvm::Expected<std::vector<Finding>> findings = unit_->findings(check_, *result.Context);
  if (!findings) {
    configurationDiag("%0") << llvm::toString(findings.takeError());
    return;
  }
  for (const Finding &finding : *findings)
    report(finding);
}

void CheckAdapter::report(const Finding &finding) {
  {
    auto diagnostic = diag(locate(finding.place), "%0") << finding.message;
    // What may be applied without review comes with the finding, so that `clang-tidy -fix` takes it.
    for (const Fix &fix : finding.fixes)
      if (fix.safe)
        for (const clang::FixItHint &edit : edits(fix))
          diagnostic << edit;
  }
  for (const Lane &lane : finding.lanes)
    for (const Step &step : lane.steps)
      note(step.place, lane.name.empty() ? step.message : lane.name + ": " + step.message);
  for (const std::string &reason : finding.reasons)
    note(finding.place, reason);
  for (const Fix &fix : finding.fixes)
    propose(fix, finding.place);
  if (!finding.also.empty())
    note(finding.place, "this is also what heddle-" + llvm::join(finding.also, ", heddle-") + " would report");
}

void CheckAdapter::note(const SourceRange &place, const std::string &message) {
  diag(locate(place), "%0", DiagnosticIDs::Note) << message;
}

void CheckAdapter::propose(const Fix &fix, const SourceRange &place) {
  const SourceRange &where = fix.edits.empty() ? place : fix.edits.front().place;
  auto diagnostic = diag(locate(where), "%0", DiagnosticIDs::Note) << "fix: " + fix.message;
  if (!fix.safe) // left to `clang-tidy -fix-notes`
    for (const clang::FixItHint &edit : edits(fix))
      diagnostic << edit;
}

SourceLocation CheckAdapter::locate(const SourceRange &place, uint32_t bytesFromStart) const {
  auto file = sources_->getFileManager().getOptionalFileRef((kSourceRoot + place.file).str());
  if (!file)
    return {};
  clang::FileID id = sources_->translateFile(*file);
  return id.isInvalid() ? SourceLocation() : sources_->getLocForStartOfFile(id).getLocWithOffset(place.offset + bytesFromStart);
}

llvm::SmallVector<clang::FixItHint, 2> CheckAdapter::edits(const Fix &fix) const {
  llvm::SmallVector<clang::FixItHint, 2> hints;
  for (const Edit &edit : fix.edits) {
    SourceLocation begin = locate(edit.place), end = locate(edit.place, edit.place.length);
    if (begin.isInvalid())
      return {}; // half a fix is none
    hints.push_back(clang::FixItHint::CreateReplacement(clang::CharSourceRange::getCharRange(begin, end), edit.text));
  }
  return hints;
}

} // namespace heddle::tidy
