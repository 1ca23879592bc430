// heddle doctor: goes through what a run needs, in the order in which a run needs it, and stops at what would stop the run.
#include "driver/Commands.h"
#include "driver/Extraction.h"
#include "driver/Pipeline.h"
#include "driver/Supervisor.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"

namespace heddle {
namespace {

class Examination {
public:
  void good(const llvm::Twine &text) { llvm::outs() << "ok       " << text << '\n'; }
  void warn(const llvm::Twine &text) { llvm::outs() << "warning  " << text << '\n'; }
  ExitCode bad(llvm::Error error) {
    llvm::outs() << "problem  " << llvm::toString(std::move(error)) << '\n';
    return ExitCode::Usage;
  }
};

size_t missingFiles(const std::vector<CompileCommand> &units, std::string &first) {
  size_t missing = 0;
  for (const CompileCommand &unit : units)
    if (!llvm::sys::fs::exists(sourcePath(unit))) {
      if (!missing++)
        first = sourcePath(unit);
    }
  return missing;
}

/// Extracts one unit as a run would, in a worker.
void tryUnit(Examination &examination, const CompileCommand &unit, const Options &options, const ExtractOptions &extracting) {
  WorkerLimits limits;
  limits.cpuSeconds = options.timeout;
  limits.megabytes = options.memory;
  std::string file = relativeTo(extracting.sourceRoot, sourcePath(unit));
  auto supervision = supervise({unit}, extracting, limits, [](size_t, const UnitOutcome &) {});
  if (!supervision)
    return examination.warn("a worker can't be started: " + llvm::toString(supervision.takeError()));
  UnitOutcome &outcome = supervision->outcomes.front();
  if (outcome.state != UnitOutcome::Extracted)
    return examination.warn(file + " can't be analysed: " + outcome.reason + ", " + outcome.detail);
  llvm::Expected<facts::Facts> facts = facts::Facts::open(std::move(outcome.facts));
  if (!facts)
    return examination.warn(file + " gives damaged facts: " + llvm::toString(facts.takeError()));
  for (const facts::Unit &row : facts->units())
    if (facts::has(row.flags(), facts::UnitFlag::Errors))
      return examination.warn(file + " has errors: " + facts->string(row.detail()) +
                              "; build the project once if headers are generated, or add flags with --extra-arg");
  examination.good("the first unit, " + file + ", is analysed without errors");
}

} // namespace

ExitCode runDoctor(const Options &options) {
  Examination examination;
  examination.good("heddle " HEDDLE_VERSION " with LLVM " LLVM_VERSION_STRING ", " + std::to_string(allChecks().size()) +
                   " checks");
  llvm::Expected<Models> models = Models::builtIn();
  if (!models)
    return examination.bad(models.takeError());
  llvm::Expected<Database> database = openDatabase(options);
  if (!database)
    return examination.bad(database.takeError());
  examination.good(database->path + " with " + std::to_string(database->commands.size()) + " entries");
  llvm::Expected<std::string> sourceRoot = findSourceRoot(options, *database);
  if (!sourceRoot)
    return examination.bad(sourceRoot.takeError());
  examination.good("the project is " + *sourceRoot + "; another is given with --source-root");
  llvm::Expected<Plan> planned = plan(options, *sourceRoot);
  if (!planned)
    return examination.bad(planned.takeError());
  for (const std::string &file : planned->configuration.files)
    examination.good("configured by " + file);
  ExtractOptions extracting = extractOptions(options, *database, *sourceRoot);
  llvm::Expected<UnitSelection> units = selectUnits(*database, options.inputs, extracting);
  if (!units)
    return examination.bad(units.takeError());
  examination.good(std::to_string(units->units.size()) + " units; " + std::to_string(units->foreign) +
                   " entries aren't C or C++, " + std::to_string(units->duplicates) + " repeat another");
  std::string first;
  if (size_t missing = missingFiles(units->units, first))
    examination.warn(std::to_string(missing) + " files of the database don't exist, such as " + first +
                     "; build the project once if they are generated, else configure it again");
  examination.good(std::to_string(options.jobs ? options.jobs : defaultWorkers()) + " workers by cores and memory; see -j");
  tryUnit(examination, units->units.front(), options, extracting);
  return ExitCode::Clean;
}

} // namespace heddle
