#include "report/Arbitration.h"

#include "findings.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

using test::at;
using test::finding;

TEST(Arbitration, SpecificCoversGeneralOnItsSites) {
  std::vector<Finding> findings = {
      finding("data-race", "Point::x", {at("a.cc", 1), at("a.cc", 9)}),
      finding("data-race", "Point::y", {at("a.cc", 2), at("a.cc", 10)}),
      finding("torn-update", "Point", {at("a.cc", 1), at("a.cc", 2), at("a.cc", 9), at("a.cc", 10)})};
  arbitrate(findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].check, "torn-update");
  EXPECT_EQ(findings[0].also, std::vector<std::string>{"data-race"});
}

TEST(Arbitration, AnAccessThatBothTellIsOneDefect) {
  std::vector<Finding> findings = {finding("data-race", "Point::x", {at("a.cc", 1), at("a.cc", 30)}),
                                   finding("torn-update", "Point", {at("a.cc", 1), at("a.cc", 2), at("a.cc", 9)})};
  arbitrate(findings);
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Arbitration, SitesOfItsOwnKeepTheGeneralOne) {
  std::vector<Finding> findings = {finding("data-race", "Point::x", {at("a.cc", 20), at("a.cc", 30)}),
                                   finding("torn-update", "Point", {at("a.cc", 1), at("a.cc", 2), at("a.cc", 9)})};
  arbitrate(findings);
  EXPECT_EQ(findings.size(), 2u);
}

TEST(Arbitration, WhatIsSureInGeneralIsSure) {
  std::vector<Finding> findings = {finding("data-race", "Queue::size", {at("a.cc", 1)}),
                                   finding("inconsistent-guard", "Queue::size", {at("a.cc", 1)})};
  findings[0].severity = Severity::Error;
  findings[1].severity = Severity::Warning;
  arbitrate(findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].check, "inconsistent-guard");
  EXPECT_EQ(findings[0].severity, Severity::Error);
}

TEST(Arbitration, AnotherObjectIsAnotherDefect) {
  std::vector<Finding> findings = {finding("data-race", "Pointer::x", {at("a.cc", 1)}),
                                   finding("torn-update", "Point", {at("a.cc", 1)})};
  arbitrate(findings);
  EXPECT_EQ(findings.size(), 2u);
}

TEST(Arbitration, TemplateArgumentsDontMakeAnotherObject) {
  std::vector<Finding> findings = {finding("data-race", "Q<int>::x", {at("a.cc", 1)}),
                                   finding("torn-update", "Q<long>", {at("a.cc", 1)})};
  arbitrate(findings);
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Arbitration, OneCheckDoesNotCoverItself) {
  std::vector<Finding> findings = {finding("data-race", "x", {at("a.cc", 1)}),
                                   finding("data-race", "x", {at("a.cc", 1), at("a.cc", 2)})};
  arbitrate(findings);
  EXPECT_EQ(findings.size(), 2u);
}

TEST(Arbitration, AlsoGoesToTheTopOfAChain) {
  std::vector<Finding> findings = {finding("data-race", "x", {at("a.cc", 1)}), finding("check-then-act", "x", {at("a.cc", 1)}),
                                   finding("split-invariant", "x", {at("a.cc", 1)})};
  arbitrate(findings);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].check, "split-invariant");
  EXPECT_EQ(findings[0].also, (std::vector<std::string>{"check-then-act", "data-race"}));
}

TEST(Arbitration, RankIsTransitiveAndStrict) {
  EXPECT_TRUE(outranks("torn-update", "check-then-act"));
  EXPECT_FALSE(outranks("check-then-act", "torn-update"));
  EXPECT_FALSE(outranks("data-race", "data-race"));
  EXPECT_FALSE(outranks("fork-shared-file", "data-race"));
}

} // namespace
} // namespace heddle
