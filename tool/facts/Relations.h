// The algebra of `value relation constant`, the one form that conditions have (facts.fbs, Edge).
#pragma once

#include "facts/Facts.h"

#include <optional>

namespace heddle::facts {

/// Whether `left relation right`; Always and Default hold.
bool holds(int64_t left, Relation relation, int64_t right);
/// What holds exactly where `relation` doesn't; Always and Default have none, and stay.
Relation negated(Relation relation);
/// `x relation y` as `y swapped(relation) x`.
Relation swapped(Relation relation);
/// The relation that a comparison tests; nothing for other operations.
std::optional<Relation> relationOf(ExprOp op);
/// What knowing `x known k` says of `x asked c`, if anything.
std::optional<bool> implied(Relation known, int64_t k, Relation asked, int64_t c);

} // namespace heddle::facts
