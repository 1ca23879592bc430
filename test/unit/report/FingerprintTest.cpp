#include "report/Fingerprint.h"

#include "findings.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

using test::at;
using test::finding;

std::string printOf(Finding finding) {
  std::vector<Finding> findings = {std::move(finding)};
  fingerprint(findings);
  return findings[0].fingerprint;
}

TEST(Fingerprint, OutlivesMovesAndRewording) {
  Finding here = finding("data-race", "x", {at("a.cc", 1), at("a.cc", 9)});
  Finding there = finding("data-race", "x", {at("/tmp/b.cc", 11, 7), at("/tmp/b.cc", 19)});
  there.message = "worded in another way";
  there.lanes[0].steps[0].message = "and this too";
  EXPECT_EQ(printOf(here), printOf(there));
}

TEST(Fingerprint, IgnoresTheWayToTheSites) {
  Finding direct = finding("data-race", "x", {at("a.cc", 1)});
  Finding throughCall = direct;
  throughCall.lanes[0].steps.insert(throughCall.lanes[0].steps.begin(),
                                    test::step(at("a.cc", 5), "call", /*own=*/false, "main()"));
  EXPECT_EQ(printOf(direct), printOf(throughCall));
}

TEST(Fingerprint, IgnoresOrderOfLanesAndEntities) {
  Finding one = finding("lock-order-cycle", "a", {at("a.cc", 1)});
  one.entities = {"a", "b"};
  one.lanes = {{"thread 1", {test::step(at("a.cc", 1), "acquire", true, "f()")}},
               {"thread 2", {test::step(at("a.cc", 2), "acquire", true, "g()")}}};
  Finding other = one;
  std::swap(other.lanes[0], other.lanes[1]);
  std::swap(other.entities[0], other.entities[1]);
  EXPECT_EQ(printOf(one), printOf(other));
}

TEST(Fingerprint, IgnoresWhereALambdaStands) {
  Finding one = finding("data-race", "x", {at("a.cc", 1)});
  one.function = "(lambda at db/a.cc:12:5)::operator()()";
  Finding other = one;
  other.function = "(lambda at db/a.cc:14:9)::operator()()";
  EXPECT_EQ(printOf(one), printOf(other));
}

TEST(Fingerprint, TellsCheckObjectFunctionAndRoleApart) {
  Finding base = finding("data-race", "x", {at("a.cc", 1)});
  Finding check = base, entity = base, function = base, role = base;
  check.check = "torn-update";
  entity.entities = {"y"};
  function.function = "g()";
  role.lanes[0].steps[0].event = "read";
  for (const Finding &other : {check, entity, function, role})
    EXPECT_NE(printOf(base), printOf(other));
}

TEST(Fingerprint, OrdinalsTellEqualFindingsApart) {
  std::vector<Finding> findings = {finding("data-race", "x", {at("a.cc", 1)}), finding("data-race", "x", {at("a.cc", 8)})};
  fingerprint(findings);
  EXPECT_NE(findings[0].fingerprint, findings[1].fingerprint);
  EXPECT_EQ(findings[0].fingerprint, printOf(finding("data-race", "x", {at("a.cc", 1)})));
}

} // namespace
} // namespace heddle
