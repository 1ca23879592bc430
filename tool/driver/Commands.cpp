#include "driver/Commands.h"

#include "driver/CheckSelection.h"
#include "driver/Extraction.h"
#include "driver/OptionTable.h"
#include "driver/Pipeline.h"
#include "driver/Worker.h"
#include "facts/Builder.h"
#include "report/Report.h"

#include "check_pages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

namespace heddle {
namespace {

using llvm::StringRef;

llvm::Error writeFile(StringRef path, StringRef bytes) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &out) {
    out << bytes;
    return llvm::Error::success();
  });
}

/// The inputs of `link`, with @LIST replaced by the lines of that file.
llvm::Expected<std::vector<std::string>> factsFiles(const std::vector<std::string> &inputs) {
  std::vector<std::string> files;
  for (StringRef input : inputs) {
    if (!input.consume_front("@")) {
      files.push_back(input.str());
      continue;
    }
    auto list = llvm::MemoryBuffer::getFile(input);
    if (!list)
      return llvm::createStringError("can't read the list " + input + ": " + list.getError().message());
    llvm::SmallVector<StringRef> lines;
    (*list)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (StringRef line : lines)
      if (!line.trim().empty())
        files.push_back(line.trim().str());
  }
  if (files.empty())
    return llvm::createStringError(
        "heddle link needs facts: heddle link F.facts…, or heddle link @LIST with a file of their names");
  return files;
}

} // namespace

ExitCode wrongUse(const llvm::Twine &message) {
  llvm::errs() << "heddle: error: " << message << '\n';
  return ExitCode::Usage;
}

ExitCode wrongUse(llvm::Error error) { return wrongUse(llvm::toString(std::move(error))); }

ExitCode internalError(llvm::Error error) {
  llvm::errs() << "heddle: internal error: " << llvm::toString(std::move(error)) << '\n';
  return ExitCode::Internal;
}

ExitCode runLink(const Options &options) {
  auto files = factsFiles(options.inputs);
  if (!files)
    return wrongUse(files.takeError());
  llvm::SmallString<256> working;
  llvm::sys::fs::current_path(working);
  Evidence evidence;
  evidence.sourceRoot = options.sourceRoot.empty() ? repositoryOf(working) : options.sourceRoot;
  if (evidence.sourceRoot.empty())
    evidence.sourceRoot = std::string(working);
  llvm::Expected<Plan> planned = plan(options, working);
  if (!planned)
    return wrongUse(planned.takeError());
  for (const std::string &file : *files) {
    llvm::Expected<facts::Facts> facts = facts::Facts::read(file);
    if (!facts)
      return wrongUse(facts.takeError());
    evidence.facts.push_back(std::move(*facts));
  }
  return conclude(options, std::move(*planned), std::move(evidence));
}

ExitCode runExtract(const Options &options) {
  if (options.inputs.size() != 1 || options.output.empty())
    return wrongUse("heddle extract takes one file and an output: heddle extract FILE -p BUILD -o F.facts");
  llvm::Expected<Database> database = openDatabase(options);
  if (!database)
    return wrongUse(database.takeError());
  llvm::Expected<std::string> sourceRoot = findSourceRoot(options, *database);
  if (!sourceRoot)
    return wrongUse(sourceRoot.takeError());
  ExtractOptions extracting = extractOptions(options, *database, *sourceRoot);
  llvm::Expected<UnitSelection> units = selectUnits(*database, options.inputs, extracting);
  if (!units)
    return wrongUse(units.takeError());
  if (!units->headers.empty())
    return wrongUse("'" + options.inputs[0] + "' is a header, not a unit: name a file of the database");

  // Variants of one file are in one facts file, as linking would merge them.
  facts::Builder builder;
  std::vector<std::string> dependencies;
  bool partial = false;
  for (const CompileCommand &unit : units->units) {
    llvm::Expected<Extraction> extraction = extractUnit(unit, extracting);
    if (!extraction) {
      llvm::errs() << "heddle: error: " << options.inputs[0] << ": " << llvm::toString(extraction.takeError()) << '\n';
      return ExitCode::Incomplete;
    }
    llvm::append_range(dependencies, extraction->dependencies);
    if (!extraction->firstError.empty()) {
      partial = true;
      llvm::errs() << "heddle: warning: " << options.inputs[0] << " is analysed in part: " << extraction->firstError << '\n';
    }
    llvm::Expected<facts::Facts> facts = facts::Facts::open(std::move(extraction->facts));
    if (!facts)
      return internalError(facts.takeError());
    builder.merge(*facts);
  }
  llvm::sort(dependencies);
  dependencies.erase(llvm::unique(dependencies), dependencies.end());
  std::vector<uint8_t> bytes = builder.freeze();
  if (llvm::Error error = writeFile(options.output, {reinterpret_cast<const char *>(bytes.data()), bytes.size()}))
    return wrongUse("can't write " + options.output + ": " + llvm::toString(std::move(error)));
  if (!options.depfile.empty())
    if (llvm::Error error = writeFile(options.depfile, formatDepfile(options.output, dependencies)))
      return wrongUse("can't write " + options.depfile + ": " + llvm::toString(std::move(error)));
  return partial ? ExitCode::Incomplete : ExitCode::Clean;
}

ExitCode runFacts(const Options &options) {
  if (options.inputs.size() != 1)
    return wrongUse("heddle facts takes one file: heddle facts F.facts");
  llvm::Expected<facts::Facts> facts = facts::Facts::read(options.inputs[0]);
  if (!facts)
    return wrongUse(facts.takeError());
  facts::print(*facts, llvm::outs());
  return ExitCode::Clean;
}

ExitCode runExplain(const Options &options) {
  if (options.inputs.size() != 1)
    return wrongUse("heddle explain takes one check, such as heddle explain lock-order-cycle; heddle checks lists them");
  llvm::Expected<const Check *> check = findCheck(options.inputs[0]);
  if (!check)
    return wrongUse(check.takeError());
  for (const EmbeddedFile &page : kCheckPages)
    if (page.name == (*check)->id) {
      llvm::outs() << page.text;
      return ExitCode::Clean;
    }
  return internalError(llvm::createStringError("the check " + StringRef((*check)->id) + " has no page"));
}

ExitCode runChecks(const Options &options) {
  std::vector<GlobList> lists;
  for (const std::string &globs : options.checks)
    lists.push_back({globs, "--checks"});
  auto checks = selectChecks(lists);
  if (!checks)
    return wrongUse(checks.takeError());
  for (const Check *check : *checks)
    llvm::outs() << llvm::formatv("{0,-28} {1,-8} {2,-7} {3}{4}\n", check->id, check->family, name(check->severity),
                                  check->summary, check->world == World::Closed ? " (whole programs only)" : "");
  return ExitCode::Clean;
}

ExitCode runHelp(const Options &options) {
  Command command = Command::Help;
  if (!options.inputs.empty()) {
    std::vector<StringRef> names;
    for (const CommandRow &row : commandTable())
      names.push_back(row.name);
    auto row = llvm::find(names, options.inputs[0]);
    if (row == names.end())
      return wrongUse("no command is called '" + options.inputs[0] + "'" + suggestion(options.inputs[0], names));
    command = commandTable()[static_cast<size_t>(row - names.begin())].command;
  }
  printHelp(command, llvm::outs());
  return ExitCode::Clean;
}

static ExitCode run(const Options &options) {
  switch (options.command) {
  case Command::Check:
    return runCheck(options);
  case Command::Extract:
    return runExtract(options);
  case Command::Link:
    return runLink(options);
  case Command::Facts:
    return runFacts(options);
  case Command::Explain:
    return runExplain(options);
  case Command::Checks:
    return runChecks(options);
  case Command::Doctor:
    return runDoctor(options);
  case Command::Help:
    return runHelp(options);
  }
  return ExitCode::Internal;
}

int runHeddle(int argc, const char *const *argv) {
  llvm::ArrayRef<const char *> words(argv + 1, argv + std::max(argc, 1));
  if (words.size() == 1 && words[0] == StringRef(kWorkerWord))
    return runWorker();
  llvm::Expected<Options> options = parseOptions(words);
  if (!options)
    return static_cast<int>(wrongUse(options.takeError()));
  if (options->version) {
    llvm::outs() << "heddle " HEDDLE_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
    return 0;
  }
  if (options->help) {
    printHelp(options->command, llvm::outs());
    return 0;
  }
  return static_cast<int>(run(*options));
}

} // namespace heddle
