#include "report/Scope.h"

#include "findings.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

using llvm::toString;
using test::at;
using test::finding;

TEST(Scope, OutsideTheSourceRootIsThirdParty) {
  Scope scope;
  EXPECT_TRUE(scope.contains("src/a.cc"));
  EXPECT_FALSE(scope.contains("/usr/include/string.h"));
  EXPECT_FALSE(scope.contains(""));
}

TEST(Scope, ExcludesGlobsAndFolders) {
  Scope scope;
  ASSERT_EQ(toString(scope.exclude("third_party")), "");
  ASSERT_EQ(toString(scope.exclude("*_generated.h")), "");
  EXPECT_FALSE(scope.contains("third_party/x/a.cc"));
  EXPECT_TRUE(scope.contains("third_party_tools/a.cc"));
  EXPECT_FALSE(scope.contains("src/facts_generated.h"));
  EXPECT_TRUE(scope.contains("src/a.cc"));
}

TEST(Scope, FiltersHeadersOnly) {
  Scope scope;
  ASSERT_EQ(toString(scope.filterHeaders("^src/")), "");
  scope.addMainFile("lib/a.cc");
  EXPECT_TRUE(scope.contains("lib/a.cc"));
  EXPECT_TRUE(scope.contains("src/a.h"));
  EXPECT_FALSE(scope.contains("lib/a.h"));
}

TEST(Scope, AFindingIsInWithAnyOfItsPlaces) {
  Scope scope;
  EXPECT_TRUE(scope.contains(finding("data-race", "x", {at("/usr/include/x.h", 1), at("src/a.cc", 2)})));
  EXPECT_FALSE(scope.contains(finding("data-race", "x", {at("/usr/include/x.h", 1)})));
}

TEST(Scope, TellsWhatIsNoPattern) {
  Scope scope;
  EXPECT_NE(toString(scope.exclude("a[")), "");
  EXPECT_NE(toString(scope.filterHeaders("(")), "");
}

} // namespace
} // namespace heddle
