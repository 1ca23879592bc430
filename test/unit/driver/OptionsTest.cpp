#include "driver/Options.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

Options parsed(std::vector<const char *> words) {
  llvm::Expected<Options> options = parseOptions(words);
  if (!options) {
    ADD_FAILURE() << llvm::toString(options.takeError());
    return {};
  }
  return *options;
}

std::string refused(std::vector<const char *> words) {
  llvm::Expected<Options> options = parseOptions(words);
  if (!options)
    return llvm::toString(options.takeError());
  return "accepted";
}

TEST(Options, CheckIsTheDefaultCommand) {
  EXPECT_EQ(parsed({}).command, Command::Check);
  EXPECT_EQ(parsed({"a.cc"}).inputs, std::vector<std::string>{"a.cc"});
  EXPECT_EQ(parsed({"check", "a.cc"}).inputs, std::vector<std::string>{"a.cc"});
  EXPECT_EQ(parsed({"./check"}).inputs, std::vector<std::string>{"./check"});
  EXPECT_EQ(parsed({"facts", "check"}).inputs, std::vector<std::string>{"check"});
}

TEST(Options, ValuesAreAttachedOrFollow) {
  for (auto words : std::vector<std::vector<const char *>>{{"-p", "b"}, {"-p=b"}, {"-pb"}})
    EXPECT_EQ(parsed(words).buildPath, "b");
  for (auto words : std::vector<std::vector<const char *>>{{"-j", "3"}, {"-j3"}, {"-j=3"}})
    EXPECT_EQ(parsed(words).jobs, 3u);
  for (auto words : std::vector<std::vector<const char *>>{{"--checks=-*,lock/*"}, {"--checks", "-*,lock/*"}})
    EXPECT_EQ(parsed(words).checks, std::vector<std::string>{"-*,lock/*"});
  EXPECT_EQ(parsed({"--extra-arg=-DA=1"}).extraArgs, std::vector<std::string>{"-DA=1"});
}

TEST(Options, FlagsAfterTheDashesAreTheCompilers) {
  Options options = parsed({"a.cc", "--", "-std=c++20", "--quiet"});
  EXPECT_EQ(options.fixedFlags, (std::vector<std::string>{"-std=c++20", "--quiet"}));
  EXPECT_FALSE(options.quiet);
}

TEST(Options, ALowerGateShowsMore) {
  EXPECT_EQ(parsed({"--severity=error"}).shown(), Severity::Error);
  EXPECT_EQ(parsed({"--severity=error"}).gate(), "error");
  EXPECT_EQ(parsed({"--severity=advice"}).gate(), "warning");
  EXPECT_EQ(parsed({"--severity=error", "--fail-on=advice"}).shown(), Severity::Advice);
  EXPECT_EQ(parsed({"--fail-on=never"}).shown(), Severity::Warning);
  EXPECT_EQ(parsed({"--fail-on=never"}).gate(), "never");
  EXPECT_EQ(parsed({}).gate(), "warning");
}

TEST(Options, FormatsGoToFilesOrStandardOutput) {
  Options options = parsed({"--format=text", "--format=json:a/b.json"});
  ASSERT_EQ(options.outputs.size(), 2u);
  EXPECT_EQ(options.outputs[1].file, "a/b.json");
  EXPECT_NE(refused({"--format=text", "--format=json"}), "accepted");
}

TEST(Options, WrongUseNamesTheWayOut) {
  EXPECT_EQ(refused({"--fromat=json"}), "unknown option '--fromat', did you mean '--format'?; see heddle --help");
  for (auto words : std::vector<std::vector<const char *>>{
           {"--format=sarif"}, {"--diff=HEAD"}, {"--fix"}, {"--cache-dir=x"}, {"--baseline=x"}, {"baseline"}})
    EXPECT_NE(refused(words).find("not there yet: "), std::string::npos) << words[0];
  for (auto words : std::vector<std::vector<const char *>>{{"-j0"},
                                                           {"-jx"},
                                                           {"-p"},
                                                           {"--quiet=1"},
                                                           {"--timeout=-1"},
                                                           {"--severity=bad"},
                                                           {"--color=pink"},
                                                           {"facts", "-j3"},
                                                           {"--quiet", "--verbose"}})
    EXPECT_NE(refused(words), "accepted") << words[0];
}

TEST(Options, OnlyWhatIsNearIsSuggested) {
  EXPECT_EQ(suggestion("data-rase", {"data-race", "torn-update"}), ", did you mean 'data-race'?");
  EXPECT_EQ(suggestion("elephant", {"data-race", "torn-update"}), "");
}

} // namespace
} // namespace heddle
