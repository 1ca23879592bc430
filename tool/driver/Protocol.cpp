#include "driver/Protocol.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

namespace heddle {
namespace {

constexpr uint64_t kLongest = uint64_t(1) << 32;

void appendNumber(std::string &bytes, uint64_t number) {
  char encoded[8];
  llvm::support::endian::write64le(encoded, number);
  bytes.append(encoded, sizeof encoded);
}

} // namespace

std::string encode(const Message &message) {
  uint64_t length = 0;
  for (const std::string &part : message)
    length += 8 + part.size();
  std::string bytes;
  bytes.reserve(8 + length);
  appendNumber(bytes, length);
  for (const std::string &part : message) {
    appendNumber(bytes, part.size());
    bytes += part;
  }
  return bytes;
}

std::optional<Message> Decoder::next() {
  using llvm::support::endian::read64le;
  if (broken_ || buffer_.size() < 8)
    return std::nullopt;
  uint64_t length = read64le(buffer_.data());
  if (length > kLongest) {
    broken_ = true;
    return std::nullopt;
  }
  if (buffer_.size() - 8 < length)
    return std::nullopt;
  Message message;
  size_t at = 8, end = 8 + length;
  while (at < end) {
    uint64_t size = end - at < 8 ? kLongest : read64le(buffer_.data() + at);
    if (size > end - at - 8) {
      broken_ = true;
      return std::nullopt;
    }
    message.emplace_back(buffer_, at + 8, size);
    at += 8 + size;
  }
  buffer_.erase(0, end);
  return message;
}

Message toMessage(const ExtractOptions &options, unsigned cpuSeconds, unsigned megabytes) {
  Message message = {options.sourceRoot,         options.buildRoot,         options.skipBodies ? "1" : "0",
                     std::to_string(cpuSeconds), std::to_string(megabytes), std::to_string(options.extraArgsBefore.size())};
  message.insert(message.end(), options.extraArgsBefore.begin(), options.extraArgsBefore.end());
  message.insert(message.end(), options.extraArgs.begin(), options.extraArgs.end());
  return message;
}

std::optional<WorkerSettings> settingsOf(const Message &message) {
  constexpr size_t kFixed = 6;
  WorkerSettings settings;
  size_t before = 0;
  if (message.size() < kFixed || !llvm::to_integer(message[3], settings.cpuSeconds) ||
      !llvm::to_integer(message[4], settings.megabytes) || !llvm::to_integer(message[5], before) ||
      before > message.size() - kFixed)
    return std::nullopt;
  settings.options.sourceRoot = message[0];
  settings.options.buildRoot = message[1];
  settings.options.skipBodies = message[2] == "1";
  auto args = message.begin() + kFixed;
  auto middle = args + static_cast<std::ptrdiff_t>(before);
  settings.options.extraArgsBefore.assign(args, middle);
  settings.options.extraArgs.assign(middle, message.end());
  return settings;
}

Message toMessage(const CompileCommand &command) {
  Message message = {command.directory, command.file, command.output};
  message.insert(message.end(), command.arguments.begin(), command.arguments.end());
  return message;
}

std::optional<CompileCommand> commandOf(const Message &message) {
  if (message.size() < 3)
    return std::nullopt;
  return CompileCommand{message[0], message[1], {message.begin() + 3, message.end()}, message[2]};
}

Message toMessage(Answer answer) {
  return {answer.extracted ? "facts" : "none", std::move(answer.detail), std::move(answer.facts)};
}

std::optional<Answer> answerOf(Message message) {
  if (message.size() != 3 || (message[0] != "facts" && message[0] != "none"))
    return std::nullopt;
  return Answer{message[0] == "facts", std::move(message[1]), std::move(message[2])};
}

} // namespace heddle
