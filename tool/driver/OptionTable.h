// One row an option and one a command: what the parser accepts and what help prints.
#pragma once

#include "driver/Options.h"

namespace heddle {

/// Sets of commands, as bits.
constexpr unsigned bit(Command command) { return 1u << static_cast<unsigned>(command); }

struct OptionRow {
  llvm::StringLiteral name;  // "--checks", "-p"
  llvm::StringLiteral value; // "GLOBS"; empty for a flag
  llvm::StringLiteral help;
  unsigned commands; // which take it
  llvm::Error (*apply)(Options &options, llvm::StringRef value);
  bool hidden = false;
};

struct CommandRow {
  llvm::StringLiteral name;
  Command command;
  llvm::StringLiteral usage, help;
};

llvm::ArrayRef<OptionRow> optionTable();
llvm::ArrayRef<CommandRow> commandTable();

} // namespace heddle
