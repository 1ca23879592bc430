// Which files are the project's own. What lies outside is third-party: its effects count, nothing is reported in it.
#pragma once

#include "finding/Finding.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Regex.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

class Scope {
public:
  /// A glob is matched against the path relative to the source root; one that names a folder takes all that is in it.
  llvm::Error exclude(llvm::StringRef glob);
  /// As in clang-tidy: of the headers only those are the project's whose path the expression is found in.
  llvm::Error filterHeaders(llvm::StringRef regex);
  /// Names a file that is a unit of its own, not a header.
  void addMainFile(llvm::StringRef path) { mainFiles_.insert(path); }

  bool contains(llvm::StringRef path) const;
  /// Whether any of the finding's own places is in the project.
  bool contains(const Finding &finding) const;

private:
  std::vector<std::pair<std::string, llvm::GlobPattern>> excluded_;
  std::optional<llvm::Regex> headers_;
  llvm::StringSet<> mainFiles_;
};

} // namespace heddle
