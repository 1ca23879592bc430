// Linking: many facts, one program's worth.
//
// The facts of one unit and those of a thousand are the same kind of thing, so that linking is a merge, and any grouping of it
// (a tree of partial links on many machines, one file twice, any order) gives the same bytes. Functions are keyed by entity and
// bodies by entity and content: a header's function that a hundred units saw is there once, and an entity that units saw with
// different bodies (other macros, a static function of one name, one file built twice) has each of them as a variant.
#pragma once

#include "facts/Facts.h"

#include "llvm/Support/Error.h"

#include <span>

namespace heddle {

llvm::Expected<facts::Facts> link(std::span<const facts::Facts *const> parts);
llvm::Expected<facts::Facts> link(std::span<const facts::Facts> parts);

} // namespace heddle
