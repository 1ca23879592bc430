// The parser of one op of a model, whose grammar stands in ModelOps.cpp.
#pragma once

#include "program/ModelParser.h"

#include "llvm/ADT/StringExtras.h"

namespace heddle {

enum class Form : uint8_t { None, Optional, One, List, Pair, Assign, Callable, Stored, Typed, From };

enum Clause : uint16_t {
  Shared = 1,
  AnyMode = 2,
  Try = 4,
  Flushing = 8,
  Into = 16,
  By = 32,
  As = 64,
  Often = 128,
  After = 256,
  Singly = 512
};

struct VerbRow {
  llvm::StringRef name;
  Verb verb;
  Form form;
  unsigned clauses; // beside `if` and `when`, which all have
};

class OpParser {
public:
  OpParser(llvm::StringRef text, Op &op, OpError &error) : text_(text), op_(op), error_(error) {}

  bool parse();
  bool parseTest(Test &out);

private:
  bool fail(size_t offset, const llvm::Twine &message) {
    error_.offset = std::min(offset, text_.size());
    error_.message = message.str();
    return false;
  }
  bool expected(const llvm::Twine &what) {
    return fail(start_, "expected " + what + (token_.empty() ? ", but the op ends here" : ", not '" + token_ + "'"));
  }

  void next();
  bool take(llvm::StringRef token) {
    if (token_ != token)
      return false;
    next();
    return true;
  }
  bool require(llvm::StringRef token) { return take(token) || expected("'" + token + "'"); }
  bool isWord() const { return !token_.empty() && (llvm::isAlpha(token_[0]) || token_[0] == '_'); }

  bool operands(const VerbRow &row);
  bool list();
  bool arguments();
  bool typeAndArguments();
  bool clauses(const VerbRow &row);
  bool clause(const VerbRow &row, llvm::StringRef word, size_t at);
  bool operand(Operand &out);
  bool operand() { return operand(op_.operands.emplace_back()); }
  bool root(Operand &out);
  bool members(Operand &out);
  bool member(Operand &out);
  bool element(Operand &out);
  bool number(int64_t &out);
  bool word(std::string &out, llvm::StringRef what);
  bool note(const VerbRow &row);
  bool test(std::optional<Test> &out);
  bool textTest(Test &out);
  bool meaning(const VerbRow &row);

  llvm::StringRef text_;
  Op &op_;
  OpError &error_;
  size_t start_ = 0, end_ = 0; // of token_
  llvm::StringRef token_;
  unsigned seen_ = 0; // clause words that stood already
};

} // namespace heddle
