// The two grammars of models: rows in YAML, and in their `does` the op language of Model.h.
#pragma once

#include "program/Model.h"

#include "llvm/ADT/ArrayRef.h"

#include <utility>

namespace heddle {

struct ModelRows {
  std::vector<std::pair<std::string, FunctionModel>> functions; // in the order of the text
  std::vector<std::pair<std::string, ClassModel>> classes;
  std::vector<std::string> assertions; // see Models::asserts()
};

/// The rows of a YAML text. The text may be anybody's: its size and nesting are bounded. The error has every mistake that was
/// found (up to a bound), each as "name:line:column: error: …" with the line and a caret.
llvm::Expected<ModelRows> parseModels(llvm::StringRef yaml, llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> otherKeys);

struct OpError {
  size_t offset = 0; // in the op's text
  std::string message;
};

/// Parses one op. False: `error` says what is wrong and where.
bool parseOp(llvm::StringRef text, Op &op, OpError &error);

/// Parses a test alone, as it stands behind `if`.
bool parseTest(llvm::StringRef text, Test &test, OpError &error);

/// The words that `as` may have behind a verb; empty for those that take none.
llvm::ArrayRef<llvm::StringRef> noteWords(Verb verb);

/// ", did you mean 'release'?" if one of `known` is near, else "".
std::string nearest(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> known);

} // namespace heddle
