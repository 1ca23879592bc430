#include "tidy/UnitAnalysis.h"

#include "extract/UnitWriter.h"
#include "report/Arbitration.h"
#include "report/Fold.h"
#include "report/Suppression.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"

namespace heddle::tidy {

using extract::NolintCollector;
using extract::PathMap;
using extract::UnitWriter;

namespace {

class Collector : public Sink {
public:
  void report(Finding finding) override { sightings.push_back({"", std::move(finding)}); }
  std::vector<Sighting> sightings;
};

std::string workingDirectory(const clang::SourceManager &sources) {
  auto directory = sources.getFileManager().getVirtualFileSystem().getCurrentWorkingDirectory();
  return directory ? *directory : "/";
}

/// clang-tidy knows the comments at a finding's main place; heddle's count at each place that the finding calls its own.
Suppressions suppressions(const facts::Facts &facts) {
  std::vector<heddle::NolintComment> comments;
  for (const facts::Nolint &row : facts.nolints()) {
    const facts::Location &at = facts.location(row.location());
    heddle::NolintComment comment;
    comment.kind = static_cast<heddle::NolintComment::Kind>(row.kind());
    comment.place = {std::string(facts.path(row.location())), at.line(), at.column(), at.end_line(), at.end_column(), at.offset(), at.length()};
    comment.checks = facts.string(row.checks()).str();
    comments.push_back(std::move(comment));
  }
  return Suppressions(std::move(comments));
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
  // Without a source root every path is absolute, and is found again in clang-tidy's file manager.
  paths_ = std::make_unique<PathMap>("", workingDirectory(preprocessor.getSourceManager()));
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
  Program program(*facts, *models, Target{"unit", /*closed=*/false, {0}});
  Collector collector;
  for (const Check *check : enabled_)
    if (check->world == World::Open)
      check->run(program, collector);

  std::vector<Finding> all = fold(std::move(collector.sightings));
  arbitrate(all);
  suppressions(*facts).apply(all);
  for (Finding &finding : all)
    if (!finding.suppressed)
      findings_[finding.check].push_back(std::move(finding));
  return llvm::Error::success();
}

} // namespace heddle::tidy
