// The first half of `heddle check`: the units of a database to facts, in workers, with progress shown.
#pragma once

#include "driver/Database.h"
#include "driver/Options.h"
#include "driver/Pipeline.h"

namespace heddle {

ExtractOptions extractOptions(const Options &options, const Database &database, const std::string &sourceRoot);

/// Extracts `selection`; failures of units are part of the evidence.
llvm::Expected<Evidence> extractAll(const Options &options, const ExtractOptions &extractOptions, const UnitSelection &selection);

} // namespace heddle
