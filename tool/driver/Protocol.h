// What supervisor and worker say to each other over two pipes: messages that are lists of byte strings.
//
//   supervisor → worker   the options, once; then one message a unit
//   worker → supervisor   one answer a unit, in turn
//
// Both ends are this program in one version, but a worker that parsed hostile sources isn't trusted: lengths are bounded.
#pragma once

#include "extract/Extract.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

using Message = std::vector<std::string>;

/// How a worker that ran out of memory leaves.
constexpr int kOutOfMemory = 77;

std::string encode(const Message &message);

/// Takes messages out of a stream of bytes that arrives in pieces.
class Decoder {
public:
  void add(llvm::StringRef bytes) { buffer_.append(bytes.begin(), bytes.end()); }
  /// The next whole message; nothing when more bytes are needed.
  std::optional<Message> next();
  bool broken() const { return broken_; }

private:
  std::string buffer_;
  bool broken_ = false;
};

Message toMessage(const ExtractOptions &options, unsigned cpuSeconds, unsigned megabytes);
Message toMessage(const CompileCommand &command);

struct WorkerSettings {
  ExtractOptions options;
  unsigned cpuSeconds = 0, megabytes = 0;
};
std::optional<WorkerSettings> settingsOf(const Message &message);
std::optional<CompileCommand> commandOf(const Message &message);

/// What a worker found out about one unit.
struct Answer {
  bool extracted = false;
  std::string detail; // why not
  std::string facts;
};
Message toMessage(Answer answer);
std::optional<Answer> answerOf(Message message);

} // namespace heddle
