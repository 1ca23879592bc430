// Extraction: one compile command in, the facts of one translation unit out. The only door through which the rest of heddle
// reaches Clang; it shows no type of Clang's.
//
// What is given here is untrusted. Options pass an allow-list (CommandOptions.h), nothing is executed, loaded or written, and
// no output is printed. Running out of memory or time, and crashes of the compiler, are for the caller to contain: extract in
// a process of its own (tool/driver).
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace heddle {

namespace extract {
class FileCache;
}

/// One entry of a compile database. `arguments` starts with the compiler or what launches it.
struct CompileCommand {
  std::string directory; // absolute
  std::string file;      // as written: absolute, or relative to the directory
  std::vector<std::string> arguments;
  std::string output; // as written; empty when not given
};

struct ExtractOptions {
  std::string sourceRoot; // absolute; paths in the facts are relative to it
  std::string buildRoot;  // absolute; where the compile database is. Tells generated files from files of the system
  bool skipBodies = true; // leave out work that can't reach a fact; false only to show that it doesn't
  std::vector<std::string> extraArgs, extraArgsBefore;
};

struct Extraction {
  std::vector<uint8_t> facts;            // a frozen facts file (facts/Facts.h), also for a unit with errors
  std::vector<std::string> dependencies; // absolute paths of all files read, sorted
  std::string firstError;                // "file:line: message"; empty for a unit without errors
};

/// What units have in common is read once by those that share it.
using SharedFiles = std::shared_ptr<extract::FileCache>;
SharedFiles shareFiles();

/// Extracts one unit in this process; may be called any number of times. Fails when there is no unit to speak of: no such
/// file, a compiler or language that isn't C or C++, an option that can't be honoured. A unit with syntax errors doesn't fail.
llvm::Expected<Extraction> extractUnit(const CompileCommand &command, const ExtractOptions &options,
                                       const SharedFiles &files = nullptr);

/// Reads a compile database; `path` is the JSON file or the folder it is in. Entries keep their order; response files are
/// expanded. The error says what is wrong and where, and is fit for a user.
llvm::Expected<std::vector<CompileCommand>> loadDatabase(llvm::StringRef path);

/// The absolute path of the command's source file, without dots.
std::string sourcePath(const CompileCommand &command);

/// Why this entry isn't a C or C++ unit ("assembler", "CUDA", …); empty when it is one. Not an error: databases hold all kinds.
std::string foreignLanguage(const CompileCommand &command);

/// Digest of what the command means for the analysis: its adapted options, paths relative to the roots. Two commands of one
/// file with the same digest yield the same facts.
llvm::Expected<std::string> effectiveDigest(const CompileCommand &command, const ExtractOptions &options);

/// The dependencies as a rule for make and ninja, with `target` as what depends on them.
std::string formatDepfile(llvm::StringRef target, const std::vector<std::string> &dependencies);

} // namespace heddle
