// The steps from a command line to an exit code, shared by `heddle check`, which extracts first, and `heddle link`, which is
// given facts.
#pragma once

#include "driver/Analysis.h"
#include "driver/Configuration.h"
#include "driver/Database.h"
#include "driver/Options.h"

namespace heddle {

/// What is settled before any unit is read, so that wrong use costs no time.
struct Plan {
  Configuration configuration;
  std::vector<const Check *> checks;
  Models models;
  Scope scope;
};

/// `folder`: where configuration is looked for from.
llvm::Expected<Plan> plan(const Options &options, llvm::StringRef folder);

/// Facts and how they came about.
struct Evidence {
  std::vector<facts::Facts> facts; // of units, or merged already
  std::vector<UnitProblem> failed;
  size_t total = 0; // 0: as many as the facts have, and the failed
  std::string sourceRoot;
  std::string buildFolder; // of the compile database; empty when there is none
  std::vector<UnitObject> objects;
  std::vector<std::string> headers; // see UnitSelection
  int interruptedBy = 0;
};

/// Links, runs the checks, and prints the report.
ExitCode conclude(const Options &options, Plan plan, Evidence evidence);

} // namespace heddle
