// Puts a report where the options want it.
#pragma once

#include "driver/Options.h"
#include "report/Report.h"

namespace heddle {

/// Whether the files named by --format can be written; asked before the analysis.
llvm::Error checkOutputs(const Options &options);

llvm::Error writeResults(const Options &options, const Report &report, const std::string &sourceRoot);

/// Prints the finding with that fingerprint, or the only one that begins so, and what was considered for it.
ExitCode explainFinding(const Options &options, const Report &report, const std::string &sourceRoot);

} // namespace heddle
