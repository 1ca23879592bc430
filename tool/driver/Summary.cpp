#include "driver/Summary.h"

#include "report/Render.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace heddle {
namespace {

std::string counted(size_t count, llvm::StringRef noun) {
  return (llvm::Twine(count) + " " + noun + (count == 1 || noun == "advice" ? "" : "s")).str();
}

void listProblems(const std::vector<UnitProblem> &problems, llvm::StringRef word, bool all, llvm::raw_ostream &out) {
  constexpr size_t kShown = 5;
  if (problems.empty())
    return;
  size_t shown = all ? problems.size() : std::min(kShown, problems.size());
  out << "; " << problems.size() << ' ' << word << ": ";
  for (size_t i = 0; i < shown; ++i)
    out << (i ? ", " : "") << problems[i].file << " (" << problems[i].reason << ": " << problems[i].detail << ')';
  if (shown < problems.size())
    out << " and " << problems.size() - shown << " more, see --verbose";
}

void printCounts(const Report &report, Severity shown, llvm::raw_ostream &out) {
  size_t bySeverity[3] = {}, suppressed = 0;
  for (const Finding &finding : report.findings) {
    suppressed += finding.suppressed;
    if (isShown(finding, shown))
      ++bySeverity[static_cast<size_t>(finding.severity)];
  }
  llvm::SmallVector<std::string> parts;
  for (Severity severity : {Severity::Error, Severity::Warning, Severity::Advice})
    if (size_t count = bySeverity[static_cast<size_t>(severity)])
      parts.push_back(counted(count, name(severity)));
  out << "heddle: " << (parts.empty() ? "nothing found" : llvm::join(parts, ", "));
  if (suppressed)
    out << "; " << suppressed << " suppressed";
  out << '\n';
}

void printSilences(const Analysis &analysis, bool verbose, llvm::raw_ostream &out) {
  if (analysis.silences.empty())
    return;
  if (!verbose) {
    bool one = analysis.silences.size() == 1;
    out << "heddle: " << counted(analysis.silences.size(), "check") << " that " << (one ? "needs" : "need") << " a whole program "
        << (one ? "was" : "were") << " silent on parts of one, such as libraries; see --verbose\n";
    return;
  }
  for (const Silence &silence : analysis.silences)
    out << "heddle: " << silence.check << " needs a whole program and was silent on " << llvm::join(silence.targets, ", ")
        << '\n';
}

} // namespace

void printSummary(const Report &report, const Analysis &analysis, const Options &options, llvm::raw_ostream &out) {
  bool incomplete = !report.partial.empty() || !report.failed.empty();
  if (options.quiet && !incomplete)
    return;
  out << "heddle: analysed " << report.analysed() << " of " << counted(report.total, "unit");
  listProblems(report.failed, "failed", options.verbose, out);
  listProblems(report.partial, "partial", options.verbose, out);
  out << '\n';
  if (options.quiet)
    return;
  printSilences(analysis, options.verbose, out);
  if (report.cutFunctions || report.cutPaths)
    out << "heddle: cut short: " << counted(report.cutFunctions, "function") << ", " << counted(report.cutPaths, "path")
        << "; what they would have shown is unknown\n";
  if (options.verbose)
    for (const NolintComment &comment : analysis.unusedNolints)
      out << comment.place.file << ':' << comment.place.line << ':' << comment.place.column
          << ": note: this NOLINT suppresses nothing\n";
  printCounts(report, options.shown(), out);
}

void printStatistics(const facts::Facts &facts, size_t unitBytes, const Report &report, llvm::raw_ostream &out) {
  auto each = [](size_t bytes, size_t count) { return count ? bytes / count : 0; };
  size_t functions = 0;
  for (const facts::Unit &unit : facts.units())
    functions += unit.functions();
  out << llvm::formatv("units          {0,10}   {1} bytes of facts, {2} a unit\n", facts.units().size(), unitBytes,
                       each(unitBytes, facts.units().size()));
  out << llvm::formatv("bodies         {0,10}   seen {1} times; {2} bytes when linked, {3} a body\n", facts.bodies().size(),
                       functions, facts.bytes().size(), each(facts.bytes().size(), facts.bodies().size()));
  out << llvm::formatv("events         {0,10}\n", facts.events().size());
  out << llvm::formatv("functions      {0,10}\n", facts.functions().size());
  out << llvm::formatv("targets        {0,10}\n", report.targets.size());
  out << llvm::formatv("findings       {0,10}\n", report.findings.size());
}

} // namespace heddle
