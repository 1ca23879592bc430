#include "driver/Database.h"

#include "driver/Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <set>

namespace heddle {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using llvm::SmallString;
using llvm::StringRef;

constexpr llvm::StringLiteral kFileName = "compile_commands.json";
constexpr llvm::StringLiteral kHowToMakeOne =
    "make one with 'cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON', or 'bear -- make' for other build systems";

std::string join(StringRef folder, StringRef name) {
  SmallString<256> result(folder);
  path::append(result, name);
  return std::string(result);
}

std::string absolute(StringRef name) {
  SmallString<256> result(name);
  fs::make_absolute(result);
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result);
}

std::string withoutLinks(StringRef name) {
  SmallString<256> result;
  if (fs::real_path(name, result))
    return absolute(name);
  return std::string(result);
}

llvm::Expected<std::string> findDatabase() {
  SmallString<256> working;
  if (std::error_code code = fs::current_path(working))
    return llvm::createStringError("can't tell the working directory: " + code.message());
  for (StringRef at = working; !at.empty(); at = path::parent_path(at))
    for (const std::string &candidate : {join(at, kFileName), join(join(at, "build"), kFileName)})
      if (fs::exists(candidate))
        return candidate;
  return llvm::createStringError("no " + kFileName + " here, in ./build or above: name its folder with -p, or " + kHowToMakeOne);
}

llvm::Expected<std::string> namedDatabase(StringRef name) {
  fs::file_status status;
  if (std::error_code code = fs::status(name, status))
    return llvm::createStringError("-p " + name + ": " + code.message() + "; it is to be a build folder with " + kFileName +
                                   ", or that file");
  if (!fs::is_directory(status))
    return absolute(name);
  std::string file = join(absolute(name), kFileName);
  if (!fs::exists(file))
    return llvm::createStringError("no " + kFileName + " in " + name + ": " + kHowToMakeOne);
  return file;
}

/// Each input is compiled with the flags after `--`.
Database ofFlags(const Options &options) {
  Database database;
  SmallString<256> working;
  fs::current_path(working);
  database.folder = std::string(working);
  for (const std::string &input : options.inputs) {
    CompileCommand command{database.folder, input, {"clang"}, {}};
    llvm::append_range(command.arguments, *options.fixedFlags);
    command.arguments.push_back("-c");
    command.arguments.push_back(input);
    database.commands.push_back(std::move(command));
  }
  return database;
}

bool isInside(StringRef folder, StringRef file) {
  return file.consume_front(folder) && (file.empty() || folder.ends_with("/") || file.starts_with("/"));
}

std::string commonFolder(const std::vector<CompileCommand> &commands) {
  std::optional<std::string> common;
  for (const CompileCommand &command : commands) {
    std::string folder = path::parent_path(sourcePath(command)).str();
    if (!common)
      common = folder;
    while (!isInside(*common, folder))
      common = path::parent_path(*common).str();
  }
  return common.value_or("");
}

/// CMAKE_HOME_DIRECTORY of a build folder's cache.
std::string cmakeSource(StringRef folder) {
  auto cache = llvm::MemoryBuffer::getFile(join(folder, "CMakeCache.txt"));
  if (!cache)
    return {};
  StringRef key = "\nCMAKE_HOME_DIRECTORY:INTERNAL=";
  StringRef text = (*cache)->getBuffer();
  size_t at = text.find(key);
  return at == StringRef::npos ? std::string() : text.drop_front(at + key.size()).split('\n').first.trim().str();
}

bool isHeader(StringRef file) {
  return llvm::is_contained({".h", ".hh", ".hpp", ".hxx", ".h++", ".inc", ".inl", ".ipp", ".tpp", ".def", ""},
                            path::extension(file));
}

/// The absolute path of the object file that the command makes; empty when it doesn't say.
std::string objectOf(const CompileCommand &command) {
  std::string output = command.output;
  for (size_t i = 0; output.empty() && i < command.arguments.size(); ++i) {
    StringRef argument = command.arguments[i];
    if (argument == "-o" && i + 1 < command.arguments.size())
      output = command.arguments[i + 1];
    else if (argument.starts_with("-o") && argument.size() > 2)
      output = argument.drop_front(2).str();
  }
  if (output.empty() || path::is_absolute(output))
    return output;
  SmallString<256> result(command.directory);
  path::append(result, output);
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result);
}

class Selector {
public:
  Selector(const Database &database, const ExtractOptions &options) : database_(database), options_(options) {
    for (const CompileCommand &command : database.commands)
      sources_.push_back(sourcePath(command));
    chosen_.resize(sources_.size());
  }

  void takeAll() { std::fill(chosen_.begin(), chosen_.end(), true); }

  llvm::Error take(StringRef input) {
    fs::file_status status;
    if (std::error_code code = fs::status(input, status))
      if (!takeFile(absolute(input)))
        return llvm::createStringError("can't analyse '" + input + "': " + code.message() + nearest(input));
    if (takeFile(absolute(input)) || takeFile(withoutLinks(input)))
      return llvm::Error::success();
    if (fs::is_directory(status)) {
      if (takeFolder(absolute(input)) || takeFolder(withoutLinks(input)))
        return llvm::Error::success();
      return llvm::createStringError("no unit of " + where() + " is in the folder '" + input + "'");
    }
    if (isHeader(input)) {
      headers_.push_back(relativeTo(options_.sourceRoot, withoutLinks(input)));
      return llvm::Error::success();
    }
    return llvm::createStringError("'" + input + "' is not in " + where() + nearest(input) +
                                   "; build it once so that the database has it, or give its flags: heddle " + input +
                                   " -- FLAGS");
  }

  llvm::Expected<UnitSelection> finish() {
    UnitSelection selection;
    selection.headers = std::move(headers_);
    if (!selection.headers.empty())
      takeAll(); // which units include a header is known only from their facts
    for (size_t i = 0; i < sources_.size(); ++i)
      if (chosen_[i])
        add(i, selection);
    if (selection.units.empty())
      return llvm::createStringError("no unit is selected: " + where() + " has " + std::to_string(sources_.size()) +
                                     " entries, " + std::to_string(selection.foreign) +
                                     " of them in other languages than C and C++");
    return selection;
  }

private:
  std::string where() const { return database_.path.empty() ? "the command line" : relativeToWorking(database_.path); }

  static std::string relativeToWorking(StringRef file) {
    SmallString<256> working;
    fs::current_path(working);
    return relativeTo(working, file);
  }

  bool takeFile(StringRef file) {
    return choose([&](StringRef source) { return source == file; });
  }
  bool takeFolder(StringRef folder) {
    return choose([&](StringRef source) { return isInside(folder, source); });
  }

  template <class Wanted> bool choose(Wanted wanted) {
    bool any = false;
    for (size_t i = 0; i < sources_.size(); ++i)
      if (wanted(sources_[i]))
        any = chosen_[i] = true;
    return any;
  }

  std::string nearest(StringRef input) const {
    std::vector<std::string> shown;
    for (const std::string &source : sources_)
      shown.push_back(relativeToWorking(source));
    // The right name in the wrong folder, or with the wrong ending, is likelier than a slip of the finger.
    for (auto part : {path::filename, path::stem})
      for (const std::string &name : shown)
        if (part(name, path::Style::native) == part(input, path::Style::native))
          return ", did you mean '" + name + "'?";
    return suggestion(input, std::vector<StringRef>(shown.begin(), shown.end()));
  }

  void add(size_t index, UnitSelection &selection) {
    const CompileCommand &command = database_.commands[index];
    if (!foreignLanguage(command).empty()) {
      ++selection.foreign;
      return;
    }
    llvm::Expected<std::string> digest = effectiveDigest(command, options_);
    if (!digest) {
      llvm::consumeError(digest.takeError());
      selection.units.push_back(command); // extracting it will tell what is wrong
      return;
    }
    std::string object = objectOf(command);
    if (!object.empty())
      selection.objects.push_back({relativeTo(options_.sourceRoot, sources_[index]), *digest, object});
    if (digests_.insert({sources_[index], *digest}).second)
      selection.units.push_back(command);
    else
      ++selection.duplicates;
  }

  const Database &database_;
  const ExtractOptions &options_;
  std::vector<std::string> sources_;
  std::vector<bool> chosen_;
  std::vector<std::string> headers_;
  std::set<std::pair<std::string, std::string>> digests_;
};

} // namespace

llvm::Expected<Database> openDatabase(const Options &options) {
  if (options.fixedFlags) {
    if (options.inputs.empty())
      return llvm::createStringError("flags after -- need a file to compile: heddle FILE -- FLAGS");
    return ofFlags(options);
  }
  llvm::Expected<std::string> file = options.buildPath.empty() ? findDatabase() : namedDatabase(options.buildPath);
  if (!file)
    return file.takeError();
  auto commands = loadDatabase(*file);
  if (!commands)
    return commands.takeError();
  if (commands->empty())
    return llvm::createStringError(*file + " is empty: configure or build the project first, or " + kHowToMakeOne);
  return Database{*file, path::parent_path(*file).str(), std::move(*commands)};
}

std::string repositoryOf(StringRef folder) {
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at))
    for (StringRef mark : {".git", ".hg", ".svn", ".jj"})
      if (fs::exists(join(at, mark)))
        return at.str();
  return {};
}

llvm::Expected<std::string> findSourceRoot(const Options &options, const Database &database) {
  if (!options.sourceRoot.empty()) {
    if (!fs::is_directory(options.sourceRoot))
      return llvm::createStringError("--source-root=" + options.sourceRoot + " is no folder");
    return withoutLinks(options.sourceRoot);
  }
  // Without a database the folder is where heddle was called, which says nothing of the files.
  std::string cmake = database.path.empty() ? "" : cmakeSource(database.folder);
  std::string start = withoutLinks(cmake.empty() ? commonFolder(database.commands) : cmake);
  std::string repository = repositoryOf(start);
  if (!repository.empty())
    return repository;
  // A project's sources are often in src, its headers and build folder beside it.
  StringRef parent = path::parent_path(start);
  if (cmake.empty() && isInside(parent, withoutLinks(database.folder)) && parent != path::root_path(parent) &&
      path::filename(start) == "src")
    return parent.str();
  return start.empty() ? database.folder : start;
}

llvm::Expected<UnitSelection> selectUnits(const Database &database, const std::vector<std::string> &inputs,
                                          const ExtractOptions &options) {
  Selector selector(database, options);
  if (inputs.empty() || database.path.empty())
    selector.takeAll();
  else
    for (const std::string &input : inputs)
      if (llvm::Error error = selector.take(input))
        return std::move(error);
  return selector.finish();
}

std::string relativeTo(StringRef root, StringRef file) {
  if (!root.empty() && isInside(root, file))
    return file.drop_front(root.size()).ltrim('/').str();
  return file.str();
}

} // namespace heddle
