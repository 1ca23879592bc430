// Short ways to write findings in tests.
#pragma once

#include "finding/Finding.h"

#include <string>
#include <vector>

namespace heddle::test {

inline SourceRange at(std::string file, uint32_t line, uint32_t column = 1) {
  SourceRange place;
  place.file = std::move(file);
  place.line = place.end_line = line;
  place.column = column;
  place.end_column = column + 1;
  return place;
}

inline Step step(SourceRange place, std::string event, bool own = true, std::string function = "f()") {
  Step step;
  step.place = std::move(place);
  step.function = std::move(function);
  step.message = event + "s it";
  step.event = std::move(event);
  step.own = own;
  return step;
}

/// A finding on `entity` whose own steps are at `places`, the first of which is its main place.
inline Finding finding(std::string check, std::string entity, std::vector<SourceRange> places) {
  Finding finding;
  finding.check = std::move(check);
  finding.severity = Severity::Error;
  finding.message = "'" + entity + "' is in danger";
  finding.place = places.front();
  finding.function = "f()";
  finding.entities = {std::move(entity)};
  Lane lane{"thread 1", {}};
  for (SourceRange &place : places)
    lane.steps.push_back(step(std::move(place), "write"));
  finding.lanes = {lane};
  return finding;
}

} // namespace heddle::test
