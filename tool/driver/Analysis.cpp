#include "driver/Analysis.h"

#include "report/Arbitration.h"
#include "report/Fingerprint.h"
#include "report/Fold.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace heddle {
namespace {

class SightingSink : public Sink {
public:
  SightingSink(std::string target, std::vector<Sighting> &sightings) : target_(std::move(target)), sightings_(sightings) {}
  void report(Finding finding) override { sightings_.push_back({target_, std::move(finding)}); }

private:
  std::string target_;
  std::vector<Sighting> &sightings_;
};

NolintComment::Kind kindOf(facts::NolintKind kind) {
  switch (kind) {
  case facts::NolintKind::Line:
    return NolintComment::Line;
  case facts::NolintKind::NextLine:
    return NolintComment::NextLine;
  case facts::NolintKind::Begin:
    return NolintComment::Begin;
  case facts::NolintKind::End:
    return NolintComment::End;
  }
  return NolintComment::Line;
}

std::vector<NolintComment> nolintsOf(const facts::Facts &facts) {
  std::vector<NolintComment> comments;
  for (const facts::Nolint &row : facts.nolints()) {
    if (row.location() == facts::kNone)
      continue;
    NolintComment comment;
    comment.kind = kindOf(row.kind());
    comment.place.file = facts.path(row.location()).str();
    comment.place.line = facts.location(row.location()).line();
    comment.place.column = facts.location(row.location()).column();
    if (row.checks() != facts::kNone)
      comment.checks = facts.string(row.checks()).str();
    comments.push_back(std::move(comment));
  }
  return comments;
}

} // namespace

Analysis analyse(const facts::Facts &all, llvm::ArrayRef<Group> groups, const Models &models,
                 llvm::ArrayRef<const Check *> checks, const Scope &scope) {
  Analysis analysis;
  std::vector<Sighting> sightings;
  std::map<std::string, std::vector<std::string>> silences;
  std::vector<std::pair<const facts::Facts *, const Target *>> programs;
  for (const Group &group : groups)
    for (const Target &target : group.targets)
      programs.emplace_back(&group.facts, &target);
  llvm::sort(programs, [](const auto &a, const auto &b) { return a.second->name < b.second->name; });
  for (const auto &[facts, row] : programs) {
    const Target &target = *row;
    Program program(*facts, models, target);
    SightingSink sink(target.name, sightings);
    for (const Check *check : checks)
      if (check->world == World::Open || target.closed)
        check->run(program, sink);
      else
        silences[std::string(check->id)].push_back(target.name);
    analysis.cutFunctions += program.cut().functions;
    analysis.cutPaths += program.cut().paths;
  }
  for (auto &[check, names] : silences)
    analysis.silences.push_back({check, std::move(names)});

  llvm::erase_if(sightings, [&](const Sighting &sighting) { return !scope.contains(sighting.finding); });
  analysis.findings = fold(std::move(sightings));
  arbitrate(analysis.findings);
  fingerprint(analysis.findings);
  Suppressions suppressions(nolintsOf(all));
  suppressions.apply(analysis.findings);
  for (const NolintComment *comment : suppressions.unused())
    analysis.unusedNolints.push_back(*comment);
  return analysis;
}

} // namespace heddle
