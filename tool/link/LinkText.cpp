// link.txt and DependInfo.cmake, which CMake's makefile generators write for each target.
#include "link/LinkGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace heddle {
namespace {

class LinkTextReader {
public:
  explicit LinkTextReader(StringRef buildFolder) : build_(buildFolder) {}
  LinkGraph read();

private:
  void objectsOf(StringRef targetFolder);
  void linkOf(StringRef targetFolder);
  std::vector<std::string> words(StringRef command, StringRef folder, bool top = true) const;
  void addWords(LinkGraph::Output &output, const std::vector<std::string> &words, StringRef folder);

  std::string build_;
  std::map<std::string, std::string> sources_; // by object
  LinkGraph graph_;
};

} // namespace

LinkGraph LinkTextReader::read() {
  std::unique_ptr<MemoryBuffer> list = readBounded(absolutePath(build_, "CMakeFiles/TargetDirectories.txt"));
  if (!list)
    return {};
  std::vector<std::string> folders;
  for (StringRef rest = list->getBuffer(); !rest.empty();) {
    auto [line, after] = rest.split('\n');
    rest = after;
    std::string folder = absolutePath(build_, line.trim());
    if (isInside(build_, folder))
      folders.push_back(std::move(folder));
  }
  for (const std::string &folder : folders)
    objectsOf(folder);
  for (const std::string &folder : folders)
    linkOf(folder);
  // A part is a path only while every output isn't known.
  for (auto &[path, output] : graph_.outputs)
    erase_if(output.parts, [&](const std::string &part) {
      bool known = graph_.outputs.count(part);
      output.opaque |= !known && isInside(build_, part);
      return !known;
    });
  return std::move(graph_);
}

/// DependInfo.cmake lists `"source" "object"`, with more words behind in newer versions; objects are relative to the build
/// folder.
void LinkTextReader::objectsOf(StringRef targetFolder) {
  std::unique_ptr<MemoryBuffer> text = readBounded(absolutePath(targetFolder, "DependInfo.cmake"));
  if (!text)
    return;
  std::string previous;
  for (StringRef rest = text->getBuffer(); !rest.empty();) {
    auto [before, after] = rest.split('"');
    auto [quoted, tail] = after.split('"');
    rest = tail;
    if (isObjectName(quoted) && !previous.empty())
      sources_[absolutePath(build_, quoted)] = absolutePath(build_, previous);
    previous = quoted.str();
  }
}

std::vector<std::string> LinkTextReader::words(StringRef command, StringRef folder, bool top) const {
  BumpPtrAllocator allocator;
  StringSaver saver(allocator);
  SmallVector<const char *, 64> tokens;
  cl::TokenizeGNUCommandLine(command, saver, tokens);
  std::vector<std::string> out;
  for (StringRef token : tokens) {
    if (top && token.consume_front("@")) { // a response file, where the command line would be too long
      std::string path = absolutePath(folder, token);
      std::unique_ptr<MemoryBuffer> file = isInside(build_, path) ? readBounded(path) : nullptr;
      if (file)
        for (std::string &word : words(file->getBuffer(), folder, /*top=*/false))
          out.push_back(std::move(word));
    } else {
      out.push_back(token.str());
    }
  }
  return out;
}

/// <folder>/CMakeFiles/<target>.dir/link.txt has the commands that make the target, run in <folder>: a link, or `ar qc lib
/// objects` (several, when there are many objects) and `ranlib lib`.
void LinkTextReader::linkOf(StringRef targetFolder) {
  std::unique_ptr<MemoryBuffer> text = readBounded(absolutePath(targetFolder, "link.txt"));
  if (!text)
    return;
  std::string folder = sys::path::parent_path(sys::path::parent_path(targetFolder)).str();
  std::string path;
  LinkGraph::Output output;
  output.name = sys::path::stem(targetFolder).str();
  for (StringRef rest = text->getBuffer(); !rest.empty();) {
    auto [line, after] = rest.split('\n');
    rest = after;
    std::vector<std::string> command = words(line, folder);
    bool archives = command.size() > 3 && isLibraryName(command[2]);
    for (size_t i = 1; i + 1 < command.size() && path.empty(); ++i)
      if (command[i] == "-o" || (archives && i == 1))
        path = absolutePath(folder, command[i + 1]);
    addWords(output, command, folder);
  }
  output.executable = !isLibraryName(path);
  erase(output.parts, path);
  if (!path.empty())
    graph_.outputs[path] = std::move(output);
}

void LinkTextReader::addWords(LinkGraph::Output &output, const std::vector<std::string> &words, StringRef folder) {
  for (size_t i = 1; i < words.size(); ++i) {
    StringRef word = words[i];
    if (word == "-o") {
      ++i;
      continue;
    }
    if (word.starts_with("-"))
      continue;
    std::string path = absolutePath(folder, word);
    if (isLibraryName(word)) {
      output.parts.push_back(path);
    } else if (isObjectName(word)) {
      auto source = sources_.find(path);
      if (source != sources_.end() && isSourceName(source->second))
        output.sources.push_back({source->second, path});
      else if (source == sources_.end() || !isAssemblerName(source->second))
        output.opaque = true;
    }
  }
}

LinkGraph readLinkTexts(StringRef buildFolder) { return LinkTextReader(buildFolder).read(); }

} // namespace heddle
