// Rows of models from YAML.
#include "program/ModelParser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr size_t kMaxBytes = 1 << 20, kMaxLine = 1000, kMaxErrors = 20;
constexpr unsigned kMaxNesting = 32;

constexpr StringRef kinds[] = {"lock",   "semaphore", "barrier", "guard",     "condition", "atomic",  "thread",
                               "stream", "callable",  "pointer", "container", "reference", "iterator"};

class RowParser {
public:
  RowParser(StringRef yaml, StringRef name, ArrayRef<StringRef> otherKeys)
      : name_(name), otherKeys_(otherKeys), stream_(MemoryBufferRef(yaml, name_), sources_, /*ShowColors=*/false) {
    sources_.setDiagHandler(&RowParser::collect, this);
  }

  Expected<ModelRows> parse();

private:
  static void collect(const SMDiagnostic &diagnostic, void *self);
  void fail(SMLoc at, const Twine &message) { sources_.PrintMessage(at, SourceMgr::DK_Error, message); }
  void fail(yaml::Node *at, const Twine &message) { fail(at->getSourceRange().Start, message); }
  void unknownKey(yaml::Node *at, StringRef key, ArrayRef<StringRef> known) {
    fail(at, "no key '" + key + "' here" + nearest(key, known));
  }
  std::string origin(yaml::Node *at);

  template <class Visit> void eachKey(yaml::Node *node, StringRef what, Visit visit);
  template <class Visit> void each(yaml::Node *node, StringRef what, Visit visit);
  std::optional<std::string> scalar(yaml::Node *node, StringRef what);
  std::vector<std::string> scalars(yaml::Node *node, StringRef what);
  std::optional<bool> boolean(yaml::Node *node, StringRef key);

  void document(yaml::Node *root);
  void functionRow(yaml::Node *node);
  void classRow(yaml::Node *node);
  void params(yaml::Node *node, FunctionModel &model);
  void op(yaml::Node *node, FunctionModel &model);
  void recursive(yaml::Node *node, ClassModel &model);
  void failAt(yaml::Node *scalar, const OpError &error);

  StringRef name_;
  ArrayRef<StringRef> otherKeys_;
  SourceMgr sources_;
  yaml::Stream stream_;
  std::string errors_;
  size_t errorCount_ = 0;
  bool noThrow_ = false, instead_ = false; // of the file's functions
  ModelRows rows_;
};

} // namespace

void RowParser::collect(const SMDiagnostic &diagnostic, void *self) {
  auto *parser = static_cast<RowParser *>(self);
  if (++parser->errorCount_ > kMaxErrors)
    return;
  raw_string_ostream out(parser->errors_);
  diagnostic.print(nullptr, out, /*ShowColors=*/false);
}

std::string RowParser::origin(yaml::Node *at) {
  return (name_ + ":" + Twine(sources_.getLineAndColumn(at->getSourceRange().Start).first)).str();
}

template <class Visit> void RowParser::eachKey(yaml::Node *node, StringRef what, Visit visit) {
  auto *mapping = dyn_cast_or_null<yaml::MappingNode>(node);
  if (!mapping) {
    if (node)
      fail(node, what + " is a list of 'key: value'");
    return;
  }
  StringSet<> seen;
  for (yaml::KeyValueNode &entry : *mapping) {
    yaml::Node *keyNode = entry.getKey();
    std::optional<std::string> key = scalar(keyNode, "a key");
    yaml::Node *value = entry.getValue();
    if (!key || !value)
      continue;
    if (!seen.insert(*key).second)
      fail(keyNode, "key '" + *key + "' stands twice");
    visit(*key, keyNode, value);
  }
}

template <class Visit> void RowParser::each(yaml::Node *node, StringRef what, Visit visit) {
  auto *sequence = dyn_cast_or_null<yaml::SequenceNode>(node);
  if (!sequence) {
    if (node && !isa<yaml::NullNode>(node))
      fail(node, what + " is a list: each entry on a line of its own, after '- '");
    return;
  }
  for (yaml::Node &entry : *sequence)
    visit(&entry);
}

std::optional<std::string> RowParser::scalar(yaml::Node *node, StringRef what) {
  if (auto *text = dyn_cast_or_null<yaml::ScalarNode>(node)) {
    SmallString<64> storage;
    return text->getValue(storage).str();
  }
  if (node)
    fail(node, what + " is one text");
  return std::nullopt;
}

std::vector<std::string> RowParser::scalars(yaml::Node *node, StringRef what) {
  std::vector<std::string> out;
  auto add = [&](yaml::Node *entry) {
    if (std::optional<std::string> text = scalar(entry, what))
      out.push_back(std::move(*text));
  };
  if (isa_and_nonnull<yaml::ScalarNode>(node))
    add(node);
  else
    each(node, what, add);
  return out;
}

std::optional<bool> RowParser::boolean(yaml::Node *node, StringRef key) {
  std::optional<std::string> text = scalar(node, key);
  if (!text)
    return std::nullopt;
  if (*text == "true" || *text == "false")
    return *text == "true";
  fail(node, "'" + key + "' is true or false");
  return std::nullopt;
}

void RowParser::document(yaml::Node *root) {
  SmallVector<StringRef, 8> known(otherKeys_);
  known.append({"functions", "classes", "assertions", "nothrow", "instead"});
  eachKey(root, "a models file", [&](StringRef key, yaml::Node *keyNode, yaml::Node *value) {
    if (key == "functions")
      each(value, "'functions'", [&](yaml::Node *row) { functionRow(row); });
    else if (key == "classes")
      each(value, "'classes'", [&](yaml::Node *row) { classRow(row); });
    else if (key == "assertions")
      llvm::append_range(rows_.assertions, scalars(value, "a name"));
    else if (key == "nothrow")
      noThrow_ = boolean(value, key).value_or(false);
    else if (key == "instead")
      instead_ = boolean(value, key).value_or(false);
    else if (is_contained(otherKeys_, key))
      value->skip();
    else
      unknownKey(keyNode, key, known);
  });
}

void RowParser::functionRow(yaml::Node *node) {
  FunctionModel model;
  model.noThrow = noThrow_;
  model.instead = instead_;
  model.origin = origin(node);
  std::vector<std::string> names;
  eachKey(node, "a function's row", [&](StringRef key, yaml::Node *keyNode, yaml::Node *value) {
    if (key == "name")
      names = scalars(value, "a name");
    else if (key == "params")
      params(value, model);
    else if (key == "nothrow")
      model.noThrow = boolean(value, key).value_or(false);
    else if (key == "instead")
      model.instead = boolean(value, key).value_or(false);
    else if (key == "cancellation")
      model.cancellation = boolean(value, key).value_or(false);
    else if (key == "signal-safe")
      model.signalSafe = boolean(value, key).value_or(false);
    else if (key == "spurious")
      model.spurious = boolean(value, key).value_or(false);
    else if (key == "static-state" || key == "reads-static-state") {
      model.staticState = scalar(value, key).value_or("");
      model.keepsState = key == "static-state";
    } else if (key == "reentrant")
      model.reentrant = scalar(value, key).value_or("");
    else if (key == "does") {
      if (isa<yaml::ScalarNode>(value))
        op(value, model);
      else
        each(value, "'does'", [&](yaml::Node *entry) { op(entry, model); });
    } else
      unknownKey(keyNode, key,
                 {"name", "params", "does", "nothrow", "instead", "cancellation", "signal-safe", "static-state",
                  "reads-static-state", "reentrant", "spurious"});
  });
  if (names.empty() && !stream_.failed())
    fail(node, "a function's row needs a 'name'");
  for (std::string &name : names)
    rows_.functions.emplace_back(std::move(name), model);
}

void RowParser::classRow(yaml::Node *node) {
  ClassModel model;
  model.origin = origin(node);
  std::vector<std::string> names;
  eachKey(node, "a class's row", [&](StringRef key, yaml::Node *keyNode, yaml::Node *value) {
    if (key == "name")
      names = scalars(value, "a name");
    else if (key == "recursive")
      recursive(value, model);
    else if (key == "private")
      model.processPrivate = boolean(value, key).value_or(false);
    else if (key == "holds")
      model.holds = scalar(value, "'holds'").value_or("");
    else if (key == "together")
      model.together = scalar(value, "'together'").value_or("");
    else if (key == "reads")
      model.reads = scalars(value, "a member function's name");
    else if (key == "adds")
      model.adds = scalars(value, "a member function's name");
    else if (key == "removes")
      model.removes = scalars(value, "a member function's name");
    else if (key == "stores")
      model.stores = scalars(value, "a member function's name");
    else if (key == "raises")
      model.raises = scalars(value, "a member function's name");
    else if (key == "swaps")
      model.swaps = scalars(value, "a member function's name");
    else if (key == "is") {
      model.is = scalar(value, "'is'").value_or("");
      if (!is_contained(kinds, StringRef(model.is)))
        fail(value, "no kind of class '" + model.is + "'" + nearest(model.is, kinds));
    } else
      unknownKey(
          keyNode, key,
          {"name", "is", "recursive", "private", "holds", "together", "reads", "adds", "removes", "stores", "raises", "swaps"});
  });
  if ((names.empty() || model.is.empty()) && !stream_.failed())
    fail(node, "a class's row needs a 'name' and an 'is'");
  for (std::string &name : names)
    rows_.classes.emplace_back(std::move(name), model);
}

void RowParser::params(yaml::Node *node, FunctionModel &model) {
  model.params = scalars(node, "a parameter's type");
  model.anyParams = !model.params.empty() && model.params.back() == "...";
  if (model.anyParams)
    model.params.pop_back();
  if (is_contained(model.params, "..."))
    fail(node, "'...' stands for the rest and comes last");
}

void RowParser::op(yaml::Node *node, FunctionModel &model) {
  std::optional<std::string> text = scalar(node, "an op");
  if (!text)
    return;
  Op parsed;
  OpError error;
  if (parseOp(*text, parsed, error)) {
    model.ops.push_back(std::move(parsed));
    return;
  }
  failAt(node, error);
}

/// At the place inside a text that a parser of its own complains of.
void RowParser::failAt(yaml::Node *scalar, const OpError &error) {
  StringRef raw = cast<yaml::ScalarNode>(scalar)->getRawValue();
  size_t quote = raw.starts_with("'") || raw.starts_with("\"") ? 1 : 0;
  fail(SMLoc::getFromPointer(raw.data() + std::min(quote + error.offset, raw.size())), error.message);
}

/// `true`, `false`, or a test of members of `this`.
void RowParser::recursive(yaml::Node *node, ClassModel &model) {
  std::optional<std::string> text = scalar(node, "'recursive'");
  if (!text)
    return;
  if (*text == "true" || *text == "false") {
    model.recursive = *text == "true";
    return;
  }
  OpError error;
  Test test;
  if (!parseTest(*text, test, error))
    return failAt(node, error);
  auto isMember = [](const Operand::Step &step) { return step.kind == Operand::Step::Member && !step.indexed; };
  if (test.value.root != Operand::This || test.value.steps.empty() || !all_of(test.value.steps, isMember) || !test.text.empty())
    return fail(node, "'recursive' is true, false, or a test of a member: this.kind == 1");
  model.recursiveWhen = std::move(test);
}

Expected<ModelRows> RowParser::parse() {
  for (yaml::Document &document : stream_) {
    yaml::Node *root = document.getRoot();
    if (root && !isa<yaml::NullNode>(root))
      this->document(root);
    if (stream_.failed())
      break;
  }
  if (errorCount_ > kMaxErrors)
    errors_ += (Twine(errorCount_ - kMaxErrors) + " more errors\n").str();
  if (errorCount_ || stream_.failed())
    return createStringError(inconvertibleErrorCode(), StringRef(errors_).rtrim());
  return std::move(rows_);
}

/// The YAML parser recurses: text whose nesting could exhaust the stack doesn't reach it. Brackets in texts count too, which
/// only makes the bound stricter; nesting by indentation is bounded by the length of lines.
static Error bounded(StringRef yaml, StringRef name) {
  auto error = [&](size_t line, const Twine &what) {
    return createStringError(inconvertibleErrorCode(), name + ":" + Twine(line) + ": error: " + what);
  };
  if (yaml.size() > kMaxBytes)
    return error(1, "longer than a mebibyte");
  size_t line = 1, length = 0;
  unsigned depth = 0;
  for (char c : yaml) {
    length = c == '\n' ? 0 : length + 1;
    line += c == '\n';
    if (length > kMaxLine)
      return error(line, "a line longer than " + Twine(kMaxLine) + " bytes");
    if (c == '\0')
      return error(line, "a null character");
    if (c == '[' || c == '{')
      if (++depth > kMaxNesting)
        return error(line, "more than " + Twine(kMaxNesting) + " open brackets");
    if ((c == ']' || c == '}') && depth)
      --depth;
  }
  return Error::success();
}

Expected<ModelRows> parseModels(StringRef yaml, StringRef name, ArrayRef<StringRef> otherKeys) {
  if (Error error = bounded(yaml, name))
    return std::move(error);
  return RowParser(yaml, name, otherKeys).parse();
}

} // namespace heddle
