#include "program/Entries.h"

namespace heddle {

using namespace facts;

EntryId Entries::starterOf(EntryId id) const {
  const Entry &entry = frames_.entries()[id];
  return entry.kind == Entry::Started ? frames_[entry.starter].entry : kNone;
}

bool Entries::descends(EntryId id, EntryId ancestor) const {
  // An entry that starts itself again has itself above it: the chain is cut where it repeats.
  for (unsigned depth = 0; id != kNone && depth < 64; ++depth, id = starterOf(id))
    if (id == ancestor)
      return true;
  return false;
}

std::string Entries::nameOf(EntryId id) const {
  const Entry &entry = frames_.entries()[id];
  const Function &function = program_.facts().functions()[entry.function];
  if (!has(function.flags(), FunctionFlag::Lambda) || entry.kind != Entry::Started)
    return program_.nameOf(entry.function).str();
  const Location &location = program_.facts().location(function.location());
  FunctionId starter = program_.facts().bodies()[frames_[entry.starter].body].function();
  return ("the lambda of line " + llvm::Twine(location.line()) + " in " + program_.nameOf(starter)).str();
}

} // namespace heddle
