#include "link/Targets.h"

#include "link/Closure.h"
#include "link/LinkGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <set>

using namespace llvm;

namespace heddle {

using namespace facts;

namespace {

/// Finds units by the paths that a build folder has for them.
class UnitIndex {
public:
  UnitIndex(const Facts &facts, StringRef sourceRoot, std::span<const UnitObject> objects);

  /// Units of a source; where there are several, those that are compiled to its object.
  std::vector<UnitId> find(const LinkGraph::Source &source) const;
  const std::vector<std::string> &objectsOf(UnitId unit) const { return objects_[unit]; }

private:
  std::map<std::string, std::vector<UnitId>> bySource_;
  std::vector<std::vector<std::string>> objects_;
};

class TargetFinder {
public:
  TargetFinder(const Facts &facts, StringRef buildFolder, StringRef sourceRoot, std::span<const UnitObject> objects)
      : facts_(facts), build_(buildFolder), index_(facts, sourceRoot, objects), covered_(facts.units().size()) {
    for (const UnitBody &row : facts.unit_bodies())
      if (has(facts.functions()[facts.bodies()[row.body()].function()].flags(), FunctionFlag::Main))
        mains_.insert(row.unit());
  }

  std::vector<Target> find();

private:
  bool linked(const LinkGraph &graph);
  void addOutput(const LinkGraph &graph, const std::string &path);
  void closures();
  void add(Target target);
  std::string kinOf(UnitId unit) const;
  std::optional<UnitId> soleMain(const std::vector<UnitId> &units) const;
  std::map<UnitId, std::string> mainNames() const;
  bool allSound(const std::vector<UnitId> &units) const {
    return none_of(units, [&](UnitId unit) { return has(facts_.units()[unit].flags(), UnitFlag::Errors); });
  }
  std::string pathOf(UnitId unit) const { return facts_.string(facts_.files()[facts_.units()[unit].file()].path()).str(); }

  const Facts &facts_;
  std::string build_;
  UnitIndex index_;
  std::set<UnitId> mains_;
  std::vector<bool> covered_;
  std::vector<Target> targets_;
};

std::string realPath(StringRef path) {
  SmallString<256> real;
  return sys::fs::real_path(path, real) ? std::string() : real.str().str();
}

} // namespace

UnitIndex::UnitIndex(const Facts &facts, StringRef sourceRoot, std::span<const UnitObject> objects)
    : objects_(facts.units().size()) {
  std::map<std::pair<StringRef, StringRef>, UnitId> byKey;
  for (UnitId id = 0; id < facts.units().size(); ++id) {
    const Unit &unit = facts.units()[id];
    StringRef path = facts.string(facts.files()[unit.file()].path());
    bySource_[absolutePath(sourceRoot, path)].push_back(id);
    byKey[{path, unit.command() == kNone ? StringRef() : facts.string(unit.command())}] = id;
  }
  for (const UnitObject &object : objects)
    if (auto found = byKey.find({object.file, object.command}); found != byKey.end() && !object.object.empty())
      objects_[found->second].push_back(absolutePath(sourceRoot, object.object));
  for (std::vector<std::string> &list : objects_)
    llvm::sort(list);
}

std::vector<UnitId> UnitIndex::find(const LinkGraph::Source &source) const {
  auto found = bySource_.find(source.path);
  if (found == bySource_.end()) // a build folder may name the source through a link
    found = bySource_.find(realPath(source.path));
  if (found == bySource_.end())
    return {};
  auto fits = [&](UnitId unit) {
    return any_of(objects_[unit], [&](StringRef object) {
      return StringRef(source.object).ends_with("/") ? object.starts_with(source.object) : object == source.object;
    });
  };
  std::vector<UnitId> exact;
  if (found->second.size() > 1)
    copy_if(found->second, std::back_inserter(exact), fits);
  return exact.empty() ? found->second : exact;
}

std::vector<Target> TargetFinder::find() {
  if (!build_.empty()) {
    linked(readFileApi(build_)) || linked(readNinja(build_)) || linked(readLinkTexts(build_));
  }
  closures();
  // Equal units are one target.
  std::map<std::vector<UnitId>, Target> byUnits;
  llvm::sort(targets_, [](const Target &a, const Target &b) { return std::tie(a.name, a.units) < std::tie(b.name, b.units); });
  for (Target &target : targets_) {
    auto [it, fresh] = byUnits.try_emplace(target.units, target);
    if (fresh)
      continue;
    if (it->second.name != target.name)
      it->second.name += ", " + target.name;
    it->second.closed |= target.closed;
  }
  targets_.clear();
  for (auto &[units, target] : byUnits)
    targets_.push_back(std::move(target));
  llvm::sort(targets_, [](const Target &a, const Target &b) { return std::tie(a.name, a.units) < std::tie(b.name, b.units); });
  return std::move(targets_);
}

void TargetFinder::add(Target target) {
  for (UnitId unit : target.units)
    covered_[unit] = true;
  targets_.push_back(std::move(target));
}

/// Adds the outputs of a link graph; false when it speaks of none of the units.
bool TargetFinder::linked(const LinkGraph &graph) {
  for (const auto &[path, output] : graph.outputs)
    if (output.executable)
      addOutput(graph, path);
  // A library is a target of its own as far as no executable has it.
  for (const auto &[path, output] : graph.outputs)
    if (!output.executable && any_of(output.sources, [&](const LinkGraph::Source &source) {
          return any_of(index_.find(source), [&](UnitId unit) { return !covered_[unit]; });
        }))
      addOutput(graph, path);
  return !targets_.empty();
}

void TargetFinder::addOutput(const LinkGraph &graph, const std::string &path) {
  Target target{graph.outputs.at(path).name};
  bool whole = graph.outputs.at(path).executable;
  std::set<std::string> seen{path};
  std::set<UnitId> units;
  for (std::vector<std::string> open{path}; !open.empty();) {
    const LinkGraph::Output &output = graph.outputs.at(open.back());
    open.pop_back();
    whole &= !output.opaque;
    for (const LinkGraph::Source &source : output.sources) {
      std::vector<UnitId> found = index_.find(source);
      whole &= !found.empty();
      units.insert(found.begin(), found.end());
    }
    for (const std::string &part : output.parts)
      if (graph.outputs.count(part) && seen.insert(part).second)
        open.push_back(part);
  }
  target.units.assign(units.begin(), units.end());
  if (target.units.empty())
    return;
  target.closed = whole && allSound(target.units) && any_of(target.units, [&](UnitId unit) { return mains_.count(unit) != 0; });
  add(std::move(target));
}

/// What the objects of one program have in common, where a file is built for several: their folder, and for automake the part of
/// the name before the last '-' ("memcached_debug-thread.o").
std::string TargetFinder::kinOf(UnitId unit) const {
  if (index_.objectsOf(unit).empty())
    return "";
  StringRef object = index_.objectsOf(unit).front();
  StringRef name = sys::path::stem(object);
  return (sys::path::parent_path(object) + "/" + (name.contains('-') ? name.rsplit('-').first : "")).str();
}

/// Names for programs that only their main is known of: its file, without folder and extension where that is enough.
std::map<UnitId, std::string> TargetFinder::mainNames() const {
  auto stem = [&](UnitId unit) { return sys::path::stem(pathOf(unit)).str(); };
  auto path = [&](UnitId unit) { return pathOf(unit); };
  auto object = [&](UnitId unit) {
    std::string kin = kinOf(unit);
    return kin.empty() || kin.back() == '/' ? pathOf(unit) : sys::path::filename(kin).str();
  };
  auto command = [&](UnitId unit) {
    uint32_t id = facts_.units()[unit].command();
    return pathOf(unit) + " (" + (id == kNone ? "" : facts_.string(id).take_front(8).str()) + ")";
  };
  std::map<UnitId, std::string> names;
  std::set<UnitId> open;
  for (UnitId unit : mains_)
    if (!covered_[unit])
      open.insert(unit);
  for (llvm::function_ref<std::string(UnitId)> naming :
       std::initializer_list<llvm::function_ref<std::string(UnitId)>>{stem, object, path, command}) {
    std::map<std::string, unsigned> count;
    for (UnitId unit : open)
      ++count[naming(unit)];
    for (auto it = open.begin(); it != open.end();) {
      bool unique = count[naming(*it)] == 1;
      if (unique)
        names[*it] = naming(*it);
      it = unique ? open.erase(it) : std::next(it);
    }
  }
  for (UnitId unit : open) // the same in all but what the digest's tail says
    names[unit] = pathOf(unit) + " (" + facts_.string(facts_.units()[unit].command()).str() + ")";
  return names;
}

void TargetFinder::closures() {
  if (all_of(covered_, [](bool covered) { return covered; }))
    return;
  std::vector<std::string> kin;
  for (UnitId unit = 0; unit < covered_.size(); ++unit)
    kin.push_back(kinOf(unit));
  ReferenceGraph references(facts_, std::move(kin));
  std::map<UnitId, std::string> names = mainNames();
  std::map<UnitId, std::vector<UnitId>> members; // by main: it, and units that belong to it
  std::vector<bool> reached = covered_;
  for (const auto &[unit, name] : names) {
    members[unit] = {unit};
    for (UnitId member : references.closure({unit}).units)
      reached[member] = true;
  }
  // A unit that nothing refers to (a table of functions does, or a static initialiser registers it) belongs to a main if what it
  // needs is there and nowhere else.
  for (UnitId unit = 0; unit < reached.size(); ++unit)
    if (!reached[unit])
      if (std::optional<UnitId> main = soleMain(references.closure({unit}, /*mains=*/true).units); main && members.count(*main))
        members[*main].push_back(unit);
  for (const auto &[unit, name] : names) {
    ReferenceGraph::Closure closure = references.closure(members[unit]);
    bool closed = closure.complete && allSound(closure.units);
    add({name, closed, std::move(closure.units)});
  }
  std::vector<UnitId> rest;
  for (UnitId unit = 0; unit < covered_.size(); ++unit)
    if (!covered_[unit])
      rest.push_back(unit);
  if (!rest.empty())
    add({"library", false, references.closure(rest).units});
}

/// The only unit with a main among `units`.
std::optional<UnitId> TargetFinder::soleMain(const std::vector<UnitId> &units) const {
  std::optional<UnitId> found;
  for (UnitId unit : units) {
    if (mains_.count(unit) && found)
      return std::nullopt;
    if (mains_.count(unit))
      found = unit;
  }
  return found;
}

std::vector<Target> findTargets(const Facts &facts, StringRef buildFolder, StringRef sourceRoot,
                                std::span<const UnitObject> objects) {
  return TargetFinder(facts, buildFolder, sourceRoot, objects).find();
}

} // namespace heddle
