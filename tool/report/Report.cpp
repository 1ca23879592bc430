#include "report/Report.h"

#include <algorithm>

namespace heddle {

llvm::StringRef name(Severity severity) {
  switch (severity) {
  case Severity::Advice:
    return "advice";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    return "error";
  }
  return "";
}

std::optional<Severity> severityNamed(llvm::StringRef text) {
  for (Severity severity : {Severity::Advice, Severity::Warning, Severity::Error})
    if (text == name(severity))
      return severity;
  return std::nullopt;
}

std::vector<const SourceRange *> ownPlaces(const Finding &finding) {
  std::vector<const SourceRange *> places = {&finding.place};
  for (const Lane &lane : finding.lanes)
    for (const Step &step : lane.steps)
      if (step.own && std::none_of(places.begin(), places.end(), [&](const SourceRange *p) { return *p == step.place; }))
        places.push_back(&step.place);
  return places;
}

} // namespace heddle
