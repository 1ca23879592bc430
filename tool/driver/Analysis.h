// From merged facts to findings: one Program for each link target, each enabled check on each, and what all of them say together.
#pragma once

#include "checks/Check.h"
#include "report/Report.h"
#include "report/Scope.h"
#include "report/Suppression.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace heddle {

struct Silence {
  std::string check;                // needs the whole program
  std::vector<std::string> targets; // where it isn't seen
};

struct Analysis {
  std::vector<Finding> findings; // folded over targets, arbitrated, fingerprinted, in order; suppressed ones marked
  uint32_t cutFunctions = 0, cutPaths = 0;
  std::vector<Silence> silences;
  std::vector<NolintComment> unusedNolints;
};

/// What is linked together, and the targets in it.
struct Group {
  const facts::Facts &facts;
  llvm::ArrayRef<Target> targets;
};

/// Only findings in `scope` are kept. Suppressions are those of `all`, the facts of all units.
Analysis analyse(const facts::Facts &all, llvm::ArrayRef<Group> groups, const Models &models,
                 llvm::ArrayRef<const Check *> checks, const Scope &scope);

} // namespace heddle
