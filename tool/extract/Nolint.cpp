#include "extract/Nolint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <optional>

namespace heddle::extract {

using facts::NolintKind;

std::vector<NolintComment> parseNolint(llvm::StringRef comment) {
  std::vector<NolintComment> found;
  for (size_t at = comment.find("NOLINT"); at != llvm::StringRef::npos; at = comment.find("NOLINT", at + 1)) {
    if (at > 0 && (llvm::isAlnum(comment[at - 1]) || comment[at - 1] == '_'))
      continue;
    llvm::StringRef rest = comment.substr(at);
    llvm::StringRef keyword = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    std::optional<NolintKind> kind = llvm::StringSwitch<std::optional<NolintKind>>(keyword)
                                         .Case("NOLINT", NolintKind::Line)
                                         .Case("NOLINTNEXTLINE", NolintKind::NextLine)
                                         .Case("NOLINTBEGIN", NolintKind::Begin)
                                         .Case("NOLINTEND", NolintKind::End)
                                         .Default(std::nullopt);
    if (!kind)
      continue;
    NolintComment nolint{at, keyword.size(), *kind, "*"};
    rest = rest.substr(keyword.size());
    if (size_t close = rest.find(')'); rest.starts_with("(") && close != llvm::StringRef::npos) {
      nolint.checks = rest.slice(1, close).str();
      llvm::erase_if(nolint.checks, llvm::isSpace);
    }
    found.push_back(std::move(nolint));
  }
  return found;
}

bool NolintCollector::HandleComment(clang::Preprocessor &preprocessor, clang::SourceRange comment) {
  const clang::SourceManager &sources = preprocessor.getSourceManager();
  if (!comment.getBegin().isFileID() || !PathMap::isProject(sources, comment.getBegin()))
    return false;
  auto [file, begin] = sources.getDecomposedLoc(comment.getBegin());
  llvm::StringRef text = sources.getBufferData(file);
  size_t end = std::min<size_t>(sources.getFileOffset(comment.getEnd()), text.size());
  if (begin >= end || !text.slice(begin, end).contains("NOLINT"))
    return false;
  std::string name = paths_.name(sources, file);
  if (name.empty())
    return false;
  for (const NolintComment &nolint : parseNolint(text.slice(begin, end))) {
    unsigned offset = begin + nolint.offset;
    facts::LocationDraft location;
    location.file = builder_.file(name);
    location.line = location.end_line = sources.getLineNumber(file, offset);
    unsigned column = sources.getColumnNumber(file, offset);
    location.column = std::min(column, 0xffffu);
    location.end_column = std::min<unsigned>(column + nolint.length, 0xffff);
    location.offset = offset;
    location.length = nolint.length;
    builder_.nolint(builder_.location(location), nolint.kind, builder_.string(nolint.checks));
  }
  return false;
}

} // namespace heddle::extract
