#include "report/Arbitration.h"

#include "report/Fold.h"
#include "report/Report.h"

#include <algorithm>
#include <array>
#include <set>

namespace heddle {
namespace {

struct Rank {
  llvm::StringLiteral specific, general;
};

// What each check implies, most specific first; a chain of rows counts as a row.
constexpr std::array kRanks = {
    Rank{"plain-stop-flag", "data-race"},
    Rank{"double-checked-locking", "unsafe-publication"},
    Rank{"double-checked-locking", "inconsistent-guard"},
    Rank{"unsafe-publication", "data-race"},
    Rank{"escaping-local", "data-race"},
    Rank{"escaped-guarded-data", "inconsistent-guard"},
    Rank{"escaped-guarded-data", "data-race"},
    Rank{"thread-before-member", "unsafe-publication"},
    Rank{"thread-before-member", "data-race"},
    Rank{"write-under-shared-lock", "annotation-violation"},
    Rank{"write-under-shared-lock", "data-race"},
    Rank{"torn-update", "split-invariant"},
    Rank{"torn-update", "data-race"},
    Rank{"torn-update", "inconsistent-guard"},
    Rank{"split-invariant", "check-then-act"},
    Rank{"check-then-act", "inconsistent-guard"},
    Rank{"check-then-act", "data-race"},
    Rank{"annotation-violation", "inconsistent-guard"},
    Rank{"mixed-guards", "inconsistent-guard"},
    Rank{"inconsistent-guard", "data-race"},
    Rank{"mutable-in-const", "data-race"},
    Rank{"omp-race", "data-race"},
    Rank{"lock-order-cycle", "unordered-multi-lock"},
    Rank{"ignored-try-lock", "unlock-not-held"},
    Rank{"ignored-try-lock", "lock-leak"},
    Rank{"lock-destroyed", "lock-leak"},
    Rank{"copied-lock", "lock-leak"},
    Rank{"copied-lock", "local-mutex"},
    Rank{"unnamed-guard", "data-race"},
    Rank{"unlocked-guard", "data-race"},
    Rank{"local-mutex", "data-race"},
    Rank{"wait-holding-lock", "blocking-under-lock"},
    Rank{"gil-deadlock", "lock-order-cycle"},
    Rank{"fork-unflushed-stream", "fork-shared-file"},
    Rank{"pipe-end-open", "fork-shared-file"},
    Rank{"fork-holding-lock", "fork-in-threads"},
    Rank{"signal-shared-state", "data-race"},
};

struct Claim {
  std::set<std::pair<std::string, uint32_t>> sites; // file and line
  std::set<std::string> objects;
};

Claim claimOf(const Finding &finding) {
  Claim claim;
  for (const SourceRange *place : ownPlaces(finding))
    claim.sites.emplace(place->file, place->line);
  for (const std::string &entity : finding.entities)
    claim.objects.insert(withoutTemplateArguments(entity));
  return claim;
}

/// Whether one names the other or a part of it: "Point" and "Point::x", "point" and "point.x".
bool overlaps(llvm::StringRef a, llvm::StringRef b) {
  if (a.size() > b.size())
    std::swap(a, b);
  return b.starts_with(a) &&
         (a.size() == b.size() || b.substr(a.size()).starts_with("::") || b[a.size()] == '.' || b[a.size()] == '[');
}

bool covers(const Claim &specific, const Claim &general) {
  bool meet =
      std::any_of(general.sites.begin(), general.sites.end(), [&](const auto &site) { return specific.sites.count(site); });
  if (!meet)
    return false;
  return std::any_of(general.objects.begin(), general.objects.end(), [&](const std::string &object) {
    return std::any_of(specific.objects.begin(), specific.objects.end(),
                       [&](const std::string &other) { return overlaps(object, other); });
  });
}

bool outranks(llvm::StringRef specific, llvm::StringRef general, size_t bound) {
  return bound && std::any_of(kRanks.begin(), kRanks.end(), [&](const Rank &rank) {
           return specific == rank.specific && (general == rank.general || outranks(rank.general, general, bound - 1));
         });
}

} // namespace

bool outranks(llvm::StringRef specific, llvm::StringRef general) { return outranks(specific, general, kRanks.size()); }

void arbitrate(std::vector<Finding> &findings) {
  std::vector<Claim> claims;
  for (const Finding &finding : findings)
    claims.push_back(claimOf(finding));

  constexpr size_t kNobody = -1;
  std::vector<size_t> coveredBy(findings.size(), kNobody);
  for (size_t general = 0; general < findings.size(); ++general)
    for (size_t specific = 0; specific < findings.size(); ++specific)
      if (outranks(findings[specific].check, findings[general].check) && covers(claims[specific], claims[general]) &&
          (coveredBy[general] == kNobody || outranks(findings[specific].check, findings[coveredBy[general]].check)))
        coveredBy[general] = specific;

  for (size_t general = 0; general < findings.size(); ++general) {
    size_t top = coveredBy[general];
    if (top == kNobody)
      continue;
    while (coveredBy[top] != kNobody)
      top = coveredBy[top];
    findings[top].also.push_back(findings[general].check);
    // What is sure of the defect in general is sure of it.
    findings[top].severity = std::max(findings[top].severity, findings[general].severity);
  }
  std::vector<Finding> kept;
  for (size_t i = 0; i < findings.size(); ++i) {
    if (coveredBy[i] != kNobody)
      continue;
    auto &also = findings[i].also;
    std::sort(also.begin(), also.end());
    also.erase(std::unique(also.begin(), also.end()), also.end());
    kept.push_back(std::move(findings[i]));
  }
  findings = std::move(kept);
}

} // namespace heddle
