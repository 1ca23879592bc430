#include "driver/Extraction.h"

#include "driver/Progress.h"
#include "driver/Supervisor.h"

namespace heddle {
namespace {

/// Messages name files as the report does, so that the checkout folder isn't in them.
std::string withoutRoot(std::string text, llvm::StringRef root) {
  std::string prefix = (root + "/").str();
  for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
    text.erase(at, prefix.size());
  return text;
}

UnitProblem problemOf(const UnitOutcome &outcome, llvm::StringRef root, std::string file) {
  if (outcome.state == UnitOutcome::Pending)
    return {std::move(file), "interrupted", "not analysed before the interruption"};
  return {std::move(file), outcome.reason, withoutRoot(outcome.detail, root)};
}

} // namespace

ExtractOptions extractOptions(const Options &options, const Database &database, const std::string &sourceRoot) {
  ExtractOptions result;
  result.sourceRoot = sourceRoot;
  result.buildRoot = database.folder;
  result.skipBodies = options.skipBodies;
  result.extraArgs = options.extraArgs;
  result.extraArgsBefore = options.extraArgsBefore;
  return result;
}

llvm::Expected<Evidence> extractAll(const Options &options, const ExtractOptions &extractOptions,
                                    const UnitSelection &selection) {
  WorkerLimits limits;
  limits.workers = options.jobs ? options.jobs : defaultWorkers();
  limits.cpuSeconds = options.timeout;
  limits.megabytes = options.memory;
  limits.showErrors = options.verbose;
  Progress progress(selection.units.size(), options.quiet);
  auto supervision = supervise(selection.units, extractOptions, limits, [&](size_t, const UnitOutcome &) { progress.step(); });
  progress.end();
  if (!supervision)
    return supervision.takeError();

  Evidence evidence;
  evidence.total = selection.units.size();
  evidence.sourceRoot = extractOptions.sourceRoot;
  evidence.objects = selection.objects;
  evidence.headers = selection.headers;
  evidence.interruptedBy = supervision->interruptedBy;
  for (size_t i = 0; i < selection.units.size(); ++i) {
    UnitOutcome &outcome = supervision->outcomes[i];
    if (outcome.state == UnitOutcome::Extracted) {
      // A worker that parsed hostile sources isn't trusted: what it sent is verified here.
      if (llvm::Expected<facts::Facts> facts = facts::Facts::open(std::move(outcome.facts))) {
        evidence.facts.push_back(std::move(*facts));
        continue;
      } else {
        outcome = {UnitOutcome::Failed, "crash", "its facts are damaged: " + llvm::toString(facts.takeError()), {}};
      }
    }
    evidence.failed.push_back(
        problemOf(outcome, extractOptions.sourceRoot, relativeTo(extractOptions.sourceRoot, sourcePath(selection.units[i]))));
  }
  llvm::sort(evidence.failed);
  return evidence;
}

} // namespace heddle
