#include "extract/FrontendPragmas.h"

#include "clang/Lex/Pragma.h"
#include "llvm/Support/Path.h"

namespace heddle::extract {

namespace {

class SystemHeaderPragma : public clang::PragmaHandler {
public:
  SystemHeaderPragma(const PathMap &paths, llvm::StringRef buildRoot)
      : PragmaHandler("system_header"), paths_(paths), buildRoot_(buildRoot) {}

  void HandlePragma(clang::Preprocessor &preprocessor, clang::PragmaIntroducer, clang::Token &token) override {
    const clang::SourceManager &sources = preprocessor.getSourceManager();
    clang::SourceLocation location = sources.getExpansionLoc(token.getLocation());
    if (!sources.isInSystemHeader(location) && isOurs(paths_.name(sources, sources.getFileID(location))))
      return;
    preprocessor.HandlePragmaSystemHeader(token);
  }

private:
  bool isOurs(llvm::StringRef name) const {
    if (name.empty() || !llvm::sys::path::is_absolute(name))
      return true;
    return !buildRoot_.empty() && name.consume_front(buildRoot_) && name.starts_with("/");
  }

  const PathMap &paths_;
  std::string buildRoot_;
};

} // namespace

void claimSystemHeaders(clang::Preprocessor &preprocessor, const PathMap &paths, llvm::StringRef buildRoot) {
  for (const char *space : {"GCC", "clang"}) {
    // Clang's own handler goes by the name of the one given, and is leaked by that; it is a few bytes a unit.
    auto handler = std::make_unique<SystemHeaderPragma>(paths, buildRoot);
    preprocessor.RemovePragmaHandler(space, handler.get());
    preprocessor.AddPragmaHandler(space, handler.release());
  }
}

} // namespace heddle::extract
