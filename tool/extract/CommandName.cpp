#include "extract/CommandName.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

#include <optional>

namespace heddle::extract {

namespace {

/// "/opt/bin/arm-linux-gnueabihf-g++-12.exe" → stem "g++", prefix "arm-linux-gnueabihf".
struct ProgramName {
  llvm::StringRef stem, prefix;
};

ProgramName split(llvm::StringRef program) {
  llvm::StringRef name = llvm::sys::path::filename(program);
  name.consume_back(".exe");
  llvm::StringRef version = name.substr(name.find_last_not_of("0123456789.") + 1);
  if (!version.empty()) {
    llvm::StringRef bare = name.drop_back(version.size());
    if (bare.consume_back("-") || bare.ends_with("clang") || bare.ends_with("gcc") || bare.ends_with("g++"))
      name = bare;
  }
  if (!name.consume_back("-posix")) // MinGW's thread models
    name.consume_back("-win32");
  if (name.ends_with("clang-cl"))
    return {"clang-cl", ""};
  size_t dash = name.rfind('-');
  if (dash == llvm::StringRef::npos)
    return {name, ""};
  return {name.substr(dash + 1), name.take_front(dash)};
}

std::optional<Compiler> kindOf(llvm::StringRef stem) {
  return llvm::StringSwitch<std::optional<Compiler>>(stem)
      .Cases("cc", "gcc", "clang", "icc", "icx", "tcc", "c89", "c99", Compiler::Gnu)
      .Cases("mpicc", "mpiicc", "pgcc", "nvc", "xlc", "armclang", "emcc", "colorgcc", Compiler::Gnu)
      .Cases("c++", "g++", "clang++", "icpc", "icpx", "CC", "mpicxx", "mpic++", "mpiicpc", Compiler::Cxx)
      .Cases("pgc++", "nvc++", "xlc++", "em++", "hipcc", "cxx", Compiler::Cxx)
      .Cases("nvcc", "cl", "clang-cl", "gfortran", "flang", "f77", "f95", "swiftc", "rustc", Compiler::Foreign)
      .Cases("gnat", "gdc", "ldc2", "dmd", "ispc", "nasm", "yasm", "as", "ml64", "windres", Compiler::Foreign)
      .Default(std::nullopt);
}

std::string foreignName(llvm::StringRef stem) {
  return llvm::StringSwitch<std::string>(stem)
      .Cases("cl", "clang-cl", "a command line in the style of MSVC")
      .Case("nvcc", "CUDA (nvcc)")
      .Default(("the compiler " + stem).str());
}

std::string tripleOf(llvm::StringRef prefix) {
  if (prefix.empty() || !prefix.contains('-'))
    return "";
  llvm::Triple triple(llvm::Triple::normalize(prefix));
  return triple.getArch() == llvm::Triple::UnknownArch ? "" : prefix.str();
}

} // namespace

CompilerName findCompiler(const std::vector<std::string> &arguments) {
  CompilerName result;
  // A launcher stands before the compiler, with options and settings of its own (`env A=b ccache gcc`, `distcc -j2 gcc`).
  for (size_t i = 0; i < arguments.size(); ++i) {
    ProgramName name = split(arguments[i]);
    std::optional<Compiler> kind = kindOf(name.stem);
    if (!kind || llvm::StringRef(arguments[i]).starts_with("-"))
      continue;
    // A later word that only looks like a compiler is a file or a value once the compiler itself has an unknown name.
    if (i > 0 && (llvm::StringRef(arguments[i - 1]) == "-o" || llvm::StringRef(arguments[i - 1]) == "-c"))
      break;
    result.position = i;
    result.kind = *kind;
    result.triple = tripleOf(name.prefix);
    if (*kind == Compiler::Foreign)
      result.foreign = foreignName(name.stem);
    return result;
  }
  return result;
}

} // namespace heddle::extract
