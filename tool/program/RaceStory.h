// How two accesses that meet are told: the locks at each, the way to each as a lane, and why they can happen at the same time.
#pragma once

#include "finding/Finding.h"
#include "program/Sharing.h"

namespace heddle {

class RaceStory {
public:
  explicit RaceStory(const Sharing &sharing) : sharing_(sharing) {}

  /// Locks held at a point, by their readers' names, those of callers included.
  std::vector<std::string> heldAt(Point point) const;
  /// "with no lock", "holding 'mu_'".
  std::string holding(Point point) const;
  /// Who does it, as told from the other: a function by name, or "another thread" when it is the same function.
  std::string who(Point point, Point here) const;

  Step step(Point point, std::string event, std::string message, uint32_t depth) const;
  /// The calls that lead to `point` while what `other` does may go on.
  std::vector<Point> chain(Point point, Point other) const;
  /// The start of the thread and the calls down to `point`. Accesses are the caller's to add, at depth chain().size().
  Lane lane(std::string name, Point point, Point other) const;
  /// A step of the finding itself: "reads 'x'".
  Step access(const Access &access, std::string event, const std::string &name, uint32_t depth) const;
  /// The way to an access and the access itself: "reads 'x'", "frees 'x'".
  Lane laneTo(std::string name, const Access &access, Point other) const;
  /// Why the two run at the same time, and why it is one object.
  std::vector<std::string> reasons(const Access &a, const Access &b) const;

  SourceRange placeOf(Point point) const;
  /// Calls on the ways to both: what is told of several pairs is the nearest.
  size_t distance(Point a, Point b) const { return chain(a, b).size() + chain(b, a).size(); }
  /// An error where it is surely one object, and both threads surely run.
  Severity severityOf(const Access &a, const Access &b) const;
  /// The finding that two accesses are, told from the first: check, severity, place, function, two lanes that end in the
  /// accesses, and the reasons. Message and entities are the check's to add.
  Finding finding(std::string check, Severity severity, const Access &first, const Access &second) const;

private:
  const Sharing &sharing_;
};

} // namespace heddle
