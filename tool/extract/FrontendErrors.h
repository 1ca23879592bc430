// Keeps the first error of a unit; prints nothing.
#pragma once

#include "extract/PathMap.h"

#include "clang/Basic/Diagnostic.h"

namespace heddle::extract {

class FirstError : public clang::DiagnosticConsumer {
public:
  explicit FirstError(const PathMap &paths) : paths_(paths) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &diagnostic) override;

  /// "file:line: message", "message" for an error without a place, empty for none.
  const std::string &text() const { return text_; }

private:
  const PathMap &paths_;
  std::string text_;
};

} // namespace heddle::extract
