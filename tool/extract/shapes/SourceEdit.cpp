#include "extract/shapes/SourceEdit.h"

#include "clang/Basic/CharInfo.h"
#include "clang/Lex/Lexer.h"

namespace heddle::extract::shapes {

using namespace clang;

std::string SourceEdit::textOf(SourceRange range) const {
  if (range.isInvalid() || range.getBegin().isMacroID() || range.getEnd().isMacroID())
    return "";
  return Lexer::getSourceText(CharSourceRange::getTokenRange(range), context_.getSourceManager(), context_.getLangOpts()).str();
}

std::string SourceEdit::textBefore(SourceLocation begin, SourceLocation end) const {
  if (begin.isInvalid() || end.isInvalid() || begin.isMacroID() || end.isMacroID())
    return "";
  return Lexer::getSourceText(CharSourceRange::getCharRange(begin, end), context_.getSourceManager(), context_.getLangOpts())
      .rtrim()
      .str();
}

std::string SourceEdit::freshName(const Stmt &body) const {
  llvm::StringRef text = Lexer::getSourceText(CharSourceRange::getTokenRange(body.getSourceRange()), context_.getSourceManager(),
                                              context_.getLangOpts());
  auto occurs = [&](llvm::StringRef name) {
    for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
      bool begins = at == 0 || !isAsciiIdentifierContinue(text[at - 1]);
      if (begins && !isAsciiIdentifierContinue(text[std::min(at + name.size(), text.size() - 1)]))
        return true;
    }
    return false;
  };
  std::string name = "guard";
  for (unsigned number = 2; occurs(name); ++number)
    name = "guard" + std::to_string(number);
  return name;
}

} // namespace heddle::extract::shapes
