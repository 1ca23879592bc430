#include "tidy/UnitAnalysis.h"

#include "driver/Analysis.h"
#include "extract/UnitWriter.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"

namespace heddle::tidy {

using extract::NolintCollector;
using extract::PathMap;
using extract::UnitWriter;

namespace {

std::string workingDirectory(const clang::SourceManager &sources) {
  auto directory = sources.getFileManager().getVirtualFileSystem().getCurrentWorkingDirectory();
  return directory ? *directory : "/";
}

} // namespace

std::shared_ptr<UnitAnalysis> UnitAnalysis::current() {
  static std::weak_ptr<UnitAnalysis> latest;
  std::shared_ptr<UnitAnalysis> analysis = latest.lock();
  // One that has analysed belongs to a unit that is being dropped.
  if (!analysis || analysis->analysed_) {
    analysis = std::make_shared<UnitAnalysis>();
    latest = analysis;
  }
  return analysis;
}

void UnitAnalysis::observe(clang::Preprocessor &preprocessor) {
  if (preprocessor_ == &preprocessor)
    return;
  preprocessor_ = &preprocessor;
  // With the file system as source root every file is one of the project's.
  paths_ = std::make_unique<PathMap>(kSourceRoot, workingDirectory(preprocessor.getSourceManager()));
  nolint_ = std::make_unique<NolintCollector>(builder_, *paths_);
  preprocessor.addCommentHandler(nolint_.get());
}

llvm::Expected<std::vector<Finding>> UnitAnalysis::findings(const Check &check, clang::ASTContext &context) {
  if (!analysed_) {
    analysed_ = true;
    if (llvm::Error error = analyse(context))
      return std::move(error);
  }
  auto found = findings_.find(check.id);
  return found == findings_.end() ? std::vector<Finding>() : found->second;
}

llvm::Error UnitAnalysis::analyse(clang::ASTContext &context) {
  const clang::SourceManager &sources = context.getSourceManager();
  facts::UnitDraft draft;
  draft.file = builder_.file(paths_->name(sources, sources.getMainFileID()), facts::FileFlag::MainFile);
  draft.command = builder_.string("");
  draft.flags = context.getLangOpts().CPlusPlus ? facts::UnitFlag::Cxx : facts::UnitFlag::NONE;
  facts::UnitId unit = builder_.unit(draft);
  UnitWriter(context, builder_, *paths_, unit).write();

  auto facts = facts::Facts::open(builder_.freeze());
  if (!facts)
    return facts.takeError();
  llvm::Expected<Models> models = Models::builtIn();
  if (!models)
    return models.takeError();
  // Where a finding may be reported is clang-tidy's to say, by its own header filter.
  const Target target{"unit", /*closed=*/false, {0}};
  Analysis analysis = heddle::analyse(*facts, Group{*facts, target}, *models, enabled_, Scope());
  for (Finding &finding : analysis.findings)
    if (!finding.suppressed)
      findings_[finding.check].push_back(std::move(finding));
  return llvm::Error::success();
}

} // namespace heddle::tidy
