// Some of a program's entries, in order.
#pragma once

#include "program/Frames.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace heddle {

using EntrySet = llvm::SmallVector<EntryId, 4>; // sorted

inline void add(EntrySet &set, EntryId id) {
  auto at = std::lower_bound(set.begin(), set.end(), id);
  if (at == set.end() || *at != id)
    set.insert(at, id);
}

inline void remove(EntrySet &set, EntryId id) {
  auto at = std::lower_bound(set.begin(), set.end(), id);
  if (at != set.end() && *at == id)
    set.erase(at);
}

/// Those of `all` that aren't in `some`.
inline EntrySet without(const EntrySet &all, const EntrySet &some) {
  EntrySet result;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(result));
  return result;
}

inline bool contains(const EntrySet &set, EntryId id) { return std::binary_search(set.begin(), set.end(), id); }

} // namespace heddle
