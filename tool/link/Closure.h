// Units by what they define and refer to: what a linker would pull in for a main.
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <string>
#include <vector>

namespace heddle {

class ReferenceGraph {
public:
  /// `kin[u]` tells apart the builds of one file (the part of its object's name that all objects of a program share); may be
  /// empty.
  ReferenceGraph(const facts::Facts &facts, std::vector<std::string> kin);

  /// Whether a unit has a main of its own.
  bool hasMain(facts::UnitId unit) const { return hasMain_[unit]; }

  struct Closure {
    std::vector<facts::UnitId> units; // sorted
    bool complete = true;             // all that the project declares and these refer to is defined in them
  };
  /// The units in `roots` and those that define what they refer to, transitively. Where several units define one entity, those
  /// that are kin of the first root come first, then those that fit to what is there (Closure.cpp). Units with a main of their
  /// own are no candidates, or the last with `mains`.
  Closure closure(const std::vector<facts::UnitId> &roots, bool mains = false) const;

  /// An entity that a unit refers to and doesn't define.
  struct Need {
    const std::vector<facts::UnitId> *definers; // sorted
    bool foreign;                               // needs no definition: the system's, pure, …
  };
  const std::vector<Need> &needs(facts::UnitId unit) const { return needs_[unit]; }
  /// The functions and variables that a unit defines for others, and that nobody else in its program may define (C++20,
  /// [basic.def.odr]; C17, 6.9): what stands in its own file.
  const std::vector<uint64_t> &exports(facts::UnitId unit) const { return exports_[unit]; }
  /// Which of those that define it a program of `root` may take.
  std::vector<facts::UnitId> definers(const Need &need, facts::UnitId root, bool mains) const;

private:
  void define(const facts::Facts &facts);
  void refer(const facts::Facts &facts);

  std::vector<std::string> kin_;
  std::vector<bool> hasMain_;
  std::vector<std::vector<Need>> needs_;       // by unit
  std::vector<std::vector<uint64_t>> exports_; // by unit; variables have the upper half set
  llvm::DenseMap<facts::FunctionId, std::vector<facts::UnitId>> functionDefiners_;
  llvm::DenseMap<facts::VariableId, std::vector<facts::UnitId>> variableDefiners_;
  llvm::DenseSet<facts::FunctionId> foreignFunctions_; // need no definition here
  llvm::DenseSet<facts::VariableId> foreignVariables_;
};

} // namespace heddle
