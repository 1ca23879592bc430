// The algebra of relations, held against every number of a small range: what it says must be so, and where all agree it must say.
#include "facts/Relations.h"

#include <gtest/gtest.h>
#include <limits>

using namespace heddle::facts;

namespace {

const Relation kComparisons[] = {Relation::Eq, Relation::Ne, Relation::Lt, Relation::Le, Relation::Gt, Relation::Ge};

TEST(Relations, NegatedHoldsWhereTheRelationDoesNot) {
  for (Relation relation : kComparisons)
    for (int64_t x = -2; x <= 2; ++x)
      EXPECT_EQ(holds(x, negated(relation), 0), !holds(x, relation, 0)) << EnumNameRelation(relation) << " " << x;
  EXPECT_EQ(negated(Relation::Always), Relation::Always);
}

TEST(Relations, SwappedHasItsSidesTheOtherWayRound) {
  for (Relation relation : kComparisons)
    for (int64_t x = -2; x <= 2; ++x)
      EXPECT_EQ(holds(x, relation, 1), holds(1, swapped(relation), x)) << EnumNameRelation(relation) << " " << x;
}

TEST(Relations, ComparisonsHaveOne) {
  EXPECT_EQ(relationOf(ExprOp::Le), Relation::Le);
  EXPECT_EQ(relationOf(ExprOp::Not), std::nullopt);
  EXPECT_EQ(relationOf(ExprOp::Add), std::nullopt);
}

TEST(Relations, ImpliedIsWhatAllNumbersAgreeOn) {
  // Far enough beyond the constants that both ends stand for all numbers on their side.
  for (Relation known : kComparisons)
    for (Relation asked : kComparisons)
      for (int64_t k = -2; k <= 2; ++k)
        for (int64_t c = -2; c <= 2; ++c) {
          bool some = false, none = false;
          for (int64_t x = -9; x <= 9; ++x)
            if (holds(x, known, k))
              (holds(x, asked, c) ? some : none) = true;
          std::optional<bool> expected = some != none ? std::optional(some) : std::nullopt;
          EXPECT_EQ(implied(known, k, asked, c), expected)
              << EnumNameRelation(known) << " " << k << " asked " << EnumNameRelation(asked) << " " << c;
        }
}

TEST(Relations, TheEndsOfTheRange) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(implied(Relation::Gt, 0, Relation::Gt, kMax), false);
  EXPECT_EQ(implied(Relation::Gt, 0, Relation::Ge, kMin), true);
  EXPECT_EQ(implied(Relation::Ne, kMin, Relation::Gt, kMin), true);
  EXPECT_EQ(implied(Relation::Ne, kMax, Relation::Ge, kMax), false);
  EXPECT_EQ(implied(Relation::Lt, kMin, Relation::Eq, 0), std::nullopt);
  EXPECT_EQ(implied(Relation::Eq, 3, Relation::Default, 3), std::nullopt);
}

} // namespace
