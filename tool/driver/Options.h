// The command line as values. The table of options is in OptionTable.cpp; `heddle help COMMAND` is printed from the same table.
#pragma once

#include "finding/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

enum class ExitCode : int {
  Clean = 0,
  Findings = 1,
  Usage = 2,
  Incomplete = 3,
  Internal = 4,
  Interrupted = 130,
  Terminated = 143
};

enum class Command : uint8_t { Check, Extract, Link, Facts, Explain, Checks, Doctor, Help };

enum class Format : uint8_t { Text, Json };

struct Output {
  Format format = Format::Text;
  std::string file; // empty: standard output
};

enum class When : uint8_t { Auto, Always, Never };

struct Options {
  Command command = Command::Check;
  std::vector<std::string> inputs;                    // FILE, DIR, CHECK: what isn't an option
  std::optional<std::vector<std::string>> fixedFlags; // after `--`

  std::string buildPath; // -p
  std::string sourceRoot;
  std::vector<std::string> extraArgs, extraArgsBefore;

  std::vector<std::string> checks; // lists of globs, in order
  std::vector<std::string> excludes;
  std::optional<std::string> headerFilter;
  std::optional<std::string> configFile;
  bool noConfig = false, printConfig = false;

  std::optional<Severity> severity;
  std::optional<Severity> failOn;
  bool neverFail = false;
  bool allowPartial = false;

  std::vector<Output> outputs;
  std::vector<std::string> targets;
  bool listTargets = false;
  std::optional<std::string> explainFinding;

  unsigned jobs = 0; // 0: by cores and memory
  unsigned timeout = 120, memory = 4096;
  bool skipBodies = true;

  bool quiet = false, verbose = false, statistics = false, version = false, help = false;
  When color = When::Auto;

  std::string output, depfile; // of extract

  /// Lowest severity that is shown: --severity, lowered by a lower --fail-on.
  Severity shown() const;
  /// Name of the gate: a severity or "never".
  std::string gate() const;
  /// What isn't shown doesn't fail a run: without --fail-on, --severity=error moves the gate too.
  Severity gateSeverity() const { return failOn.value_or(std::max(Severity::Warning, severity.value_or(Severity::Warning))); }
};

/// The words after the program's name. The error says what is wrong and what to write instead.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> words);

/// Usage of one command with its options.
void printHelp(Command command, llvm::raw_ostream &out);

/// The nearest of `names` to `text` if it is near enough to be meant: ", did you mean 'x'?"; else empty.
std::string suggestion(llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> names);

} // namespace heddle
