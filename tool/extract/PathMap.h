// Which name a file has in facts: relative to the source root when inside it, else absolute, so that no fact names the checkout.
#pragma once

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace heddle::extract {

class PathMap {
public:
  /// Both absolute. Relative paths are meant from `workingDirectory`; an empty `sourceRoot` makes every path absolute.
  PathMap(llvm::StringRef sourceRoot, llvm::StringRef workingDirectory);

  /// The name of a path in facts: dots removed, separators '/'.
  std::string name(llvm::StringRef path) const;
  /// Empty for what isn't a file: built-ins, macro scratch space, the command line.
  std::string name(const clang::SourceManager &sources, clang::FileID file) const;

  /// A file of the project: one outside the system header directories.
  static bool isProject(const clang::SourceManager &sources, clang::SourceLocation location);

private:
  std::string root_, realRoot_, workingDirectory_;
};

} // namespace heddle::extract
