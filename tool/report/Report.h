// What a run says: the findings that are left after arbitration and suppression, and how much of the program they speak for.
//
// Every renderer draws from a Report and from nothing else, so all formats agree, and a Report is in its final order: the same
// inputs give the same bytes.
#pragma once

#include "finding/Finding.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// A unit that wasn't analysed, or not as a whole.
struct UnitProblem {
  std::string file;
  std::string reason; // of a partial unit "errors"; of a failed one "timeout", "crash", "memory" or "input"
  std::string detail;
  friend auto operator<=>(const UnitProblem &, const UnitProblem &) = default;
};

struct TargetSummary {
  std::string name;
  bool closed = false;
  size_t units = 0;
};

struct Report {
  std::vector<std::string> checks; // enabled, sorted
  std::string gate = "warning";    // --fail-on
  size_t total = 0;                // units selected
  std::vector<UnitProblem> partial, failed;
  std::vector<TargetSummary> targets;
  uint32_t cutFunctions = 0, cutPaths = 0;
  std::vector<Finding> findings; // suppressed ones too

  size_t analysed() const { return total - partial.size() - failed.size(); }
};

llvm::StringRef name(Severity severity);
std::optional<Severity> severityNamed(llvm::StringRef name);

/// The places that a finding calls its own: its main one and those of its own steps, without repetition.
std::vector<const SourceRange *> ownPlaces(const Finding &finding);

} // namespace heddle
