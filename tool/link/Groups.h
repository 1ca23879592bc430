// Programs that have nothing in common are linked apart.
//
// Entities are told apart by name, as a linker does; but two programs of one compile database may each have a `struct Point` of
// their own, and merged, the fields of one would be read into the other. Targets that share a unit, directly or over others, are
// one group; each group's facts are merged by themselves. Inside a group a name means one thing, or it is the project's own
// violation of the one-definition rule, and the merged record has the fields of both.
#pragma once

#include "facts/Facts.h"
#include "program/Program.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <span>
#include <vector>

namespace heddle {

struct LinkedGroup {
  std::unique_ptr<facts::Facts> own; // none where the group is all there is: the merge that was given
  const facts::Facts *facts;
  std::vector<Target> targets; // their units are those of `facts`
};

/// `linked` is the merge of all `parts`, and `targets` name its units; groups may refer to it.
llvm::Expected<std::vector<LinkedGroup>> linkGroups(const facts::Facts &linked, std::span<const facts::Facts *const> parts,
                                                    std::span<const Target> targets);

} // namespace heddle
