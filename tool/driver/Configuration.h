// A project's .heddle.yaml. Its keys:
//
//   inherit: true            # the next .heddle.yaml upward comes first
//   checks: '-*,lock/*'      # globs, as --checks; or a list of them
//   exclude: [third_party]   # globs, as --exclude
//   header-filter: '^src/'   # as --header-filter
//   models:                  # the syntax of tool/program/models/*.yaml
//     functions: […]
//     classes: […]
//
// It is found in what is analysed, so it is untrusted: what it switches off is always printed.
#pragma once

#include "driver/CheckSelection.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

struct Options;

struct ModelText {
  std::string yaml, origin;
};

struct Configuration {
  std::vector<std::string> files; // outermost first
  std::vector<GlobList> checks;   // in order; those of the command line are last
  std::vector<std::string> excludes;
  std::optional<std::string> headerFilter;
  std::vector<ModelText> models;
};

/// Reads what is in force for a run that starts in `folder`, options of the command line included.
llvm::Expected<Configuration> configure(const Options &options, llvm::StringRef folder);

/// One file's keys; an error names file, line and column, and the nearest key.
llvm::Error readConfiguration(llvm::StringRef yaml, llvm::StringRef name, Configuration &configuration, bool &inherit);

void print(const Configuration &configuration, llvm::raw_ostream &out);

/// Tells what the configuration files, not the command line, take out of the analysis.
void printSwitchedOff(const Configuration &configuration, llvm::raw_ostream &out);

} // namespace heddle
