// Runs extraction in worker processes, so that one unit's crash, hang or hunger costs that unit only.
//
// A worker takes many units, since starting one costs as much as a small unit. CPU time and memory are limited per unit by the
// kernel; a clock only ends a worker that uses no CPU at all. A unit that fails in a worker which had others before is tried
// once more in a fresh one, so that the outcome depends on the unit alone and not on -j.
#pragma once

#include "extract/Extract.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

struct WorkerLimits {
  unsigned workers = 1;
  unsigned cpuSeconds = 120;
  unsigned megabytes = 4096;
  bool showErrors = false; // let workers write to standard error
};

struct UnitOutcome {
  enum State : uint8_t { Pending, Extracted, Failed } state = Pending;
  std::string reason; // of a failure: "timeout", "crash", "memory", "input"
  std::string detail;
  std::vector<uint8_t> facts;
};

struct Supervision {
  std::vector<UnitOutcome> outcomes; // one a unit, in the order of units; Pending when interrupted before
  int interruptedBy = 0;             // SIGINT, SIGTERM or 0
};

/// Extracts all units. `finished` is called for each, in no particular order. Fails only when no worker can be started.
llvm::Expected<Supervision> supervise(const std::vector<CompileCommand> &units, const ExtractOptions &options,
                                      const WorkerLimits &limits,
                                      llvm::function_ref<void(size_t unit, const UnitOutcome &)> finished);

/// As many workers as cores, and as available memory can feed.
unsigned defaultWorkers();

} // namespace heddle
