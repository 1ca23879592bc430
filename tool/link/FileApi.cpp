// CMake's file API: the reply of the codemodel query.
#include "link/LinkGraph.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle {
namespace {

class FileApiReader {
public:
  explicit FileApiReader(StringRef buildFolder) : build_(buildFolder), reply_(absolutePath(buildFolder, ".cmake/api/v1/reply")) {}
  LinkGraph read();

private:
  std::optional<json::Value> load(StringRef name) const;
  std::string newestIndex() const;
  void codemodel(const json::Object &model);
  void target(const json::Object &target);
  void sources(const json::Object &target, LinkGraph::Output &output, StringRef objectFolder);
  void parts();

  struct Linked {
    std::string output, folder; // folder: of the target, below the build folder
    json::Object target;
  };
  std::string build_, reply_, sourceTop_, buildTop_;
  LinkGraph graph_;
  std::vector<Linked> linked_;
  std::map<std::string, std::string> objectLibraries_; // id → output
};

/// The JSON parser recurses without a bound of its own.
bool isShallow(StringRef text) {
  int depth = 0;
  for (char c : text) {
    if (c == '[' || c == '{')
      if (++depth > 200)
        return false;
    if (c == ']' || c == '}')
      --depth;
  }
  return true;
}

StringRef text(const json::Object *object, StringRef key) {
  return object ? object->getString(key).value_or(StringRef()) : StringRef();
}

template <class Visit> void eachObject(const json::Array *array, Visit visit) {
  if (array)
    for (const json::Value &value : *array)
      if (const json::Object *object = value.getAsObject())
        visit(*object);
}

} // namespace

std::optional<json::Value> FileApiReader::load(StringRef name) const {
  // A reply names its files; they lie beside it.
  if (name.empty() || sys::path::filename(name) != name)
    return std::nullopt;
  std::unique_ptr<MemoryBuffer> buffer = readBounded(absolutePath(reply_, name));
  if (!buffer || !isShallow(buffer->getBuffer()))
    return std::nullopt;
  Expected<json::Value> value = json::parse(buffer->getBuffer());
  if (!value) {
    consumeError(value.takeError());
    return std::nullopt;
  }
  return std::move(*value);
}

std::string FileApiReader::newestIndex() const {
  std::string newest; // names carry the time, so that the last is the newest
  std::error_code error;
  for (sys::fs::directory_iterator it(reply_, error), end; it != end && !error; it.increment(error)) {
    StringRef name = sys::path::filename(it->path());
    if (name.starts_with("index-") && name.ends_with(".json") && name > newest)
      newest = name.str();
  }
  return newest;
}

LinkGraph FileApiReader::read() {
  std::optional<json::Value> index = load(newestIndex());
  const json::Object *root = index ? index->getAsObject() : nullptr;
  if (!root)
    return {};
  eachObject(root->getArray("objects"), [&](const json::Object &object) {
    if (text(&object, "kind") != "codemodel")
      return;
    if (std::optional<json::Value> model = load(text(&object, "jsonFile")))
      if (const json::Object *top = model->getAsObject())
        codemodel(*top);
  });
  parts();
  return std::move(graph_);
}

void FileApiReader::codemodel(const json::Object &model) {
  const json::Object *paths = model.getObject("paths");
  sourceTop_ = absolutePath(build_, text(paths, "source"));
  buildTop_ = absolutePath(build_, text(paths, "build"));
  const json::Array *configurations = model.getArray("configurations");
  const json::Object *first = configurations && !configurations->empty() ? configurations->front().getAsObject() : nullptr;
  if (!first)
    return;
  eachObject(first->getArray("targets"), [&](const json::Object &entry) {
    if (std::optional<json::Value> value = load(text(&entry, "jsonFile")))
      if (const json::Object *object = value->getAsObject())
        target(*object);
  });
}

void FileApiReader::target(const json::Object &target) {
  StringRef type = text(&target, "type"), name = text(&target, "name");
  bool executable = type == "EXECUTABLE", objects = type == "OBJECT_LIBRARY";
  if (!executable && !objects && type != "STATIC_LIBRARY" && type != "SHARED_LIBRARY" && type != "MODULE_LIBRARY")
    return;
  std::string folder = absolutePath(buildTop_, text(target.getObject("paths"), "build"));
  std::string output;
  eachObject(target.getArray("artifacts"), [&](const json::Object &artifact) {
    if (output.empty() && !objects)
      output = absolutePath(buildTop_, text(&artifact, "path"));
  });
  std::string objectFolder = absolutePath(folder, ("CMakeFiles/" + name + ".dir").str()) + "/";
  if (output.empty())
    output = objectFolder;
  LinkGraph::Output &entry = graph_.outputs[output];
  entry.name = name.str();
  entry.executable = executable;
  sources(target, entry, objectFolder);
  if (objects)
    objectLibraries_[text(&target, "id").str()] = output;
  linked_.push_back({output, folder, target});
}

void FileApiReader::sources(const json::Object &target, LinkGraph::Output &output, StringRef objectFolder) {
  std::vector<StringRef> languages;
  eachObject(target.getArray("compileGroups"), [&](const json::Object &group) { languages.push_back(text(&group, "language")); });
  eachObject(target.getArray("sources"), [&](const json::Object &source) {
    std::optional<int64_t> group = source.getInteger("compileGroupIndex");
    if (!group || *group < 0 || size_t(*group) >= languages.size())
      return; // a header, or an object
    StringRef language = languages[*group];
    if (language == "C" || language == "CXX")
      output.sources.push_back({absolutePath(sourceTop_, text(&source, "path")), objectFolder.str()});
    else if (!language.starts_with("ASM") && language != "RC")
      output.opaque = true;
  });
}

/// What a target links: outputs that its link line names, and object libraries, which stand among its dependencies. For an
/// archive, which has no link line, its users' lines name what it needs.
void FileApiReader::parts() {
  for (const Linked &linked : linked_) {
    LinkGraph::Output &output = graph_.outputs[linked.output];
    auto add = [&](const std::string &path) {
      if (path != linked.output && graph_.outputs.count(path))
        output.parts.push_back(path);
    };
    if (const json::Object *link = linked.target.getObject("link"))
      eachObject(link->getArray("commandFragments"), [&](const json::Object &fragment) {
        StringRef path = text(&fragment, "fragment").trim().trim('"');
        if (path.empty() || path.starts_with("-"))
          return;
        add(absolutePath(buildTop_, path)); // ninja links in the build folder, make in the target's
        add(absolutePath(linked.folder, path));
      });
    eachObject(linked.target.getArray("dependencies"), [&](const json::Object &dependency) {
      if (auto found = objectLibraries_.find(text(&dependency, "id").str()); found != objectLibraries_.end())
        add(found->second);
    });
  }
}

LinkGraph readFileApi(StringRef buildFolder) { return FileApiReader(buildFolder).read(); }

} // namespace heddle
