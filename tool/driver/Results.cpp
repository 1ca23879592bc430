#include "driver/Results.h"

#include "driver/Commands.h"
#include "report/Render.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <cstdlib>

namespace heddle {
namespace {

bool wantsColor(When color) {
  if (color != When::Auto)
    return color == When::Always;
  return !std::getenv("NO_COLOR") && llvm::sys::Process::StandardOutIsDisplayed() && llvm::sys::Process::StandardOutHasColors();
}

void render(const Options &options, Format format, bool color, const Report &report, const std::string &sourceRoot,
            llvm::raw_ostream &out) {
  if (format == Format::Json)
    return renderJson(report, options.shown(), out);
  SourceText sources(sourceRoot);
  renderText(report, {options.shown(), color, options.verbose}, sources, out);
}

llvm::Error toFile(const Options &options, const Output &output, const Report &report, const std::string &sourceRoot) {
  std::error_code code;
  llvm::raw_fd_ostream file(output.file, code);
  if (!code) {
    render(options, output.format, false, report, sourceRoot, file);
    file.close();
    code = file.error();
    file.clear_error();
  }
  return code ? llvm::createStringError("can't write " + output.file + ": " + code.message()) : llvm::Error::success();
}

llvm::Error toStandardOutput(const Options &options, Format format, const Report &report, const std::string &sourceRoot) {
  bool color = wantsColor(options.color);
  llvm::outs().enable_colors(color);
  render(options, format, color, report, sourceRoot, llvm::outs());
  llvm::outs().flush();
  std::error_code code = llvm::outs().error();
  llvm::outs().clear_error();
  return code ? llvm::createStringError("can't write to standard output: " + code.message()) : llvm::Error::success();
}

} // namespace

llvm::Error checkOutputs(const Options &options) {
  for (const Output &output : options.outputs) {
    llvm::StringRef folder = llvm::sys::path::parent_path(output.file);
    if (llvm::sys::fs::is_directory(output.file) || (!folder.empty() && !llvm::sys::fs::is_directory(folder)) ||
        (!output.file.empty() && llvm::sys::fs::access(folder.empty() ? "." : folder, llvm::sys::fs::AccessMode::Write)))
      return llvm::createStringError("can't write " + output.file +
                                     ": make its folder first, or name another file after --format=FORMAT:");
  }
  return llvm::Error::success();
}

llvm::Error writeResults(const Options &options, const Report &report, const std::string &sourceRoot) {
  for (const Output &output : options.outputs) {
    llvm::Error error = output.file.empty() ? toStandardOutput(options, output.format, report, sourceRoot)
                                            : toFile(options, output, report, sourceRoot);
    if (error)
      return error;
  }
  return options.outputs.empty() ? toStandardOutput(options, Format::Text, report, sourceRoot) : llvm::Error::success();
}

ExitCode explainFinding(const Options &options, const Report &report, const std::string &sourceRoot) {
  Report one = report;
  llvm::erase_if(one.findings, [&](const Finding &finding) {
    return !llvm::StringRef(finding.fingerprint).starts_with(*options.explainFinding);
  });
  if (one.findings.size() != 1)
    return wrongUse((one.findings.empty() ? "no finding has the fingerprint " : "several fingerprints begin with ") +
                    *options.explainFinding + "; --format=json lists them");
  Finding &finding = one.findings.front();
  bool wasSuppressed = std::exchange(finding.suppressed, false);
  Options all = options;
  all.severity = Severity::Advice;
  all.verbose = true;
  if (llvm::Error error = toStandardOutput(all, Format::Text, one, sourceRoot))
    return internalError(std::move(error));
  llvm::outs() << "considered:\n";
  for (const std::string &view : finding.considered)
    llvm::outs() << "  " << view << '\n';
  if (finding.considered.empty())
    llvm::outs() << "  nothing beyond what the notes say\n";
  if (wasSuppressed)
    llvm::outs() << "suppressed by a NOLINT comment\n";
  return ExitCode::Clean;
}

} // namespace heddle
