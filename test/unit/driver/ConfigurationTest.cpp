#include "driver/Configuration.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

std::string problemOf(llvm::StringRef yaml) {
  Configuration configuration;
  bool inherit = false;
  return llvm::toString(readConfiguration(yaml, "c.yaml", configuration, inherit));
}

TEST(Configuration, ReadsItsKeys) {
  Configuration configuration;
  bool inherit = false;
  llvm::Error error = readConfiguration("inherit: true\nchecks: [ '-*', lock/* ]\nexclude: third_party\nheader-filter: '^src/'\n",
                                        "c.yaml", configuration, inherit);
  ASSERT_EQ(llvm::toString(std::move(error)), "");
  EXPECT_TRUE(inherit);
  ASSERT_EQ(configuration.checks.size(), 1u);
  EXPECT_EQ(configuration.checks[0].globs, "-*,lock/*");
  EXPECT_EQ(configuration.excludes, std::vector<std::string>{"third_party"});
  EXPECT_EQ(configuration.headerFilter, "^src/");
}

TEST(Configuration, ModelsKeepTheirLines) {
  Configuration configuration;
  bool inherit = false;
  llvm::Error error = readConfiguration("checks: '-*'\nmodels:\n  classes:\n  - name: a::Mutex\n    is: lock\nexclude: x\n",
                                        "c.yaml", configuration, inherit);
  ASSERT_EQ(llvm::toString(std::move(error)), "");
  ASSERT_EQ(configuration.models.size(), 1u);
  EXPECT_EQ(llvm::StringRef(configuration.models[0].yaml).rtrim(),
            "            \n       \n  classes:\n  - name: a::Mutex\n    is: lock");
  EXPECT_EQ(configuration.excludes, std::vector<std::string>{"x"});
}

TEST(Configuration, EmptyIsAllowed) { EXPECT_EQ(problemOf(""), ""); }

TEST(Configuration, ErrorsNamePlaceAndWayOut) {
  EXPECT_EQ(problemOf("checks: a\nexcludes: b\n"),
            "c.yaml:2:1: unknown key 'excludes', did you mean 'exclude'?; there are inherit, checks, "
            "exclude, header-filter and models");
  EXPECT_EQ(problemOf("inherit: maybe\n"), "c.yaml:1:10: inherit is true or false");
  EXPECT_EQ(problemOf("- a\n"), "c.yaml:1:1: a configuration is a mapping, such as 'checks: -*,lock/*'");
  EXPECT_NE(problemOf("checks: [a\n"), "");
  EXPECT_NE(problemOf("checks: {a: b}\n"), "");
  EXPECT_NE(problemOf("models: 3\n"), "");
}

} // namespace
} // namespace heddle
