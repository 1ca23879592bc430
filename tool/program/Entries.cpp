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
  return nameOfFunction(entry.frame);
}

std::string Entries::nameOfFunction(FrameId id) const {
  const Frame &frame = frames_[id];
  FunctionId function = program_.facts().bodies()[frame.body].function();
  FrameId around = id;
  while (has(program_.facts().functions()[program_.facts().bodies()[frames_[around].body].function()].flags(),
             FunctionFlag::Lambda) &&
         frames_[around].closure != kNone)
    around = frames_.objects()[frames_[around].closure].frame;
  if (around != id)
    return ("a lambda in '" + program_.nameOf(program_.facts().bodies()[frames_[around].body].function()) + "'").str();
  return ("'" + program_.nameOf(function) + "'").str();
}

} // namespace heddle
