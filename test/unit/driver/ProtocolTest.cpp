#include "driver/Protocol.h"

#include "llvm/ADT/StringRef.h"

#include <gtest/gtest.h>

namespace heddle {
namespace {

TEST(Protocol, MessagesArriveInAnyPieces) {
  Message first = {"a", "", std::string(300, 'x')}, second = {};
  std::string bytes = encode(first) + encode(second);
  for (size_t piece : {1u, 7u, 1000u}) {
    Decoder decoder;
    std::vector<Message> received;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      decoder.add(llvm::StringRef(bytes).substr(at, piece));
      while (std::optional<Message> message = decoder.next())
        received.push_back(*message);
    }
    EXPECT_EQ(received, (std::vector<Message>{first, second}));
    EXPECT_FALSE(decoder.broken());
  }
}

TEST(Protocol, LyingLengthsAreNoticed) {
  std::string tooLong = encode({"abc"});
  tooLong[7] = '\x7f'; // of the message
  std::string partTooLong = encode({"abc"});
  partTooLong[8] = '\x7f'; // of its part
  for (const std::string &bytes : {tooLong, partTooLong}) {
    Decoder decoder;
    decoder.add(bytes);
    EXPECT_FALSE(decoder.next());
    EXPECT_TRUE(decoder.broken());
  }
}

TEST(Protocol, CommandsAndSettingsSurvive) {
  CompileCommand command{"/d", "a.c", {"cc", "-c", ""}, "a.o"};
  std::optional<CompileCommand> copy = commandOf(toMessage(command));
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->directory, command.directory);
  EXPECT_EQ(copy->file, command.file);
  EXPECT_EQ(copy->arguments, command.arguments);
  EXPECT_EQ(copy->output, command.output);

  ExtractOptions options;
  options.sourceRoot = "/s";
  options.buildRoot = "/b";
  options.skipBodies = false;
  options.extraArgs = {"-DA"};
  options.extraArgsBefore = {"-DB", "-DC"};
  std::optional<WorkerSettings> settings = settingsOf(toMessage(options, 7, 9));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->options.extraArgs, options.extraArgs);
  EXPECT_EQ(settings->options.extraArgsBefore, options.extraArgsBefore);
  EXPECT_FALSE(settings->options.skipBodies);
  EXPECT_EQ(settings->cpuSeconds, 7u);
  EXPECT_EQ(settings->megabytes, 9u);
}

TEST(Protocol, StrangeMessagesAreNothing) {
  EXPECT_FALSE(settingsOf({}));
  EXPECT_FALSE(settingsOf({"", "", "1", "x", "1", "0"}));
  EXPECT_FALSE(settingsOf({"", "", "1", "1", "1", "3"}));
  EXPECT_FALSE(commandOf({"a"}));
  EXPECT_FALSE(answerOf({"facts", "", "", ""}));
  EXPECT_FALSE(answerOf({"what", "", ""}));
}

} // namespace
} // namespace heddle
