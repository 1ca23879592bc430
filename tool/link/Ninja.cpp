// build.ninja: link edges are those that take objects and make something else; the sources of their objects are found through the
// edges that compile. Rules are never looked at: what is an object, a library or a source is told from names.
#include "link/LinkGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle {
namespace {

constexpr unsigned kMaxDepth = 16; // of included files

/// One `build` statement.
struct Edge {
  std::vector<std::string> outputs, inputs, implicit;
  bool phony = false;
};

class NinjaReader {
public:
  explicit NinjaReader(StringRef buildFolder) : build_(buildFolder) {}
  LinkGraph read();

private:
  void file(StringRef path, unsigned depth);
  void statement(StringRef line, unsigned depth);
  void build(StringRef line);
  std::string expand(StringRef text) const;
  std::string word(StringRef &rest) const;
  void addOutput(const std::string &path, const Edge &edge);
  void addInput(LinkGraph::Output &output, const std::string &path, bool isExplicit, unsigned depth);

  std::string build_;
  StringMap<std::string> variables_;
  std::vector<Edge> edges_;
  StringMap<size_t> producers_; // output → edge
  LinkGraph graph_;
};

/// The length of the path that `text` starts with: to an unescaped blank, ':' or '|'.
size_t pathLength(StringRef text) {
  size_t i = 0;
  while (i < text.size() && text[i] != ' ' && text[i] != ':' && text[i] != '|')
    i += text[i] == '$' ? 2 : 1;
  return std::min(i, text.size());
}

} // namespace

/// Resolves `$` escapes and the variables of the top level; a variable that isn't known is empty, as in ninja.
std::string NinjaReader::expand(StringRef text) const {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    char next = text[++i];
    bool braced = next == '{';
    StringRef rest = text.drop_front(i + braced);
    StringRef name = rest.take_while([&](char c) { return isAlnum(c) || c == '_' || c == '-' || (braced && c == '.'); });
    if (!braced && name.empty()) { // "$ ", "$:", "$$"
      out += next;
      continue;
    }
    if (auto found = variables_.find(name); found != variables_.end())
      out += found->second;
    i += braced + name.size() - (braced ? 0 : 1);
  }
  return out;
}

std::string NinjaReader::word(StringRef &rest) const {
  rest = rest.ltrim(' ');
  size_t length = pathLength(rest);
  std::string result = expand(rest.take_front(length));
  rest = rest.drop_front(length).ltrim(' ');
  return result.empty() ? result : absolutePath(build_, result);
}

void NinjaReader::file(StringRef path, unsigned depth) {
  std::unique_ptr<MemoryBuffer> buffer = depth < kMaxDepth && isInside(build_, path) ? readBounded(path) : nullptr;
  if (!buffer)
    return;
  std::string line;
  for (StringRef rest = buffer->getBuffer(); !rest.empty();) {
    auto [physical, after] = rest.split('\n');
    rest = after;
    physical = physical.rtrim('\r');
    size_t dollars = physical.size() - physical.rtrim('$').size();
    bool continues = dollars % 2 == 1;
    line += continues ? physical.drop_back() : physical;
    if (continues) {
      rest = rest.ltrim(' ');
      continue;
    }
    statement(line, depth);
    line.clear();
  }
}

void NinjaReader::statement(StringRef line, unsigned depth) {
  if (line.empty() || line[0] == ' ' || line[0] == '#')
    return; // a binding of an edge or a rule
  StringRef rest = line;
  if (rest.consume_front("build "))
    return build(rest);
  if (rest.consume_front("include ") || rest.consume_front("subninja "))
    return file(absolutePath(build_, expand(rest.trim())), depth + 1);
  if (rest.starts_with("rule ") || rest.starts_with("pool ") || rest.starts_with("default "))
    return;
  if (auto [name, value] = rest.split('='); !name.trim().empty() && rest.contains('='))
    variables_[name.trim()] = expand(value.trim());
}

void NinjaReader::build(StringRef rest) {
  Edge edge;
  while (!rest.empty() && rest[0] != ':') {
    if (rest[0] == '|') {
      rest = rest.drop_front().ltrim(' ');
      continue;
    }
    size_t before = rest.size();
    if (std::string output = word(rest); !output.empty())
      edge.outputs.push_back(std::move(output));
    if (rest.size() == before)
      return;
  }
  if (!rest.consume_front(":"))
    return;
  rest = rest.ltrim(' ');
  StringRef rule = rest.take_front(pathLength(rest));
  edge.phony = rule == "phony";
  rest = rest.drop_front(rule.size()).ltrim(' ');
  bool implicit = false;
  while (!rest.empty() && !rest.starts_with("||") && !rest.starts_with("|@")) {
    if (rest.consume_front("|")) {
      implicit = true;
      rest = rest.ltrim(' ');
      continue;
    }
    size_t before = rest.size();
    if (std::string input = word(rest); !input.empty())
      (implicit ? edge.implicit : edge.inputs).push_back(std::move(input));
    if (rest.size() == before)
      return; // a ':' where none can stand
  }
  for (const std::string &output : edge.outputs)
    producers_.try_emplace(output, edges_.size());
  edges_.push_back(std::move(edge));
}

LinkGraph NinjaReader::read() {
  file(absolutePath(build_, "build.ninja"), 0);
  for (const Edge &edge : edges_) {
    bool links = !edge.phony && !edge.outputs.empty() && !isObjectName(edge.outputs[0]) && any_of(edge.inputs, isObjectName);
    if (links)
      addOutput(edge.outputs[0], edge);
  }
  return std::move(graph_);
}

void NinjaReader::addOutput(const std::string &path, const Edge &edge) {
  LinkGraph::Output &output = graph_.outputs[path];
  StringRef name = path;
  if (name.consume_front(build_))
    name = name.ltrim('/');
  output.name = name.str();
  output.executable = !isLibraryName(path);
  for (const std::string &input : edge.inputs)
    addInput(output, input, /*isExplicit=*/true, 0);
  for (const std::string &input : edge.implicit)
    addInput(output, input, /*isExplicit=*/false, 0);
}

void NinjaReader::addInput(LinkGraph::Output &output, const std::string &path, bool isExplicit, unsigned depth) {
  auto producer = producers_.find(path);
  const Edge *edge = producer == producers_.end() ? nullptr : &edges_[producer->second];
  if (edge && edge->phony && depth < kMaxDepth) {
    for (const std::string &input : edge->inputs)
      addInput(output, input, isExplicit, depth + 1);
  } else if (isObjectName(path)) {
    if (!edge || depth >= kMaxDepth) {
      output.opaque = true;
      return;
    }
    for (const std::string &input : edge->inputs) {
      if (isSourceName(input))
        output.sources.push_back({input, path});
      else if (isObjectName(input))
        addInput(output, input, isExplicit, depth + 1); // a partial link
      else if (isExplicit && !isAssemblerName(input))
        output.opaque = true;
    }
  } else if (isLibraryName(path)) {
    if (edge)
      output.parts.push_back(edge->outputs[0]);
    else if (isInside(build_, path))
      output.opaque = true; // made here, and nobody says from what
  }
}

LinkGraph readNinja(StringRef buildFolder) { return NinjaReader(buildFolder).read(); }

} // namespace heddle
