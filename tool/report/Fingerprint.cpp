#include "report/Fingerprint.h"

#include "report/Fold.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/SHA1.h"

#include <algorithm>

namespace heddle {
namespace {

/// Names of lambdas and unnamed types tell where they stand ("(lambda at db/a.cc:12:5)"); that part must not count.
std::string withoutPositions(const std::string &name) {
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    bool position = name[i] == ':' && i + 1 < name.size() && llvm::isDigit(name[i + 1]);
    if (!position) {
      result += name[i];
      continue;
    }
    while (i + 1 < name.size() && llvm::isDigit(name[i + 1]))
      ++i;
  }
  return result;
}

std::string steady(const std::string &name) { return withoutPositions(withoutTemplateArguments(name)); }

std::string roles(const Lane &lane) {
  std::string text;
  for (const Step &step : lane.steps)
    if (step.own)
      text += step.event + '\x1e' + steady(step.function) + '\x1f';
  return text;
}

std::string content(const Finding &finding) {
  std::vector<std::string> entities, lanes;
  for (const std::string &entity : finding.entities)
    entities.push_back(steady(entity));
  for (const Lane &lane : finding.lanes)
    lanes.push_back(roles(lane));
  std::sort(entities.begin(), entities.end());
  std::sort(lanes.begin(), lanes.end());
  return finding.check + '\0' + llvm::join(entities, "\x1d") + '\0' + steady(finding.function) + '\0' + llvm::join(lanes, "\x1d");
}

} // namespace

void fingerprint(std::vector<Finding> &findings) {
  llvm::StringMap<unsigned> ordinals;
  for (Finding &finding : findings) {
    std::string text = content(finding);
    if (unsigned ordinal = ordinals[text]++)
      text += '\0' + std::to_string(ordinal);
    auto digest = llvm::SHA1::hash(llvm::arrayRefFromStringRef(text));
    finding.fingerprint = llvm::toHex(llvm::ArrayRef(digest).take_front(8), /*LowerCase=*/true);
  }
}

} // namespace heddle
