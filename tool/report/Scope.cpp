#include "report/Scope.h"

#include "report/Report.h"

#include "llvm/Support/Path.h"

#include <algorithm>

namespace heddle {

llvm::Error Scope::exclude(llvm::StringRef glob) {
  llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(glob);
  if (!pattern)
    return llvm::createStringError("'" + glob + "' is no glob: " + llvm::toString(pattern.takeError()));
  excluded_.emplace_back(glob.rtrim('/').str(), std::move(*pattern));
  return llvm::Error::success();
}

llvm::Error Scope::filterHeaders(llvm::StringRef regex) {
  llvm::Regex compiled(regex);
  std::string problem;
  if (!compiled.isValid(problem))
    return llvm::createStringError("'" + regex + "' is no regular expression: " + problem);
  headers_ = std::move(compiled);
  return llvm::Error::success();
}

bool Scope::contains(llvm::StringRef path) const {
  // Facts name files of the source root by a relative path, all others by an absolute one.
  if (path.empty() || llvm::sys::path::is_absolute(path))
    return false;
  for (const auto &[text, pattern] : excluded_) {
    llvm::StringRef rest = path;
    if (pattern.match(path) || (rest.consume_front(text) && rest.starts_with("/")))
      return false;
  }
  return !headers_ || mainFiles_.contains(path) || headers_->match(path);
}

bool Scope::contains(const Finding &finding) const {
  std::vector<const SourceRange *> places = ownPlaces(finding);
  return std::any_of(places.begin(), places.end(), [&](const SourceRange *place) { return contains(place->file); });
}

} // namespace heddle
