// The whole API of a check: a constant value with a pure function from a linked program to findings.
#pragma once

#include "finding/Finding.h"
#include "program/Program.h"

#include <span>
#include <string_view>

namespace heddle {

struct Check {
  std::string_view id;      // "lock-order-cycle": also its file, page and tests
  std::string_view family;  // "lock": the folder under checks/
  std::string_view summary; // one line, lower case, no full stop
  Severity severity;        // the highest it reports
  World world;              // Closed: silent unless the whole program is seen
  void (*run)(const Program &program, Sink &sink);
};

/// All checks, sorted by id (checks/All.cpp).
std::span<const Check *const> allChecks();

} // namespace heddle
