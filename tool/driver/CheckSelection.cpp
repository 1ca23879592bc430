#include "driver/CheckSelection.h"

#include "driver/Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"

#include <set>

namespace heddle {
namespace {

using llvm::StringRef;

std::string familyAndId(const Check &check) { return std::string(check.family) + "/" + std::string(check.id); }

bool matches(const llvm::GlobPattern &pattern, bool byFamily, const Check &check) {
  if (byFamily)
    return pattern.match(familyAndId(check));
  std::string id(check.id);
  return pattern.match(id) || pattern.match("heddle-" + id);
}

llvm::Error unknownCheck(StringRef name, StringRef origin) {
  std::vector<std::string> ids;
  for (const Check *check : allChecks())
    ids.push_back(name.contains('/') ? familyAndId(*check) : std::string(check->id));
  std::vector<StringRef> names(ids.begin(), ids.end());
  StringRef bare = name;
  bare.consume_front("heddle-");
  return llvm::createStringError(origin + ": no check is called '" + name + "'" + suggestion(bare, names) +
                                 "; heddle checks lists them");
}

llvm::Error apply(const GlobList &list, std::set<size_t> &enabled) {
  llvm::SmallVector<StringRef> globs;
  StringRef(list.globs).split(globs, ',');
  for (StringRef glob : globs) {
    glob = glob.trim();
    bool off = glob.consume_front("-");
    if (glob.empty())
      continue;
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(glob);
    if (!pattern)
      return llvm::createStringError(list.origin + ": '" + glob + "' is no glob: " + llvm::toString(pattern.takeError()));
    bool any = false;
    for (auto [index, check] : llvm::enumerate(allChecks()))
      if (matches(*pattern, glob.contains('/'), *check)) {
        any = true;
        if (off)
          enabled.erase(index);
        else
          enabled.insert(index);
      }
    bool hasWildcard = glob.find_first_of("*?[{") != StringRef::npos;
    if (!any && !(off && hasWildcard))
      return unknownCheck(glob, list.origin);
  }
  return llvm::Error::success();
}

std::set<size_t> everything() {
  std::set<size_t> all;
  for (size_t i = 0; i < allChecks().size(); ++i)
    all.insert(i);
  return all;
}

} // namespace

llvm::Expected<std::vector<const Check *>> selectChecks(llvm::ArrayRef<GlobList> lists) {
  std::set<size_t> enabled = everything();
  for (const GlobList &list : lists)
    if (llvm::Error error = apply(list, enabled))
      return std::move(error);
  if (enabled.empty())
    return llvm::createStringError("no check is enabled" + (lists.empty() ? std::string() : " after " + lists.back().origin) +
                                   ": name one after -*, as in --checks='-*,lock/*'; heddle checks lists them");
  std::vector<const Check *> checks;
  for (size_t index : enabled)
    checks.push_back(allChecks()[index]);
  return checks;
}

std::vector<std::string> switchedOff(llvm::ArrayRef<GlobList> lists) {
  std::vector<std::string> off;
  std::set<size_t> before = everything();
  for (const GlobList &list : lists.drop_back())
    llvm::consumeError(apply(list, before));
  std::set<size_t> after = before;
  llvm::consumeError(apply(lists.back(), after));
  for (size_t index : before)
    if (!after.count(index))
      off.emplace_back(allChecks()[index]->id);
  return off;
}

llvm::Expected<const Check *> findCheck(StringRef name) {
  StringRef id = name;
  if (id.contains('/'))
    id = id.rsplit('/').second;
  id.consume_front("heddle-");
  for (const Check *check : allChecks())
    if (id == StringRef(check->id))
      return check;
  return unknownCheck(name, "heddle explain");
}

} // namespace heddle
