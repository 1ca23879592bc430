// Lines of the analysed sources, for snippets. A file that can't be read, is too big or has changed beyond the line has no text.
#pragma once

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

class SourceText {
public:
  /// `root`: what relative paths are relative to.
  explicit SourceText(std::string root) : root_(std::move(root)) {}

  std::optional<llvm::StringRef> line(llvm::StringRef file, uint32_t line);

private:
  struct Text {
    std::string content;
    std::vector<size_t> starts;
  };
  const Text &text(llvm::StringRef file);

  std::string root_;
  llvm::StringMap<Text> texts_;
};

} // namespace heddle
