#include "driver/Pipeline.h"

#include "driver/Commands.h"
#include "driver/Extraction.h"
#include "driver/Results.h"
#include "driver/Summary.h"
#include "link/Groups.h"
#include "link/Link.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

#include <csignal>

namespace heddle {
namespace {

using llvm::StringRef;

/// Configuration is looked for from the working directory when that is in the project, else from the project's top.
std::string configurationFolder(StringRef sourceRoot) {
  llvm::SmallString<256> working;
  llvm::sys::fs::current_path(working);
  return relativeTo(sourceRoot, working) == working && working != sourceRoot ? sourceRoot.str() : std::string(working);
}

bool includesOne(const facts::Facts &facts, const std::vector<std::string> &headers) {
  return llvm::any_of(facts.unit_files(), [&](const facts::UnitFile &row) {
    return llvm::is_contained(headers, facts.string(facts.files()[row.file()].path()));
  });
}

/// Leaves out units that include none of the wanted headers.
llvm::Error keepIncluders(Evidence &evidence) {
  if (evidence.headers.empty())
    return llvm::Error::success();
  size_t before = evidence.facts.size();
  llvm::erase_if(evidence.facts, [&](const facts::Facts &facts) { return !includesOne(facts, evidence.headers); });
  evidence.total -= before - evidence.facts.size();
  if (evidence.facts.empty() && evidence.failed.empty())
    return llvm::createStringError("no unit includes " + llvm::join(evidence.headers, " or "));
  return llvm::Error::success();
}

llvm::Error keepTargets(const std::vector<std::string> &names, std::vector<Target> &targets) {
  if (names.empty())
    return llvm::Error::success();
  std::vector<StringRef> known;
  for (const Target &target : targets)
    known.push_back(target.name);
  for (const std::string &name : names)
    if (!llvm::is_contained(known, name))
      return llvm::createStringError("no link target is called '" + name + "'" + suggestion(name, known) +
                                     "; see --list-targets");
  llvm::erase_if(targets, [&](const Target &target) { return !llvm::is_contained(names, target.name); });
  return llvm::Error::success();
}

void listTargets(const std::vector<Target> &targets, const facts::Facts &facts, bool units, llvm::raw_ostream &out) {
  for (const Target &target : targets) {
    out << target.name << '\t' << (target.closed ? "closed" : "open") << '\t' << target.units.size() << " units\n";
    for (facts::UnitId unit : target.units)
      if (units)
        out << "  " << facts.string(facts.files()[facts.units()[unit].file()].path()) << '\n';
  }
}

std::vector<UnitProblem> partialUnits(const facts::Facts &facts) {
  std::vector<UnitProblem> partial;
  for (const facts::Unit &unit : facts.units())
    if (facts::has(unit.flags(), facts::UnitFlag::Errors))
      partial.push_back({facts.string(facts.files()[unit.file()].path()).str(), "errors",
                         unit.detail() == facts::kNone ? "" : facts.string(unit.detail()).str()});
  llvm::sort(partial);
  return partial;
}

void addMainFiles(const facts::Facts &facts, Scope &scope) {
  for (const facts::Unit &unit : facts.units())
    scope.addMainFile(facts.string(facts.files()[unit.file()].path()));
}

Report reportOf(const Options &options, const Plan &plan, const facts::Facts &facts, const std::vector<Target> &targets) {
  Report report;
  for (const Check *check : plan.checks)
    report.checks.emplace_back(check->id);
  report.gate = options.gate();
  report.partial = partialUnits(facts);
  for (const Target &target : targets)
    report.targets.push_back({target.name, target.closed, target.units.size()});
  return report;
}

ExitCode exitCode(const Options &options, const Report &report, int interruptedBy) {
  if (interruptedBy)
    return interruptedBy == SIGTERM ? ExitCode::Terminated : ExitCode::Interrupted;
  if (!options.allowPartial && (!report.partial.empty() || !report.failed.empty()))
    return ExitCode::Incomplete;
  bool found = !options.neverFail && llvm::any_of(report.findings, [&](const Finding &finding) {
    return !finding.suppressed && finding.severity >= options.gateSeverity();
  });
  return found ? ExitCode::Findings : ExitCode::Clean;
}

} // namespace

llvm::Expected<Plan> plan(const Options &options, StringRef folder) {
  llvm::Expected<Configuration> configuration = configure(options, folder);
  if (!configuration)
    return configuration.takeError();
  auto checks = selectChecks(configuration->checks);
  if (!checks)
    return checks.takeError();
  llvm::Expected<Models> models = Models::builtIn();
  if (!models)
    return models.takeError();
  for (const ModelText &text : configuration->models)
    if (llvm::Error error = models->add(text.yaml, text.origin))
      return std::move(error);
  Scope scope;
  for (const std::string &glob : configuration->excludes)
    if (llvm::Error error = scope.exclude(glob))
      return std::move(error);
  if (configuration->headerFilter)
    if (llvm::Error error = scope.filterHeaders(*configuration->headerFilter))
      return std::move(error);
  if (llvm::Error error = checkOutputs(options))
    return std::move(error);
  return Plan{std::move(*configuration), std::move(*checks), std::move(*models), std::move(scope)};
}

ExitCode conclude(const Options &options, Plan plan, Evidence evidence) {
  if (llvm::Error error = keepIncluders(evidence))
    return wrongUse(std::move(error));
  size_t unitBytes = 0;
  std::vector<const facts::Facts *> parts;
  for (const facts::Facts &facts : evidence.facts) {
    parts.push_back(&facts);
    unitBytes += facts.bytes().size();
  }
  llvm::Expected<facts::Facts> linked = link(parts);
  if (!linked)
    return internalError(linked.takeError());
  std::vector<Target> targets = findTargets(*linked, evidence.buildFolder, evidence.sourceRoot, evidence.objects);
  if (llvm::Error error = keepTargets(options.targets, targets))
    return wrongUse(std::move(error));
  if (options.listTargets) {
    listTargets(targets, *linked, options.verbose, llvm::outs());
    return ExitCode::Clean;
  }

  printSwitchedOff(plan.configuration, llvm::errs());
  addMainFiles(*linked, plan.scope);
  Report report = reportOf(options, plan, *linked, targets);
  report.failed = std::move(evidence.failed);
  report.total = evidence.total ? evidence.total : linked->units().size();
  llvm::Expected<std::vector<LinkedGroup>> linkedGroups = linkGroups(*linked, parts, targets);
  if (!linkedGroups)
    return internalError(linkedGroups.takeError());
  evidence.facts.clear();
  std::vector<Group> groups;
  for (const LinkedGroup &group : *linkedGroups)
    groups.push_back({*group.facts, group.targets});
  Analysis analysis = analyse(*linked, groups, plan.models, plan.checks, plan.scope);
  report.findings = analysis.findings;
  report.cutFunctions = analysis.cutFunctions;
  report.cutPaths = analysis.cutPaths;

  if (options.explainFinding)
    return explainFinding(options, report, evidence.sourceRoot);
  if (llvm::Error error = writeResults(options, report, evidence.sourceRoot))
    return internalError(std::move(error));
  if (options.statistics)
    printStatistics(*linked, unitBytes, report, llvm::errs());
  printSummary(report, analysis, options, llvm::errs());
  return exitCode(options, report, evidence.interruptedBy);
}

ExitCode runCheck(const Options &options) {
  llvm::Expected<Database> database = openDatabase(options);
  if (!database)
    return wrongUse(database.takeError());
  llvm::Expected<std::string> sourceRoot = findSourceRoot(options, *database);
  if (!sourceRoot)
    return wrongUse(sourceRoot.takeError());
  llvm::Expected<Plan> planned = plan(options, configurationFolder(*sourceRoot));
  if (!planned)
    return wrongUse(planned.takeError());
  if (options.printConfig) {
    print(planned->configuration, llvm::outs());
    return ExitCode::Clean;
  }
  ExtractOptions extracting = extractOptions(options, *database, *sourceRoot);
  llvm::Expected<UnitSelection> units = selectUnits(*database, options.inputs, extracting);
  if (!units)
    return wrongUse(units.takeError());
  if (options.verbose && units->foreign + units->duplicates)
    llvm::errs() << "heddle: of " << database->commands.size() << " entries " << units->foreign << " aren't C or C++ and "
                 << units->duplicates << " repeat another\n";
  llvm::Expected<Evidence> evidence = extractAll(options, extracting, *units);
  if (!evidence)
    return internalError(evidence.takeError());
  if (!database->path.empty())
    evidence->buildFolder = database->folder;
  return conclude(options, std::move(*planned), std::move(*evidence));
}

} // namespace heddle
