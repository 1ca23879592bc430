// The compile database of a run, and what of it is to be analysed.
#pragma once

#include "extract/Extract.h"
#include "link/Targets.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace heddle {

struct Options;

struct Database {
  std::string path;   // of the JSON file; empty when flags after `--` stand for it
  std::string folder; // absolute
  std::vector<CompileCommand> commands;
};

/// The database of -p, or the one found upward from the working directory or in ./build, or made of the flags after `--`.
llvm::Expected<Database> openDatabase(const Options &options);

/// The project's folder: --source-root, else the repository's top around the sources, else CMake's source folder, else the
/// folder that all sources are in. Absolute, without links.
llvm::Expected<std::string> findSourceRoot(const Options &options, const Database &database);

/// The top of the repository that holds `folder`; empty when there is none.
std::string repositoryOf(llvm::StringRef folder);

struct UnitSelection {
  std::vector<CompileCommand> units;
  std::vector<std::string> headers; // relative to the source root: only units that include one of these are wanted
  std::vector<UnitObject> objects;  // what the units, repeated ones included, are compiled to
  size_t foreign = 0;               // entries that aren't C or C++
  size_t duplicates = 0;            // entries that mean the same as another
};

/// The units that `inputs` (files, folders, headers; none: all) select. An error says which input selects nothing.
llvm::Expected<UnitSelection> selectUnits(const Database &database, const std::vector<std::string> &inputs,
                                          const ExtractOptions &options);

/// `path` relative to `root` when inside it, else as it is.
std::string relativeTo(llvm::StringRef root, llvm::StringRef path);

} // namespace heddle
