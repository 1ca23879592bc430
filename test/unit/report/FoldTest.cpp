#include "report/Fold.h"

#include "findings.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace heddle {
namespace {

using test::at;
using test::finding;

TEST(Fold, OneFindingOfSeveralTargets) {
  Finding shared = finding("data-race", "x", {at("a.cc", 1), at("a.cc", 9)});
  std::vector<Finding> findings = fold({{"b", shared}, {"a", shared}, {"b", shared}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].seenIn, 2u);
  EXPECT_EQ(findings[0].targets, (std::vector<std::string>{"a", "b"}));
}

TEST(Fold, InstantiationsFoldToTheShortestStory) {
  Finding one = finding("data-race", "Q<int>::x", {at("a.cc", 1)});
  Finding other = finding("data-race", "Q<long>::x", {at("a.cc", 1)});
  other.lanes[0].steps.push_back(test::step(at("a.cc", 4), "call", /*own=*/false));
  std::vector<Finding> findings = fold({{"t", other}, {"t", one}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].entities[0], "Q<int>::x");
}

TEST(Fold, TheSurerSightingStandsForAll) {
  Finding sure = finding("data-race", "x", {at("a.cc", 1)});
  sure.lanes[0].steps.push_back(test::step(at("a.cc", 4), "call", /*own=*/false));
  Finding likely = finding("data-race", "x", {at("a.cc", 1)});
  likely.severity = Severity::Warning;
  std::vector<Finding> findings = fold({{"a", likely}, {"b", sure}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, Severity::Error);
}

TEST(Fold, OtherObjectsAndSitesStayApart) {
  std::vector<Finding> findings = fold({{"t", finding("data-race", "x", {at("a.cc", 1), at("a.cc", 9)})},
                                        {"t", finding("data-race", "y", {at("a.cc", 1), at("a.cc", 9)})},
                                        {"t", finding("data-race", "x", {at("a.cc", 1), at("a.cc", 10)})}});
  EXPECT_EQ(findings.size(), 3u);
}

TEST(Fold, OrderOfSightingsDoesNotMatter) {
  std::vector<Sighting> sightings;
  for (uint32_t line : {3u, 1u, 2u})
    for (const char *check : {"torn-update", "data-race"})
      sightings.push_back({"t", finding(check, "x", {at("a.cc", line), at("b.cc", 1)})});
  std::vector<Finding> forward = fold(sightings);
  std::reverse(sightings.begin(), sightings.end());
  std::vector<Finding> backward = fold(sightings);
  ASSERT_EQ(forward.size(), 6u);
  for (size_t i = 0; i < forward.size(); ++i) {
    EXPECT_EQ(forward[i].place, backward[i].place);
    EXPECT_EQ(forward[i].check, backward[i].check);
  }
  EXPECT_EQ(forward[0].place.line, 1u);
  EXPECT_EQ(forward[0].check, "data-race");
}

TEST(Fold, TemplateArgumentsAreCutOut) {
  EXPECT_EQ(withoutTemplateArguments("db::Queue<std::pair<int, A>>::mu_"), "db::Queue::mu_");
  EXPECT_EQ(withoutTemplateArguments("A::operator<"), "A::operator<");
  EXPECT_EQ(withoutTemplateArguments("A::operator<<"), "A::operator<<");
  EXPECT_EQ(withoutTemplateArguments("A::operator->"), "A::operator->");
  EXPECT_EQ(withoutTemplateArguments("A::operator<=>"), "A::operator<=>");
  EXPECT_EQ(withoutTemplateArguments("plain"), "plain");
}

} // namespace
} // namespace heddle
