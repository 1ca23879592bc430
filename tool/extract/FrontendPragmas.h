// `#pragma GCC system_header` in a file of the project says that its warnings are unwelcome, not that it is somebody else's code.
// CMake puts it into the header it generates for precompilation, and with it all that this includes would pass for a system's.
#pragma once

#include "extract/PathMap.h"

#include "clang/Lex/Preprocessor.h"

namespace heddle::extract {

/// From now on the pragma counts only in files outside the given folders.
void claimSystemHeaders(clang::Preprocessor &preprocessor, const PathMap &paths, llvm::StringRef buildRoot);

} // namespace heddle::extract
