#include "report/SourceText.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace heddle {
namespace {

constexpr uint64_t kLargest = 16 << 20;

std::string readRegularFile(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  // A FIFO or device of that name would block or never end.
  if (llvm::sys::fs::status(path, status) || !llvm::sys::fs::is_regular_file(status) || status.getSize() > kLargest)
    return {};
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

} // namespace

const SourceText::Text &SourceText::text(llvm::StringRef file) {
  auto [it, isNew] = texts_.try_emplace(file);
  Text &text = it->second;
  if (!isNew)
    return text;
  llvm::SmallString<256> path(file);
  if (!llvm::sys::path::is_absolute(file)) {
    path = root_;
    llvm::sys::path::append(path, file);
  }
  text.content = readRegularFile(path);
  text.starts.push_back(0);
  for (size_t i = 0; i < text.content.size(); ++i)
    if (text.content[i] == '\n')
      text.starts.push_back(i + 1);
  return text;
}

std::optional<llvm::StringRef> SourceText::line(llvm::StringRef file, uint32_t line) {
  const Text &source = text(file);
  if (source.content.empty() || line == 0 || line > source.starts.size())
    return std::nullopt;
  llvm::StringRef rest = llvm::StringRef(source.content).drop_front(source.starts[line - 1]);
  return rest.take_until([](char c) { return c == '\n' || c == '\r'; });
}

} // namespace heddle
