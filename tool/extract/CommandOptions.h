// Which options of a compile command reach the front end. Commands come from a file of the analysed project, so this is a list of
// what is allowed: options that change what the source means, and that make Clang neither load, nor run, nor write anything.
// All else (outputs, warnings, optimisation, instrumentation, what only gcc knows) has no effect on facts and is dropped.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <string>
#include <vector>

namespace heddle::extract {

struct AllowedOption {
  std::vector<std::string> words; // as Clang's driver takes it
  size_t path = 0;                // length of what precedes a path in the last word; npos: it holds none
  static constexpr size_t npos = ~size_t(0);
};

struct AllowedOptions {
  std::vector<AllowedOption> options;
  std::string language;             // the last -x before `file`, or empty
  std::string standard;             // -std=
  std::string target;               // --target=
  std::vector<std::string> dropped; // spellings, for the user who gave them by hand
};

/// Whether a file exists, by a path relative to the command's directory.
using FileExists = std::function<bool(llvm::StringRef)>;

/// `arguments` without the compiler. `file` is the source file as the command spells it.
AllowedOptions allowOptions(const std::vector<std::string> &arguments, llvm::StringRef file, const FileExists &exists);

} // namespace heddle::extract
