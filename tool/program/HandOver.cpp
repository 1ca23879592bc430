#include "program/HandOver.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDepth = 3;

bool satisfies(int64_t value, Relation relation, int64_t constant) {
  switch (relation) {
  case Relation::Eq:
    return value == constant;
  case Relation::Ne:
    return value != constant;
  case Relation::Lt:
    return value < constant;
  case Relation::Le:
    return value <= constant;
  case Relation::Gt:
    return value > constant;
  case Relation::Ge:
    return value >= constant;
  case Relation::Always:
  case Relation::Default:
    return true;
  }
  return true;
}

/// What an event does to the objects it is given, told from models: nothing, waits on them, or tells others.
struct Role {
  bool waits = false, tells = false, atomic = false;
};

Role roleOf(const Program &program, const Event &event, const BodyView &body) {
  Role role;
  if (has(event.flags(), EventFlag::Atomic)) {
    role.atomic = true;
    role.waits = event.kind() != EventKind::Write;
    role.tells = event.kind() != EventKind::Read;
    return role;
  }
  if (event.kind() != EventKind::Call || event.callee() == kNone || !program.bodiesOf(event.callee()).empty())
    return role;
  const Function &function = program.facts().functions()[event.callee()];
  const ClassModel *owner = program.classModel(function.record());
  if (owner && owner->is == "atomic") {
    role.atomic = true;
    role.waits = true;
    role.tells = !has(function.flags(), FunctionFlag::Const);
    return role;
  }
  if (owner && (owner->is == "lock" || owner->is == "guard" || owner->is == "thread" || owner->is == "pointer"))
    return role;
  const FunctionModel *model = program.model(event.callee());
  bool locks = false, joins = false;
  if (model)
    for (const Op &op : model->ops) {
      locks = locks || ((op.verb == Verb::Acquire || op.verb == Verb::Release) && op.operands.size() == 1);
      joins = joins || op.verb == Verb::Join || op.verb == Verb::Start;
      role.waits = role.waits || op.verb == Verb::Await || op.verb == Verb::Block;
      role.tells = role.tells || op.verb == Verb::Notify;
    }
  if (joins || (locks && !role.waits))
    return {};
  // Whatever a library does to an object on which another thread waits may be what it waits for.
  role.tells = role.tells || !role.waits;
  return role;
}

} // namespace

std::vector<Point> HandOver::chain(Point point) const {
  std::vector<Point> result{point};
  const Frames &frames = sharing_.frames();
  while (!frames[result.back().frame].callers.empty() && result.size() < 12) {
    Frame::Edge edge = frames[result.back().frame].callers.front();
    result.push_back({edge.caller, edge.event});
  }
  return result;
}

void HandOver::signals(FrameId id, EventId event, std::vector<Signal> &out, unsigned depth) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  Role role = roleOf(sharing_.program(), row, body);
  if (role.tells) {
    Signal signal;
    for (PlaceId operand : body.operands(row))
      if (std::optional<int64_t> constant =
              sharing_.program().places().asConstant(sharing_.program().places().canonical(operand));
          constant && role.atomic && !signal.value)
        signal.value = constant;
    auto add = [&](const ObjectSet &objects) {
      for (ObjectId object : objects)
        out.push_back({object, signal.value});
    };
    if (row.place() != kNone)
      add(frames.storage(id, row.place()));
    if (row.kind() == EventKind::Call)
      for (PlaceId operand : body.operands(row))
        add(frames.values(id, operand));
  }
  if (depth < kDepth)
    for (const Frame::Call &call : frames[id].calls)
      if (call.event == event)
        for (EventId inner = 0; inner < frames.body(call.callee).events.size(); ++inner)
          signals(call.callee, inner, out, depth + 1);
}

void HandOver::waits(FrameId id, EventId event, Point access, std::vector<Wait> &out, unsigned depth) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  Role role = roleOf(sharing_.program(), row, body);
  if (role.waits) {
    auto add = [&](const ObjectSet &objects) {
      for (ObjectId object : objects)
        out.push_back({object, role.atomic && depth == 0, {id, event}, access});
    };
    if (row.place() != kNone)
      add(frames.storage(id, row.place()));
    if (row.kind() == EventKind::Call)
      for (PlaceId operand : body.operands(row))
        add(frames.values(id, operand));
  }
  if (depth < kDepth)
    for (const Frame::Call &call : frames[id].calls)
      if (call.event == event)
        for (EventId inner = 0; inner < frames.body(call.callee).events.size(); ++inner)
          waits(call.callee, inner, access, out, depth + 1);
}

/// A flag that is tested says something only on the branch that is taken once it was set.
bool HandOver::fits(const Wait &wait, const Signal &signal) const {
  if (!wait.load || !signal.value)
    return true;
  const BlockGraph &graph = sharing_.phases().graph(wait.at.frame);
  BodyView body = sharing_.frames().body(wait.at.frame);
  PlaceId result = sharing_.program().places().make(PlaceKind::Result, wait.at.event);
  const Block &block = body.blocks[graph.blockOf(wait.at.event)];
  bool tested = false;
  for (const Edge &edge : body.edgesOf(block)) {
    if (edge.value() == kNone ||
        !sharing_.program().places().mentions(sharing_.program().places().canonical(edge.value()), result))
      continue;
    tested = true;
    if (edge.to() != kNone && satisfies(*signal.value, edge.relation(), edge.constant()) &&
        graph.reachesForward(edge.to(), graph.blockOf(wait.access.event)))
      return true;
  }
  return !tested;
}

bool HandOver::orders(Point from, Point to, ObjectId &through) const {
  std::vector<Signal> told;
  for (Point point : chain(from)) {
    const BlockGraph &graph = sharing_.phases().graph(point.frame);
    for (EventId event = 0; event < sharing_.frames().body(point.frame).events.size(); ++event)
      if (event != point.event && graph.reaches(point.event, event))
        signals(point.frame, event, told, 0);
  }
  if (told.empty())
    return false;
  std::vector<Wait> heard;
  for (Point point : chain(to)) {
    const BlockGraph &graph = sharing_.phases().graph(point.frame);
    for (EventId event = 0; event < sharing_.frames().body(point.frame).events.size(); ++event)
      if (event != point.event && graph.reaches(event, point.event))
        waits(point.frame, event, point, heard, 0);
  }
  for (const Wait &wait : heard)
    for (const Signal &signal : told)
      if (wait.object == signal.object && fits(wait, signal)) {
        through = wait.object;
        return true;
      }
  return false;
}

} // namespace heddle
