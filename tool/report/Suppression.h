// NOLINT comments, with clang-tidy's rules: the list is of globs and a comment without one is for every check, and a comment
// counts when it stands at the finding's main place or at any step that the finding calls its own.
#pragma once

#include "finding/Finding.h"

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace heddle {

struct NolintComment {
  enum Kind : uint8_t { Line, NextLine, Begin, End } kind = Line;
  SourceRange place;
  std::string checks = "*"; // globs, what stands in parentheses
  bool used = false;
};

class Suppressions {
public:
  explicit Suppressions(std::vector<NolintComment> comments);

  /// Sets `suppressed` where a comment says so.
  void apply(std::vector<Finding> &findings);

  /// Comments that name a check of heddle's and suppressed nothing; the END of a used pair is not among them.
  std::vector<const NolintComment *> unused() const;

private:
  bool suppressed(const SourceRange &place, llvm::StringRef check);
  bool suppressedByRange(size_t first, size_t last, uint32_t line, llvm::StringRef check);

  std::vector<NolintComment> comments_; // by file and line
};

/// Whether a NOLINT list ("heddle-lock-*, -heddle-data-race") names the check `id`.
bool namesCheck(llvm::StringRef list, llvm::StringRef id);

} // namespace heddle
