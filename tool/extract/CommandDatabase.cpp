// Reading compile_commands.json: written by CMake, bear, meson, ninja, make wrappers and by hand, so every form the format's
// page allows is read, and what isn't of that form is said with its place.
#include "extract/Extract.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

namespace heddle {

namespace path = llvm::sys::path;
namespace json = llvm::json;

namespace {

constexpr unsigned kResponseDepth = 8;
constexpr uint64_t kResponseBytes = 16u << 20;

template <class... Args> llvm::Error failure(const char *format, Args &&...args) {
  return llvm::createStringError(std::errc::invalid_argument, format, std::forward<Args>(args)...);
}

std::string absolute(llvm::StringRef directory, llvm::StringRef file) {
  llvm::SmallString<256> result(file);
  if (!path::is_absolute(result)) {
    result = directory;
    path::append(result, file);
  }
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result);
}

std::vector<std::string> tokenize(llvm::StringRef text) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *, 64> tokens;
  llvm::cl::TokenizeGNUCommandLine(text, saver, tokens);
  return {tokens.begin(), tokens.end()};
}

/// Replaces `@file` by the file's words, as gcc does: relative to the working directory, left alone when there is no such file.
class ResponseFiles {
public:
  explicit ResponseFiles(llvm::StringRef directory) : directory_(directory) {}

  void expand(const std::vector<std::string> &arguments, std::vector<std::string> &out, unsigned depth = 0) {
    for (const std::string &argument : arguments) {
      std::optional<std::string> text = argument.size() > 1 && argument[0] == '@' ? read(argument.substr(1)) : std::nullopt;
      if (!text || depth == kResponseDepth)
        out.push_back(argument);
      else
        expand(tokenize(*text), out, depth + 1);
    }
  }

private:
  std::optional<std::string> read(llvm::StringRef name) {
    std::string whole = absolute(directory_, name);
    llvm::sys::fs::file_status status;
    if (llvm::sys::fs::status(whole, status) || status.type() != llvm::sys::fs::file_type::regular_file ||
        status.getSize() > kResponseBytes - bytes_)
      return std::nullopt;
    bytes_ += status.getSize();
    llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(whole);
    return buffer ? std::optional((*buffer)->getBuffer().str()) : std::nullopt;
  }

  std::string directory_;
  uint64_t bytes_ = 0;
};

llvm::Expected<std::vector<std::string>> argumentsOf(const json::Object &entry, size_t index) {
  std::vector<std::string> result;
  if (const json::Array *list = entry.getArray("arguments")) {
    for (const json::Value &value : *list) {
      std::optional<llvm::StringRef> text = value.getAsString();
      if (!text)
        return failure("entry %zu: \"arguments\" must hold strings only", index);
      result.push_back(text->str());
    }
  } else if (std::optional<llvm::StringRef> command = entry.getString("command")) {
    result = tokenize(*command);
  } else {
    return failure("entry %zu: neither \"arguments\" nor \"command\"", index);
  }
  if (result.empty())
    return failure("entry %zu: the command is empty", index);
  return result;
}

llvm::Expected<CompileCommand> readEntry(const json::Value &value, size_t index, llvm::StringRef folder) {
  const json::Object *entry = value.getAsObject();
  if (!entry)
    return failure("entry %zu is not an object", index);
  std::optional<llvm::StringRef> file = entry->getString("file"), directory = entry->getString("directory");
  if (!file || file->empty())
    return failure("entry %zu: \"file\" is missing", index);
  if (!directory)
    return failure("entry %zu: \"directory\" is missing", index);
  llvm::Expected<std::vector<std::string>> arguments = argumentsOf(*entry, index);
  if (!arguments)
    return arguments.takeError();
  CompileCommand command;
  command.directory = absolute(folder, *directory);
  command.file = file->str();
  command.output = entry->getString("output").value_or("").str();
  ResponseFiles(command.directory).expand(*arguments, command.arguments);
  return command;
}

llvm::Expected<std::vector<CompileCommand>> parse(llvm::StringRef text, llvm::StringRef folder) {
  llvm::Expected<json::Value> root = json::parse(text);
  if (!root)
    return failure("not valid JSON: %s", llvm::toString(root.takeError()).c_str());
  const json::Array *entries = root->getAsArray();
  if (!entries)
    return failure("not a compile database: the file must hold an array");
  if (entries->empty())
    return failure("the compile database is empty: no file is compiled; build the project's targets first, or record them "
                   "with bear");
  std::vector<CompileCommand> commands;
  for (const json::Value &value : *entries) {
    llvm::Expected<CompileCommand> command = readEntry(value, commands.size() + 1, folder);
    if (!command)
      return command.takeError();
    commands.push_back(std::move(*command));
  }
  return commands;
}

} // namespace

std::string sourcePath(const CompileCommand &command) { return absolute(command.directory, command.file); }

llvm::Expected<std::vector<CompileCommand>> loadDatabase(llvm::StringRef given) {
  llvm::SmallString<256> file(given);
  llvm::sys::fs::make_absolute(file);
  path::remove_dots(file, /*remove_dot_dot=*/true);
  if (!llvm::sys::fs::exists(file))
    return failure("%s: no such file or folder", given.str().c_str());
  if (llvm::sys::fs::is_directory(file)) {
    path::append(file, "compile_commands.json");
    if (!llvm::sys::fs::exists(file))
      return failure("%s: no compile_commands.json in this folder; configure with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or run the "
                     "build under 'bear --'",
                     given.str().c_str());
  }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return failure("%s: %s", file.c_str(), buffer.getError().message().c_str());
  llvm::StringRef text = (*buffer)->getBuffer();
  text.consume_front("\xef\xbb\xbf");
  if (text.trim().empty())
    return failure("%s: the file is empty", file.c_str());
  llvm::Expected<std::vector<CompileCommand>> commands = parse(text, path::parent_path(file));
  if (!commands)
    return failure("%s: %s", file.c_str(), llvm::toString(commands.takeError()).c_str());
  return commands;
}

std::string formatDepfile(llvm::StringRef target, const std::vector<std::string> &dependencies) {
  auto quoted = [](llvm::StringRef name) {
    std::string out;
    for (char c : name) {
      if (c == ' ' || c == '#' || c == '\\')
        out += '\\';
      if (c == '$')
        out += '$';
      out += c;
    }
    return out;
  };
  std::string out = quoted(target) + ":";
  for (const std::string &file : dependencies)
    out += " \\\n  " + quoted(file);
  return out + "\n";
}

} // namespace heddle
