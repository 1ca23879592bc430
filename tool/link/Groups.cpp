#include "link/Groups.h"

#include "link/Link.h"

#include "llvm/ADT/EquivalenceClasses.h"

#include <map>

namespace heddle {
namespace {

using Key = std::pair<std::string, std::string>; // a unit's file and command

Key keyOf(const facts::Facts &facts, facts::UnitId id) {
  const facts::Unit &unit = facts.units()[id];
  return {facts.string(facts.files()[unit.file()].path()).str(), facts.string(unit.command()).str()};
}

std::map<Key, facts::UnitId> unitsOf(const facts::Facts &facts) {
  std::map<Key, facts::UnitId> units;
  for (facts::UnitId id = 0; id < facts.units().size(); ++id)
    units.emplace(keyOf(facts, id), id);
  return units;
}

} // namespace

llvm::Expected<std::vector<LinkedGroup>> linkGroups(const facts::Facts &linked, std::span<const facts::Facts *const> parts,
                                                    std::span<const Target> targets) {
  std::map<Key, facts::UnitId> unitIds = unitsOf(linked);
  llvm::EquivalenceClasses<facts::UnitId> together;
  auto join = [&](facts::UnitId &first, facts::UnitId unit) {
    together.insert(unit);
    first = first == facts::kNone ? unit : first;
    together.unionSets(first, unit);
  };
  for (const Target &target : targets)
    for (facts::UnitId first = facts::kNone; facts::UnitId unit : target.units)
      join(first, unit);
  // A part that is a merge itself can't be taken apart again.
  for (const facts::Facts *part : parts)
    for (facts::UnitId first = facts::kNone; const auto &[key, unused] : unitsOf(*part))
      join(first, unitIds.at(key));

  // Groups in the order of their first target, so that nothing depends on how classes are kept.
  std::map<facts::UnitId, std::pair<std::vector<const facts::Facts *>, std::vector<Target>>> groups;
  for (const Target &target : targets)
    if (!target.units.empty())
      groups[together.getLeaderValue(target.units.front())].second.push_back(target);
  for (const facts::Facts *part : parts)
    if (!part->units().empty())
      if (auto group = groups.find(together.getLeaderValue(unitIds.at(keyOf(*part, 0)))); group != groups.end())
        group->second.first.push_back(part);

  std::vector<LinkedGroup> result;
  for (auto &[leader, group] : groups) {
    if (group.first.size() == parts.size()) {
      result.push_back({nullptr, &linked, std::move(group.second)});
      continue;
    }
    llvm::Expected<facts::Facts> facts = link(std::span<const facts::Facts *const>(group.first));
    if (!facts)
      return facts.takeError();
    std::map<Key, facts::UnitId> ids = unitsOf(*facts);
    for (Target &target : group.second)
      for (facts::UnitId &unit : target.units)
        unit = ids.at(keyOf(linked, unit));
    for (Target &target : group.second)
      std::sort(target.units.begin(), target.units.end());
    auto own = std::make_unique<facts::Facts>(std::move(*facts));
    const facts::Facts *all = own.get();
    result.push_back({std::move(own), all, std::move(group.second)});
  }
  return result;
}

} // namespace heddle
