// One function a command. Each prints its results to standard output, everything else to standard error, and returns the exit
// code of the contract in docs/cli.md.
#pragma once

#include "driver/Options.h"

namespace heddle {

ExitCode runCheck(const Options &options);
ExitCode runExtract(const Options &options);
ExitCode runLink(const Options &options);
ExitCode runFacts(const Options &options);
ExitCode runExplain(const Options &options);
ExitCode runChecks(const Options &options);
ExitCode runDoctor(const Options &options);
ExitCode runHelp(const Options &options);

/// These print what is wrong and give the exit code.
ExitCode wrongUse(llvm::Error error);
ExitCode wrongUse(const llvm::Twine &message);
ExitCode internalError(llvm::Error error);

/// Dispatches one command line.
int runHeddle(int argc, const char *const *argv);

} // namespace heddle
