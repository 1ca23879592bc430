#include "facts/Relations.h"

#include <limits>

namespace heddle::facts {

bool holds(int64_t left, Relation relation, int64_t right) {
  switch (relation) {
  case Relation::Eq:
    return left == right;
  case Relation::Ne:
    return left != right;
  case Relation::Lt:
    return left < right;
  case Relation::Le:
    return left <= right;
  case Relation::Gt:
    return left > right;
  case Relation::Ge:
    return left >= right;
  default:
    return true;
  }
}

Relation negated(Relation relation) {
  switch (relation) {
  case Relation::Eq:
    return Relation::Ne;
  case Relation::Ne:
    return Relation::Eq;
  case Relation::Lt:
    return Relation::Ge;
  case Relation::Le:
    return Relation::Gt;
  case Relation::Gt:
    return Relation::Le;
  case Relation::Ge:
    return Relation::Lt;
  default:
    return relation;
  }
}

Relation swapped(Relation relation) {
  switch (relation) {
  case Relation::Lt:
    return Relation::Gt;
  case Relation::Le:
    return Relation::Ge;
  case Relation::Gt:
    return Relation::Lt;
  case Relation::Ge:
    return Relation::Le;
  default:
    return relation;
  }
}

std::optional<Relation> relationOf(ExprOp op) {
  switch (op) {
  case ExprOp::Eq:
    return Relation::Eq;
  case ExprOp::Ne:
    return Relation::Ne;
  case ExprOp::Lt:
    return Relation::Lt;
  case ExprOp::Le:
    return Relation::Le;
  case ExprOp::Gt:
    return Relation::Gt;
  case ExprOp::Ge:
    return Relation::Ge;
  default:
    return std::nullopt;
  }
}

namespace {

struct Interval {
  int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  bool empty = false;
};

/// The numbers that are `relation constant`, for every relation but Ne.
Interval intervalOf(Relation relation, int64_t constant) {
  Interval all, interval;
  switch (relation) {
  case Relation::Eq:
    return {constant, constant};
  case Relation::Lt:
    interval.empty = constant == all.low;
    interval.high = interval.empty ? constant : constant - 1;
    return interval;
  case Relation::Le:
    interval.high = constant;
    return interval;
  case Relation::Gt:
    interval.empty = constant == all.high;
    interval.low = interval.empty ? constant : constant + 1;
    return interval;
  case Relation::Ge:
    interval.low = constant;
    return interval;
  default:
    return all;
  }
}

} // namespace

std::optional<bool> implied(Relation known, int64_t k, Relation asked, int64_t c) {
  auto isComparison = [](Relation r) { return r != Relation::Always && r != Relation::Default; };
  if (!isComparison(known) || !isComparison(asked))
    return asked == Relation::Always ? std::optional(true) : std::nullopt;
  if (asked == Relation::Ne) {
    std::optional<bool> equal = implied(known, k, Relation::Eq, c);
    return equal ? std::optional(!*equal) : std::nullopt;
  }
  Interval wanted = intervalOf(asked, c);
  if (wanted.empty)
    return false;
  if (known == Relation::Ne) {
    // All numbers but one: inside of what is asked if that leaves out the one at most, outside if it is only that one.
    Interval rest = intervalOf(negated(asked), c);
    if (asked == Relation::Eq)
      return k == c ? std::optional(false) : std::nullopt;
    if (rest.empty || (rest.low == rest.high && rest.low == k))
      return true;
    return wanted.low == wanted.high && wanted.low == k ? std::optional(false) : std::nullopt;
  }
  Interval given = intervalOf(known, k);
  if (given.empty)
    return std::nullopt; // nothing is so; whoever asks is on no path
  if (given.low >= wanted.low && given.high <= wanted.high)
    return true;
  return given.high < wanted.low || given.low > wanted.high ? std::optional(false) : std::nullopt;
}

} // namespace heddle::facts
