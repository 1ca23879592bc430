// Which argument of a command is the compiler, and what its name says.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace heddle::extract {

enum class Compiler {
  Gnu,    // takes gcc's command line: gcc, clang, icx, …
  Cxx,    // the same, and takes C files for C++: g++, clang++, c++
  Foreign // something else; `foreign` says what
};

struct CompilerName {
  Compiler kind = Compiler::Gnu;
  size_t position = 0; // of the compiler in the arguments; before it stand launchers such as ccache
  std::string triple;  // target that the name's prefix says, "arm-linux-gnueabihf"; empty when none
  std::string foreign; // "nvcc", "MSVC-style command line", …
};

CompilerName findCompiler(const std::vector<std::string> &arguments);

} // namespace heddle::extract
