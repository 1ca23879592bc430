#include "extract/FrontendErrors.h"

#include "clang/Basic/SourceManager.h"

namespace heddle::extract {

void FirstError::HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &diagnostic) {
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic); // counts
  if (level < clang::DiagnosticsEngine::Error || !text_.empty())
    return;
  llvm::SmallString<256> message;
  diagnostic.FormatDiagnostic(message);
  if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
    const clang::SourceManager &sources = diagnostic.getSourceManager();
    auto [file, offset] = sources.getDecomposedExpansionLoc(diagnostic.getLocation());
    if (std::string name = paths_.name(sources, file); !name.empty())
      text_ = name + ":" + std::to_string(sources.getLineNumber(file, offset)) + ": ";
  }
  text_ += message.str();
}

} // namespace heddle::extract
