#include "report/Suppression.h"

#include "findings.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

using test::at;
using test::finding;

NolintComment nolint(NolintComment::Kind kind, uint32_t line, std::string checks = "*") {
  NolintComment comment;
  comment.kind = kind;
  comment.place = at("a.cc", line, 20);
  comment.checks = std::move(checks);
  return comment;
}

bool isSuppressed(std::vector<NolintComment> comments, Finding finding) {
  std::vector<Finding> findings = {std::move(finding)};
  Suppressions(std::move(comments)).apply(findings);
  return findings[0].suppressed;
}

Finding race(uint32_t line) { return finding("data-race", "x", {at("a.cc", line)}); }

TEST(Suppression, OfItsLineAndTheNext) {
  EXPECT_TRUE(isSuppressed({nolint(NolintComment::Line, 5)}, race(5)));
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 5)}, race(6)));
  EXPECT_TRUE(isSuppressed({nolint(NolintComment::NextLine, 5)}, race(6)));
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::NextLine, 5)}, race(5)));
}

TEST(Suppression, ListsNameChecksByGlob) {
  EXPECT_TRUE(isSuppressed({nolint(NolintComment::Line, 5, "heddle-data-race")}, race(5)));
  EXPECT_TRUE(isSuppressed({nolint(NolintComment::Line, 5, "bugprone-*,heddle-data-*")}, race(5)));
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 5, "heddle-torn-update")}, race(5)));
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 5, "data-race")}, race(5)));
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 5, "*,-heddle-data-race")}, race(5)));
}

TEST(Suppression, CountsAtAnyStepOfItsOwn) {
  Finding twoSites = finding("data-race", "x", {at("a.cc", 1), at("a.cc", 9)});
  EXPECT_TRUE(isSuppressed({nolint(NolintComment::Line, 9)}, twoSites));
  twoSites.lanes[0].steps[1].own = false;
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 9)}, twoSites));
}

TEST(Suppression, RangesNestByTheirList) {
  std::vector<NolintComment> comments = {nolint(NolintComment::Begin, 2, "heddle-data-race"), nolint(NolintComment::Begin, 4),
                                         nolint(NolintComment::End, 6), nolint(NolintComment::End, 8, "heddle-data-race")};
  EXPECT_FALSE(isSuppressed(comments, race(1)));
  EXPECT_TRUE(isSuppressed(comments, race(3)));
  EXPECT_TRUE(isSuppressed(comments, race(7)));
  EXPECT_FALSE(isSuppressed(comments, race(9)));
  EXPECT_FALSE(isSuppressed(comments, finding("torn-update", "x", {at("a.cc", 7)})));
  EXPECT_TRUE(isSuppressed(comments, finding("torn-update", "x", {at("a.cc", 5)})));
}

TEST(Suppression, AnotherFileIsNotMeant) {
  EXPECT_FALSE(isSuppressed({nolint(NolintComment::Line, 5)}, finding("data-race", "x", {at("b.cc", 5)})));
}

TEST(Suppression, TellsWhatSuppressedNothing) {
  Suppressions suppressions({nolint(NolintComment::Line, 5, "heddle-data-race"),
                             nolint(NolintComment::Line, 7, "heddle-data-race"), nolint(NolintComment::Line, 9, "bugprone-*")});
  std::vector<Finding> findings = {race(5)};
  suppressions.apply(findings);
  ASSERT_EQ(suppressions.unused().size(), 1u);
  EXPECT_EQ(suppressions.unused()[0]->place.line, 7u);
}

} // namespace
} // namespace heddle
