// Decisions: what is known of a value where an event happens, because a branch on it alone leads there.
//
// Computes, of the branches between where the value was got and an event, the last that the value decides and of which one edge
// alone leads to the event without going round a loop; and what that edge says of the value. Gets wrong: a branch on a flag that
// was computed by branches.
#pragma once

#include "program/DerivedValues.h"

#include <optional>

namespace heddle {

/// `value relation constant`; if it was compared with what isn't a constant, the relation alone. If what was tested is only made
/// from the value, nothing but that is known; of a sum with it, whether more or less of it makes the test true.
struct Decision {
  facts::Relation relation = facts::Relation::Always;
  std::optional<int64_t> constant;
  bool direct = true;
  bool grows = false;                  // not direct, but what was tested grows with the value
  facts::BlockId block = facts::kNone; // that branches
};

std::optional<Decision> decisionFor(const Program &program, const facts::BodyView &body, const BlockGraph &graph,
                                    const DerivedValues &value, facts::EventId from, facts::EventId to);

} // namespace heddle
