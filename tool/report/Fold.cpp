#include "report/Fold.h"

#include "report/Report.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace heddle {
namespace {

auto storyOf(const Step &step) {
  return std::tie(step.place, step.function, step.message, step.event, step.depth, step.held, step.own);
}

bool lessSteps(const std::vector<Step> &a, const std::vector<Step> &b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](const Step &x, const Step &y) { return storyOf(x) < storyOf(y); });
}

bool lessLanes(const std::vector<Lane> &a, const std::vector<Lane> &b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](const Lane &x, const Lane &y) {
    if (x.name != y.name)
      return x.name < y.name;
    return lessSteps(x.steps, y.steps);
  });
}

bool lessFinding(const Finding &a, const Finding &b) {
  auto key = [](const Finding &f) {
    return std::tie(f.place.file, f.place.line, f.place.column, f.check, f.place, f.message, f.function, f.entities, f.severity,
                    f.reasons);
  };
  if (key(a) != key(b))
    return key(a) < key(b);
  return lessLanes(a.lanes, b.lanes);
}

size_t stepCount(const Finding &finding) {
  size_t count = 0;
  for (const Lane &lane : finding.lanes)
    count += lane.steps.size();
  return count;
}

/// Whether `a` tells the story better: what is surer first, then what is shorter.
bool tellsBetter(const Finding &a, const Finding &b) {
  if (a.severity != b.severity)
    return a.severity > b.severity;
  if (stepCount(a) != stepCount(b))
    return stepCount(a) < stepCount(b);
  return lessFinding(a, b);
}

using Defect = std::tuple<std::string, std::set<SourceRange>, std::set<std::string>>;

Defect defectOf(const Finding &finding) {
  Defect defect;
  std::get<0>(defect) = finding.check;
  for (const SourceRange *place : ownPlaces(finding))
    std::get<1>(defect).insert(*place);
  for (const std::string &entity : finding.entities)
    std::get<2>(defect).insert(withoutTemplateArguments(entity));
  return defect;
}

} // namespace

std::string withoutTemplateArguments(const std::string &name) {
  std::string result;
  int depth = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    bool isOperator =
        i >= 8 && depth == 0 && (name.compare(i - 8, 8, "operator") == 0 || name.compare(i - 8, 8, "perator<") == 0);
    bool arrow = i > 0 && name[i - 1] == '-';
    if (name[i] == '<' && !isOperator)
      ++depth;
    else if (name[i] == '>' && depth > 0 && !arrow)
      --depth;
    else if (depth == 0)
      result += name[i];
  }
  return result;
}

std::vector<Finding> fold(std::vector<Sighting> sightings) {
  struct Group {
    std::set<std::string> targets;
    const Finding *best = nullptr;
  };
  std::map<Defect, Group> groups;
  for (const Sighting &sighting : sightings) {
    Group &group = groups[defectOf(sighting.finding)];
    group.targets.insert(sighting.target);
    if (!group.best || tellsBetter(sighting.finding, *group.best))
      group.best = &sighting.finding;
  }
  std::vector<Finding> findings;
  for (auto &[defect, group] : groups) {
    Finding finding = *group.best;
    finding.targets.assign(group.targets.begin(), group.targets.end());
    finding.seenIn = static_cast<uint32_t>(group.targets.size());
    findings.push_back(std::move(finding));
  }
  sort(findings);
  return findings;
}

void sort(std::vector<Finding> &findings) { std::sort(findings.begin(), findings.end(), lessFinding); }

} // namespace heddle
