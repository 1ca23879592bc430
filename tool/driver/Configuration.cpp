#include "driver/Configuration.h"

#include "driver/Options.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

namespace heddle {
namespace {

using llvm::StringRef;

constexpr llvm::StringLiteral kFileName = ".heddle.yaml";
constexpr uint64_t kLargest = 4 << 20;

class Reader {
public:
  Reader(StringRef yaml, StringRef name, Configuration &configuration)
      : yaml_(yaml), name_(name), configuration_(configuration), stream_(yaml, sources_) {
    sources_.setDiagHandler(
        [](const llvm::SMDiagnostic &diagnostic, void *context) {
          auto *reader = static_cast<Reader *>(context);
          if (reader->problem_.empty())
            reader->problem_ = reader->at(diagnostic.getLineNo(), diagnostic.getColumnNo() + 1, diagnostic.getMessage());
        },
        this);
  }

  llvm::Error read(bool &inherit) {
    llvm::yaml::document_iterator document = stream_.begin();
    llvm::yaml::Node *root = document == stream_.end() ? nullptr : document->getRoot();
    if (auto *mapping = llvm::dyn_cast_or_null<llvm::yaml::MappingNode>(root)) {
      for (llvm::yaml::KeyValueNode &pair : *mapping)
        if (problem_.empty())
          take(pair, inherit);
      endModels(yaml_.size());
    } else if (root && !llvm::isa<llvm::yaml::NullNode>(root)) {
      complain(root, "a configuration is a mapping, such as 'checks: -*,lock/*'");
    }
    if (!problem_.empty() || stream_.failed())
      return llvm::createStringError(problem_.empty() ? name_ + ": no YAML" : problem_);
    return llvm::Error::success();
  }

private:
  std::string at(int line, int column, StringRef text) {
    return (name_ + ":" + llvm::Twine(line) + ":" + llvm::Twine(column) + ": " + text).str();
  }

  void complain(llvm::yaml::Node *node, const std::string &text) {
    auto [line, column] = sources_.getLineAndColumn(node->getSourceRange().Start);
    if (problem_.empty())
      problem_ = at(static_cast<int>(line), static_cast<int>(column), text);
  }

  void take(llvm::yaml::KeyValueNode &pair, bool &inherit) {
    std::optional<std::string> key = scalar(pair.getKey(), "a key");
    if (!key)
      return;
    endModels(static_cast<size_t>(pair.getKey()->getSourceRange().Start.getPointer() - yaml_.data()));
    if (*key == "inherit")
      takeFlag(pair.getValue(), inherit);
    else if (*key == "checks")
      configuration_.checks.push_back({llvm::join(strings(pair.getValue()), ","), name_});
    else if (*key == "exclude")
      llvm::append_range(configuration_.excludes, strings(pair.getValue()));
    else if (*key == "header-filter")
      configuration_.headerFilter = scalar(pair.getValue(), "header-filter");
    else if (*key == "models")
      takeModels(pair);
    else
      complain(pair.getKey(), "unknown key '" + *key + "'" +
                                  suggestion(*key, {"inherit", "checks", "exclude", "header-filter", "models"}) +
                                  "; there are inherit, checks, exclude, header-filter and models");
  }

  std::optional<std::string> scalar(llvm::yaml::Node *node, const std::string &what) {
    if (auto *value = llvm::dyn_cast_or_null<llvm::yaml::ScalarNode>(node)) {
      llvm::SmallString<64> storage;
      return value->getValue(storage).str();
    }
    if (node)
      complain(node, what + " must be a text");
    return std::nullopt;
  }

  std::vector<std::string> strings(llvm::yaml::Node *node) {
    std::vector<std::string> values;
    if (auto *sequence = llvm::dyn_cast_or_null<llvm::yaml::SequenceNode>(node)) {
      for (llvm::yaml::Node &item : *sequence)
        if (std::optional<std::string> value = scalar(&item, "an item"))
          values.push_back(*value);
    } else if (std::optional<std::string> value = scalar(node, "this")) {
      values.push_back(*value);
    }
    return values;
  }

  void takeFlag(llvm::yaml::Node *node, bool &flag) {
    std::optional<std::string> value = scalar(node, "inherit");
    if (value && *value != "true" && *value != "false")
      complain(node, "inherit is true or false");
    flag = value && *value == "true";
  }

  /// The value lasts until the next key of the file; a mapping doesn't know where it ends.
  void takeModels(llvm::yaml::KeyValueNode &pair) {
    if (!llvm::isa_and_nonnull<llvm::yaml::MappingNode>(pair.getValue()))
      return complain(pair.getKey(), "models has the keys functions, classes and assertions");
    models_ = static_cast<size_t>(pair.getKey()->getSourceRange().End.getPointer() - yaml_.data());
    models_ = yaml_.find(':', *models_) + 1;
  }

  /// The model reader gets the file with all else blanked out, so that its messages have the file's lines and columns.
  void endModels(size_t end) {
    if (!models_)
      return;
    std::string text = yaml_.str();
    for (size_t i = 0; i < text.size(); ++i)
      if ((i < *models_ || i >= end) && text[i] != '\n')
        text[i] = ' ';
    configuration_.models.push_back({std::move(text), name_});
    models_.reset();
  }

  StringRef yaml_;
  std::string name_;
  Configuration &configuration_;
  llvm::SourceMgr sources_;
  llvm::yaml::Stream stream_;
  std::string problem_;
  std::optional<size_t> models_; // where the value of the key models begins
};

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> load(StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return llvm::createStringError("can't read the configuration " + path + ": " + code.message());
  if (!llvm::sys::fs::is_regular_file(status) || status.getSize() > kLargest)
    return llvm::createStringError("can't read the configuration " + path + ": it is no file, or too large");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError("can't read the configuration " + path + ": " + buffer.getError().message());
  return std::move(*buffer);
}

/// The nearest file at `folder` or above it; empty when there is none.
std::string findUpward(StringRef folder) {
  for (StringRef at = folder; !at.empty(); at = llvm::sys::path::parent_path(at)) {
    llvm::SmallString<256> path(at);
    llvm::sys::path::append(path, kFileName);
    if (llvm::sys::fs::exists(path))
      return std::string(path);
  }
  return {};
}

/// Reads `path` after what it inherits.
llvm::Error readWithInherited(StringRef path, Configuration &configuration) {
  auto buffer = load(path);
  if (!buffer)
    return buffer.takeError();
  Configuration own;
  bool inherit = false;
  if (llvm::Error error = readConfiguration((*buffer)->getBuffer(), path, own, inherit))
    return error;
  std::string outer = inherit ? findUpward(llvm::sys::path::parent_path(llvm::sys::path::parent_path(path))) : std::string();
  if (!outer.empty())
    if (llvm::Error error = readWithInherited(outer, configuration))
      return error;
  configuration.files.push_back(path.str());
  llvm::append_range(configuration.checks, own.checks);
  llvm::append_range(configuration.excludes, own.excludes);
  llvm::append_range(configuration.models, own.models);
  if (own.headerFilter)
    configuration.headerFilter = own.headerFilter;
  return llvm::Error::success();
}

std::string quoted(StringRef text) {
  std::string result = "'";
  for (char c : text)
    result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

} // namespace

llvm::Error readConfiguration(StringRef yaml, StringRef name, Configuration &configuration, bool &inherit) {
  return Reader(yaml, name, configuration).read(inherit);
}

llvm::Expected<Configuration> configure(const Options &options, StringRef folder) {
  Configuration configuration;
  std::string path = options.configFile.value_or(options.noConfig ? "" : findUpward(folder));
  if (!path.empty()) {
    llvm::SmallString<256> absolute(path);
    llvm::sys::fs::make_absolute(absolute);
    if (llvm::Error error = readWithInherited(absolute, configuration))
      return std::move(error);
  }
  for (const std::string &globs : options.checks)
    configuration.checks.push_back({globs, "--checks"});
  llvm::append_range(configuration.excludes, options.excludes);
  if (options.headerFilter)
    configuration.headerFilter = options.headerFilter;
  return configuration;
}

void print(const Configuration &configuration, llvm::raw_ostream &out) {
  for (const std::string &file : configuration.files)
    out << "# from " << file << '\n';
  out << "checks:\n";
  for (const GlobList &list : configuration.checks)
    out << "- " << quoted(list.globs) << "  # " << list.origin << '\n';
  out << "exclude:\n";
  for (const std::string &glob : configuration.excludes)
    out << "- " << quoted(glob) << '\n';
  if (configuration.headerFilter)
    out << "header-filter: " << quoted(*configuration.headerFilter) << '\n';
  for (const ModelText &model : configuration.models)
    out << "# models of " << model.origin << '\n';
}

void printSwitchedOff(const Configuration &configuration, llvm::raw_ostream &out) {
  for (size_t i = 0; i < configuration.checks.size(); ++i) {
    const GlobList &list = configuration.checks[i];
    if (list.origin == "--checks")
      continue;
    std::vector<std::string> off = switchedOff(llvm::ArrayRef(configuration.checks).take_front(i + 1));
    if (!off.empty())
      out << "heddle: " << list.origin << " switches off " << llvm::join(off, ", ") << '\n';
  }
  if (configuration.files.empty())
    return;
  if (!configuration.excludes.empty())
    out << "heddle: nothing is reported in " << llvm::join(configuration.excludes, ", ") << '\n';
  if (configuration.headerFilter)
    out << "heddle: of the headers only those that match " << *configuration.headerFilter << " are reported\n";
  if (!configuration.models.empty())
    out << "heddle: " << configuration.models.back().origin << " adds models, which decide what functions mean\n";
}

} // namespace heddle
