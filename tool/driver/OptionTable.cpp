#include "driver/OptionTable.h"

#include "report/Report.h"

namespace heddle {
namespace {

using llvm::Error;
using llvm::StringRef;

constexpr unsigned kCheck = bit(Command::Check);
constexpr unsigned kReporting = kCheck | bit(Command::Link);
constexpr unsigned kExtracting = kCheck | bit(Command::Extract) | bit(Command::Doctor);
constexpr unsigned kAll = ~0u;

Error setNumber(unsigned &number, StringRef value, StringRef what, unsigned least) {
  if (value.getAsInteger(10, number) || number < least)
    return llvm::createStringError("'" + value + "' is no " + what + ": give a whole number from " + llvm::Twine(least) + " on");
  return Error::success();
}

Error setSeverity(std::optional<Severity> &severity, StringRef value, StringRef option, StringRef others) {
  severity = severityNamed(value);
  if (!severity)
    return llvm::createStringError("'" + value + "' is no level: " + option + " takes error, warning" + others);
  return Error::success();
}

Error setFailOn(Options &options, StringRef value) {
  if (value == "never") {
    options.neverFail = true;
    options.failOn.reset();
    return Error::success();
  }
  options.neverFail = false;
  return setSeverity(options.failOn, value, "--fail-on", ", advice or never");
}

Error addOutput(Options &options, StringRef value) {
  auto [format, file] = value.split(':');
  if (value.contains(':') && file.empty())
    return llvm::createStringError("--format=" + value + " names no file: write --format=" + format +
                                   ":FILE, or --format=" + format + " for standard output");
  if (format == "text" || format == "json") {
    options.outputs.push_back({format == "text" ? Format::Text : Format::Json, file.str()});
    return Error::success();
  }
  for (StringRef later : {"sarif", "html", "gitlab", "github"})
    if (format == later)
      return llvm::createStringError("--format=" + format + " is not there yet: use --format=json or --format=text");
  return llvm::createStringError("'" + format + "' is no format" + suggestion(format, {"text", "json"}) +
                                 "; there are text and json");
}

Error setColor(Options &options, StringRef value) {
  if (value == "auto" || value == "always" || value == "never") {
    options.color = value == "auto" ? When::Auto : value == "always" ? When::Always : When::Never;
    return Error::success();
  }
  return llvm::createStringError("--color takes auto, always or never, not '" + value + "'");
}

#define HEDDLE_SET(STATEMENT)                                                                                                    \
  [](Options &o, StringRef value) -> Error {                                                                                     \
    STATEMENT;                                                                                                                   \
    return Error::success();                                                                                                     \
  }
#define HEDDLE_TRY(EXPRESSION) [](Options &o, StringRef value) -> Error { return EXPRESSION; }
#define HEDDLE_LATER(TEXT) [](Options &, StringRef) -> Error { return llvm::createStringError(TEXT); }

const OptionRow kOptions[] = {
    {"-p", "BUILD", "build folder with compile_commands.json, or that file (default: found upward, or in ./build)", kExtracting,
     HEDDLE_SET(o.buildPath = value)},
    {"--source-root", "DIR", "the project; what lies outside is third-party (default: the repository's top)",
     kExtracting | kReporting, HEDDLE_SET(o.sourceRoot = value)},
    {"--extra-arg", "ARG", "compiler argument to add at the end", kExtracting, HEDDLE_SET(o.extraArgs.push_back(value.str()))},
    {"--extra-arg-before", "ARG", "compiler argument to add at the beginning", kExtracting,
     HEDDLE_SET(o.extraArgsBefore.push_back(value.str()))},
    {"--checks", "GLOBS", "checks to run, as in clang-tidy, also by family: -*,lock/*,data-race",
     kReporting | bit(Command::Checks), HEDDLE_SET(o.checks.push_back(value.str()))},
    {"--severity", "LEVEL", "report at or above error, warning, advice (default: warning)", kReporting,
     HEDDLE_TRY(setSeverity(o.severity, value, "--severity", " or advice"))},
    {"--fail-on", "LEVEL", "exit 1 at or above error, warning, advice, or never (default: warning)", kReporting,
     HEDDLE_TRY(setFailOn(o, value))},
    {"--format", "FORMAT[:FILE]", "text or json; repeatable; without FILE to standard output (default: text)", kReporting,
     HEDDLE_TRY(addOutput(o, value))},
    {"--target", "NAME", "link target to analyse; repeatable (default: all)", kReporting,
     HEDDLE_SET(o.targets.push_back(value.str()))},
    {"--list-targets", "", "print the link targets and stop; with --verbose also their units", kReporting,
     HEDDLE_SET(o.listTargets = true)},
    {"--exclude", "GLOB", "files that are third-party; repeatable", kReporting, HEDDLE_SET(o.excludes.push_back(value.str()))},
    {"--header-filter", "REGEX", "headers that are the project's own (default: all in the source root)", kReporting,
     HEDDLE_SET(o.headerFilter = value.str())},
    {"--config", "FILE", "configuration (default: the nearest .heddle.yaml upward)", kReporting,
     HEDDLE_SET(o.configFile = value.str())},
    {"--no-config", "", "read no configuration", kReporting, HEDDLE_SET(o.noConfig = true)},
    {"--print-config", "", "print the configuration in force and stop", kReporting, HEDDLE_SET(o.printConfig = true)},
    {"-j", "N", "workers (default: by cores and available memory)", kCheck,
     HEDDLE_TRY(setNumber(o.jobs, value, "number of workers", 1))},
    {"--timeout", "SECONDS", "CPU time of one unit (default: 120)", kCheck, HEDDLE_TRY(setNumber(o.timeout, value, "time", 1))},
    {"--memory", "MB", "memory of one unit (default: 4096)", kCheck,
     HEDDLE_TRY(setNumber(o.memory, value, "amount of memory", 1))},
    {"--allow-partial", "", "failed units don't make the exit code 3", kReporting, HEDDLE_SET(o.allowPartial = true)},
    {"--explain-finding", "FINGERPRINT", "which views and vetoes led to a finding", kReporting,
     HEDDLE_SET(o.explainFinding = value.str())},
    {"--no-cache", "", "keep no facts (nothing is kept yet)", kCheck, HEDDLE_SET()},
    {"--quiet", "", "no progress and no summary", kAll, HEDDLE_SET(o.quiet = true)},
    {"--verbose", "", "more about each finding and about the run", kAll, HEDDLE_SET(o.verbose = true)},
    {"--color", "WHEN", "auto, always or never", kAll, HEDDLE_TRY(setColor(o, value))},
    {"--statistics", "", "what was analysed, in numbers, on standard error", kReporting, HEDDLE_SET(o.statistics = true)},
    {"-o", "FILE", "facts file to write", bit(Command::Extract), HEDDLE_SET(o.output = value)},
    {"--depfile", "FILE", "rule for make or ninja with the files that were read", bit(Command::Extract),
     HEDDLE_SET(o.depfile = value)},
    {"--version", "", "print the version", kAll, HEDDLE_SET(o.version = true)},
    {"--help", "", "print this", kAll, HEDDLE_SET(o.help = true)},
    {"-h", "", "print this", kAll, HEDDLE_SET(o.help = true), true},
    {"--no-skip", "", "parse every function body of system headers too; the facts are the same", kCheck | bit(Command::Extract),
     HEDDLE_SET(o.skipBodies = false), true},
    {"--baseline", "FILE", "", kAll,
     HEDDLE_LATER(
         "--baseline is not there yet: silence single findings with // NOLINT(heddle-CHECK), or compare the fingerprints of two "
         "--format=json reports"),
     true},
    {"--diff", "REV", "", kAll,
     HEDDLE_LATER("--diff is not there yet: compare the fingerprints of two --format=json reports, one of each revision"), true},
    {"--cache-dir", "DIR", "", kAll,
     HEDDLE_LATER("--cache-dir is not there yet: every run analyses afresh; to keep facts between runs use heddle extract and "
                  "heddle link"),
     true},
    {"--fix", "", "", kAll, HEDDLE_LATER("--fix is not there yet: the edits are in --format=json, under \"fixes\""), true},
};

#undef HEDDLE_SET
#undef HEDDLE_TRY
#undef HEDDLE_LATER

const CommandRow kCommands[] = {
    {"check", Command::Check, "[check] [-p BUILD] [FILE|DIR…] [-- FLAGS…]",
     "find bugs in the units of a compile database; the default"},
    {"extract", Command::Extract, "extract FILE [-p BUILD] -o F.facts [--depfile F.d] [-- FLAGS…]",
     "write the facts of one unit"},
    {"link", Command::Link, "link F.facts… | @LIST", "find bugs in facts"},
    {"facts", Command::Facts, "facts F.facts", "print a facts file as JSON"},
    {"explain", Command::Explain, "explain CHECK", "print the page of a check"},
    {"checks", Command::Checks, "checks [--checks=GLOBS]", "list the checks"},
    {"doctor", Command::Doctor, "doctor [-p BUILD]", "tell what is wrong with this set-up, and the next step"},
    {"help", Command::Help, "help [COMMAND]", "print how to use a command"},
};

} // namespace

llvm::ArrayRef<OptionRow> optionTable() { return kOptions; }
llvm::ArrayRef<CommandRow> commandTable() { return kCommands; }

} // namespace heddle
