#include "program/RaceStory.h"
#include "program/Story.h"

namespace heddle {

std::vector<std::string> RaceStory::heldAt(Point point) const {
  bool unknown = false;
  std::vector<std::string> names;
  for (ObjectId lock : sharing_.entries().frames().held(point.frame, point.event, unknown))
    names.push_back(sharing_.nameOf(lock));
  if (unknown)
    names.push_back("another lock");
  return names;
}

std::string RaceStory::holding(Point point) const {
  std::vector<std::string> held = heldAt(point);
  return held.empty() ? "with no lock" : "holding '" + held.front() + "'";
}

std::string RaceStory::who(Point point, Point here) const {
  if (sharing_.frames()[here.frame].body == sharing_.frames()[point.frame].body)
    return "another thread";
  return sharing_.entries().nameOfFunction(point.frame);
}

Step RaceStory::step(Point point, std::string event, std::string message, uint32_t depth) const {
  Step result =
      stepAt(sharing_.program(), sharing_.frames()[point.frame].body, point.event, std::move(event), std::move(message));
  result.depth = depth;
  return result;
}

std::vector<Point> RaceStory::chain(Point point, Point other) const {
  return sharing_.phases().chain(point, sharing_.phases().startedBetween(point, other));
}

Lane RaceStory::lane(std::string name, Point point, Point other) const {
  const Frames &frames = sharing_.frames();
  const Entry &entry = sharing_.entries()[frames[point.frame].entry];
  Lane lane{std::move(name), {}};
  if (entry.kind == Entry::Started)
    lane.steps.push_back(
        step({entry.starter, entry.start}, "start", "starts " + sharing_.entries().nameOf(frames[point.frame].entry), 0));
  std::vector<Point> calls = chain(point, other);
  for (size_t i = 0; i < calls.size(); ++i) {
    FrameId callee = i + 1 < calls.size() ? calls[i + 1].frame : point.frame;
    lane.steps.push_back(step(calls[i], "call", "calls " + sharing_.entries().nameOfFunction(callee), i));
  }
  return lane;
}

Step RaceStory::access(const Access &access, std::string event, const std::string &name, uint32_t depth) const {
  std::string message = event + "s '" + name + "'";
  Step result = step(access.point, std::move(event), std::move(message), depth);
  result.own = true;
  result.held = heldAt(access.point);
  return result;
}

Lane RaceStory::laneTo(std::string name, const Access &at, Point other) const {
  Lane result = lane(std::move(name), at.point, other);
  const char *event = at.frees ? "free" : at.write ? "write" : "read";
  result.steps.push_back(access(at, event, sharing_.nameOf(at.object), chain(at.point, other).size()));
  return result;
}

SourceRange RaceStory::placeOf(Point point) const {
  return rangeOf(sharing_.program().facts(), sharing_.frames().body(point.frame).events[point.event].location());
}

Severity RaceStory::severityOf(const Access &a, const Access &b) const {
  // A library that was given it may run it at another time.
  auto given = [&](FrameId frame) {
    const Frames &frames = sharing_.frames();
    for (unsigned depth = 0; depth < Frames::kDepth && !frames[frame].callers.empty(); ++depth) {
      const Frame::Edge &edge = frames[frame].callers.front();
      for (const Frame::Call &call : frames[edge.caller].calls)
        if (call.event == edge.event && call.callee == frame && call.given)
          return true;
      frame = edge.caller;
    }
    return false;
  };
  auto surely = [&](const Access &access) {
    return !access.several && !given(access.point.frame) &&
           !sharing_.entries()[sharing_.frames()[access.point.frame].entry].maybe;
  };
  bool same = sharing_.identity(a.object, a.point, b.point) == Identity::Same;
  return same && surely(a) && surely(b) ? Severity::Error : Severity::Warning;
}

Finding RaceStory::finding(std::string check, Severity severity, const Access &first, const Access &second) const {
  Finding result;
  result.check = std::move(check);
  result.severity = severity;
  result.place = placeOf(first.point);
  result.function = sharing_.program().displayOf(sharing_.frames().body(first.point.frame).function()).str();
  result.lanes = {laneTo("thread 1", first, second.point), laneTo("thread 2", second, first.point)};
  result.reasons = reasons(first, second);
  return result;
}

std::vector<std::string> RaceStory::reasons(const Access &a, const Access &b) const {
  std::vector<std::string> reasons;
  std::string why;
  if (sharing_.phases().parallel(a.point, b.point, &why))
    reasons.push_back(why);
  why.clear();
  sharing_.identity(a.object, a.point, b.point, &why);
  if (!why.empty())
    reasons.push_back(why);
  return reasons;
}

} // namespace heddle
