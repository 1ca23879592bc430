// Link targets: which units form one program.
//
// A compile database holds libraries, tests, tools and several mains; merged, they would invent parallelism and hide definitions.
// Evidence is tried in this order, the first that speaks of the units at hand decides, and what it leaves out falls to the next:
//
//   1. CMake's file API reply     <build>/.cmake/api/v1/reply: targets, their sources, what they link
//   2. build.ninja                link edges down to the sources of their objects, through archives
//   3. CMake's link.txt files     the same for makefiles
//   4. the closure of each main   a unit with a main and, transitively, the units that define what these refer to
//   5. library mode               what is left, with what it refers to, is one open target
//
// A target is closed when it has a main and all of it was analysed: each source that the build names, without errors, or, for a
// closure, a definition of everything the project declares and the closure uses. Everything read here is untrusted: sizes and
// depths are bounded, only regular files in the build folder are read, nothing is executed or written. Whatever is malformed
// counts as absent.
//
// What it gets wrong: a closure lacks units that only register themselves (static initialisers), which library mode then takes
// in; file API replies and build files older than the compile database are believed.
#pragma once

#include "program/Program.h"

#include <span>

namespace heddle {

/// The object that a unit is compiled to. Where one file is built several times it tells which variant belongs to which target.
struct UnitObject {
  std::string file, command; // as in facts::Unit
  std::string object;        // absolute
};

/// The targets of all units of `facts`, sorted by name; each unit is in at least one. Targets of equal units are one, their names
/// joined by ", ". `buildFolder` is where the compile database is (empty: there is none), `sourceRoot` what the paths of facts
/// are relative to; both absolute.
std::vector<Target> findTargets(const facts::Facts &facts, llvm::StringRef buildFolder, llvm::StringRef sourceRoot,
                                std::span<const UnitObject> objects = {});

} // namespace heddle
