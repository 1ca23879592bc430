// What a build folder says is linked with what.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class MemoryBuffer;
}

namespace heddle {

/// Paths are absolute and without dots.
struct LinkGraph {
  struct Source {
    std::string path;
    std::string object; // what it is compiled to; with a '/' at its end: some object in that folder; empty: not known
  };
  struct Output {
    std::string name;
    bool executable = false;
    bool opaque = false; // has a part that this analysis can't see: an object of unknown origin, another language
    std::vector<Source> sources;
    std::vector<std::string> parts; // outputs that are linked into it or with it, by path
  };
  std::map<std::string, Output> outputs; // by path
};

LinkGraph readFileApi(llvm::StringRef buildFolder);
LinkGraph readNinja(llvm::StringRef buildFolder);
LinkGraph readLinkTexts(llvm::StringRef buildFolder);

/// A regular file's text; null when it is absent, something else, or larger than any honest file of its kind.
std::unique_ptr<llvm::MemoryBuffer> readBounded(llvm::StringRef path);

/// `path`, relative to `folder` unless absolute, without dots.
std::string absolutePath(llvm::StringRef folder, llvm::StringRef path);
/// Whether `path` lies in `folder`; both absolute and without dots.
bool isInside(llvm::StringRef folder, llvm::StringRef path);

bool isObjectName(llvm::StringRef path);
bool isLibraryName(llvm::StringRef path); // static or shared
/// A source that is compiled to machine code from C or C++.
bool isSourceName(llvm::StringRef path);
/// Assembler: it has no facts, and its absence opens no target.
bool isAssemblerName(llvm::StringRef path);

} // namespace heddle
