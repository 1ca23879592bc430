// A finding's name that outlives edits around it: baselines, verdicts and --diff are keyed by it.
//
// Hashed are the check, the objects, the enclosing function, and per lane what its own steps do and in which function; not lines,
// columns, paths or the wording of messages. Findings that are alike in all of this are told apart by an ordinal in their order
// of place, so mending one of them renames the later ones.
#pragma once

#include "finding/Finding.h"

#include <vector>

namespace heddle {

/// Fills in `fingerprint` of each; `findings` is sorted.
void fingerprint(std::vector<Finding> &findings);

} // namespace heddle
