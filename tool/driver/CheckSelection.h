// Which checks run: lists of globs as in clang-tidy, applied in order to "all". A glob is matched against the id, with or without
// the heddle- prefix, or, when it has a slash, against family/id; a leading minus switches off.
#pragma once

#include "checks/Check.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace heddle {

/// A list of globs and who gave it: "--checks", or a configuration file.
struct GlobList {
  std::string globs, origin;
};

/// Enabled checks, sorted by id. A glob that names nothing is an error with a suggestion, and so is enabling nothing.
llvm::Expected<std::vector<const Check *>> selectChecks(llvm::ArrayRef<GlobList> lists);

/// Ids of the checks that the last of `lists` switches off.
std::vector<std::string> switchedOff(llvm::ArrayRef<GlobList> lists);

/// The check called `name`, with or without the prefix or family.
llvm::Expected<const Check *> findCheck(llvm::StringRef name);

} // namespace heddle
