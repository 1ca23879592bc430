#include "driver/Options.h"

#include "driver/OptionTable.h"
#include "report/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace heddle {
namespace {

using llvm::StringRef;

const CommandRow &rowOf(Command command) {
  return *llvm::find_if(commandTable(), [&](const CommandRow &row) { return row.command == command; });
}

class Parser {
public:
  explicit Parser(llvm::ArrayRef<const char *> words) : words_(words) {}

  llvm::Expected<Options> parse() {
    if (llvm::Error error = takeCommand())
      return std::move(error);
    while (next_ < words_.size()) {
      StringRef word = words_[next_++];
      if (word == "--") {
        options_.fixedFlags.emplace(words_.begin() + static_cast<std::ptrdiff_t>(next_), words_.end());
        break;
      }
      if (!word.starts_with("-") || word == "-")
        options_.inputs.push_back(word.str());
      else if (llvm::Error error = takeOption(word))
        return std::move(error);
    }
    return std::move(options_);
  }

private:
  /// The first word that isn't an option is the command if it names one; a path of that name is written ./check.
  llvm::Error takeCommand() {
    if (words_.empty())
      return llvm::Error::success();
    for (const CommandRow &row : commandTable())
      if (words_[0] == row.name) {
        options_.command = row.command;
        next_ = 1;
      }
    if (StringRef(words_[0]) == "baseline")
      return llvm::createStringError(
          "heddle baseline is not there yet: silence single findings with // NOLINT(heddle-CHECK), or compare "
          "the fingerprints of two --format=json reports");
    return llvm::Error::success();
  }

  /// "--name=value", "--name value", "-p value", "-pvalue", "-j8".
  llvm::Error takeOption(StringRef word) {
    auto [name, attached] = word.split('=');
    std::optional<StringRef> value;
    if (word.contains('='))
      value = attached;
    const OptionRow *row = find(name);
    if (!row && !word.starts_with("--") && word.size() > 2 && (row = find(word.take_front(2))) && !row->value.empty())
      value = word.drop_front(2);
    else if (!row || (!word.starts_with("--") && name.size() != 2))
      return unknown(name);
    if (!(row->commands & bit(options_.command)))
      return llvm::createStringError("heddle " + rowOf(options_.command).name + " has no option " + row->name +
                                     "; see heddle help " + rowOf(options_.command).name);
    if (row->value.empty() && value)
      return llvm::createStringError(row->name + " takes no value");
    if (!row->value.empty() && !value) {
      if (next_ == words_.size())
        return llvm::createStringError(row->name + " needs a value: " + row->name + (row->name.starts_with("--") ? "=" : " ") +
                                       row->value);
      value = words_[next_++];
    }
    return row->apply(options_, value.value_or(""));
  }

  static const OptionRow *find(StringRef name) {
    auto rows = optionTable();
    auto it = llvm::find_if(rows, [&](const OptionRow &row) { return row.name == name; });
    return it == rows.end() ? nullptr : &*it;
  }

  static llvm::Error unknown(StringRef name) {
    std::vector<StringRef> names;
    for (const OptionRow &row : optionTable())
      names.push_back(row.name);
    return llvm::createStringError("unknown option '" + name + "'" + suggestion(name, names) + "; see heddle --help");
  }

  llvm::ArrayRef<const char *> words_;
  size_t next_ = 0;
  Options options_;
};

llvm::Error validate(const Options &options) {
  size_t toStandardOutput = llvm::count_if(options.outputs, [](const Output &output) { return output.file.empty(); });
  if (toStandardOutput > 1)
    return llvm::createStringError("two formats for standard output: give all but one a file, as in --format=json:report.json");
  if (options.quiet && options.verbose)
    return llvm::createStringError("--quiet and --verbose exclude each other");
  if (options.configFile && options.noConfig)
    return llvm::createStringError("--config and --no-config exclude each other");
  if (options.fixedFlags && !options.buildPath.empty())
    return llvm::createStringError("-p and flags after -- exclude each other: the flags stand for a compile database");
  return llvm::Error::success();
}

} // namespace

Severity Options::shown() const {
  Severity shown = severity.value_or(Severity::Warning);
  return failOn ? std::min(shown, *failOn) : shown;
}

std::string Options::gate() const { return neverFail ? "never" : name(gateSeverity()).str(); }

llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> words) {
  llvm::Expected<Options> options = Parser(words).parse();
  if (options && !options->help && !options->version)
    if (llvm::Error error = validate(*options))
      return std::move(error);
  return options;
}

void printHelp(Command command, llvm::raw_ostream &out) {
  const CommandRow &shown = rowOf(command);
  out << "usage: heddle " << shown.usage << "\n\n" << shown.help << "\n";
  bool overview = command == Command::Check || command == Command::Help;
  if (overview) {
    out << "\ncommands (heddle help COMMAND tells more):\n";
    for (const CommandRow &row : commandTable())
      out << llvm::formatv("  {0,-10} {1}\n", row.name, row.help);
  }
  out << "\noptions" << (overview ? " of check" : "") << ":\n";
  Command listed = overview ? Command::Check : command;
  for (const OptionRow &row : optionTable())
    if (!row.hidden && (row.commands & bit(listed))) {
      StringRef join = row.value.empty() ? "" : row.name.starts_with("--") ? "=" : " ";
      out << llvm::formatv("  {0,-30} {1}\n", (row.name + join + row.value).str(), row.help);
    }
  if (overview)
    out << "\nexit codes: 0 nothing found, 1 findings at or above --fail-on, 2 wrong use, 3 some unit wasn't analysed, 4 "
           "internal error\n";
}

std::string suggestion(StringRef text, llvm::ArrayRef<StringRef> names) {
  unsigned best = static_cast<unsigned>(text.size()) / 3 + 2;
  StringRef nearest;
  for (StringRef name : names) {
    unsigned distance = text.edit_distance(name, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest.empty() ? std::string() : ", did you mean '" + nearest.str() + "'?";
}

} // namespace heddle
