#include "extract/PathMap.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace heddle::extract {

namespace path = llvm::sys::path;

static std::string normal(llvm::StringRef text) {
  llvm::SmallString<256> result(text);
  path::remove_dots(result, /*remove_dot_dot=*/true);
  while (result.size() > 1 && path::is_separator(result.back()))
    result.pop_back();
  return path::convert_to_slash(result);
}

PathMap::PathMap(llvm::StringRef sourceRoot, llvm::StringRef workingDirectory)
    : root_(sourceRoot.empty() ? "" : normal(sourceRoot)), workingDirectory_(workingDirectory) {
  // A database may name files through a symbolic link and the user the root by its target, or the other way round.
  llvm::SmallString<256> real;
  if (!root_.empty() && !llvm::sys::fs::real_path(root_, real))
    realRoot_ = normal(real);
}

std::string PathMap::name(llvm::StringRef text) const {
  if (text.empty())
    return "";
  llvm::SmallString<256> absolute(text);
  if (!path::is_absolute(absolute)) {
    absolute = workingDirectory_;
    path::append(absolute, text);
  }
  std::string whole = normal(absolute);
  for (const std::string &root : {root_, realRoot_}) {
    llvm::StringRef rest(whole);
    if (!root.empty() && rest.consume_front(root) && (root == "/" || rest.consume_front("/")) && !rest.empty())
      return rest.str();
  }
  return whole;
}

std::string PathMap::name(const clang::SourceManager &sources, clang::FileID file) const {
  clang::OptionalFileEntryRef entry = sources.getFileEntryRefForID(file);
  return entry ? name(entry->getName()) : "";
}

bool PathMap::isProject(const clang::SourceManager &sources, clang::SourceLocation location) {
  if (location.isInvalid())
    return false;
  return !sources.isInSystemHeader(sources.getExpansionLoc(location));
}

} // namespace heddle::extract
