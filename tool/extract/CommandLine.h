// A compile command, adapted to Clang's front end: the compiler's launchers gone, the language said outright, only allowed
// options.
#pragma once

#include "extract/CommandOptions.h"
#include "extract/Extract.h"

namespace heddle::extract {

struct AdaptedCommand {
  std::vector<AllowedOption> options; // without language and file
  std::string language;               // for -x: "c", "c++", "cpp-output", "c++-cpp-output"
  std::string file;                   // as the command spells it
  bool isCxx() const { return llvm::StringRef(language).starts_with("c++"); }

  /// The arguments of Clang's driver, the program's name first. `anyMachine` leaves out what names the machine to compile
  /// for; it helps when a command asks for a processor that Clang doesn't know.
  std::vector<std::string> driverArguments(const ExtractOptions &options, bool anyMachine = false) const;
};

llvm::Expected<AdaptedCommand> adaptCommand(const CompileCommand &command, const ExtractOptions &options);

/// Where Clang's own headers are.
std::string resourceDirectory();

} // namespace heddle::extract
