// Makes one finding of the many sightings of one defect: several link targets hold the same code, and a template has many
// instantiations.
//
// Two findings are the same defect when the same check names the same objects at the same places; template arguments don't
// count in a name. The sighting with the shortest story stands for all. What it gets wrong: two defects that one macro expansion
// makes of the same object are one.
#pragma once

#include "finding/Finding.h"

#include <string>
#include <vector>

namespace heddle {

/// A finding as one link target shows it.
struct Sighting {
  std::string target;
  Finding finding;
};

/// In order (see `sort`), with targets and seenIn filled in. The order of `sightings` doesn't matter.
std::vector<Finding> fold(std::vector<Sighting> sightings);

/// By place, then check, message and story.
void sort(std::vector<Finding> &findings);

/// "db::Queue<int>::mu_" without its template arguments: "db::Queue::mu_".
std::string withoutTemplateArguments(const std::string &name);

} // namespace heddle
