// The lines that end a run, on standard error.
#pragma once

#include "driver/Analysis.h"
#include "driver/Options.h"
#include "report/Report.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// "analysed 345 of 346 units; 1 failed: a.c (timeout: …)". With --quiet only what is missing is told.
void printSummary(const Report &report, const Analysis &analysis, const Options &options, llvm::raw_ostream &out);

/// Sizes of facts and program, for --statistics.
void printStatistics(const facts::Facts &facts, size_t unitBytes, const Report &report, llvm::raw_ostream &out);

} // namespace heddle
