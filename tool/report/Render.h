// A report as bytes. One function a format; all draw from the same Report, in its order.
#pragma once

#include "report/Report.h"
#include "report/SourceText.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// What is shown of a report: findings that aren't suppressed, at or above `severity`.
bool isShown(const Finding &finding, Severity severity);

struct TextStyle {
  Severity severity = Severity::Warning;
  bool color = false;
  bool verbose = false; // the reasons, the steps' functions and the locks held there
};

/// Compiler style: "file:line:column: severity: message [heddle-check]", a snippet, and a note for each step and fix.
void renderText(const Report &report, const TextStyle &style, SourceText &sources, llvm::raw_ostream &out);

/// Schema 1 of docs/json.md; every key is always there.
void renderJson(const Report &report, Severity severity, llvm::raw_ostream &out);

} // namespace heddle
