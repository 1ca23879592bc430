#include "program/HandOver.h"
#include "program/Sharing.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

namespace {

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

void HandOver::signalsAt(FrameId id, EventId event, Signals &out) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  Role role = roleOf(sharing_.program(), row, body);
  if (!role.tells)
    return;
  std::optional<int64_t> value;
  if (role.atomic)
    for (PlaceId operand : body.operands(row))
      if (std::optional<int64_t> constant =
              sharing_.program().places().asConstant(sharing_.program().places().canonical(operand));
          constant && !value)
        value = constant;
  auto add = [&](const ObjectSet &objects) {
    for (ObjectId object : objects)
      out.push_back({object, value});
  };
  if (row.place() != kNone)
    add(frames.storage(id, row.place()));
  if (row.kind() == EventKind::Call)
    for (PlaceId operand : body.operands(row))
      add(frames.values(id, operand));
}

void HandOver::waitsAt(FrameId id, EventId event, Waits &out) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  if (!roleOf(sharing_.program(), row, body).waits)
    return;
  auto add = [&](const ObjectSet &objects) { out.insert(out.end(), objects.begin(), objects.end()); };
  if (row.place() != kNone)
    add(frames.storage(id, row.place()));
  if (row.kind() == EventKind::Call)
    for (PlaceId operand : body.operands(row))
      add(frames.values(id, operand));
}

const std::pair<HandOver::Signals, HandOver::Waits> &HandOver::below(FrameId top) const {
  if (auto at = below_.find(top); at != below_.end())
    return at->second;
  std::pair<Signals, Waits> result;
  std::vector<FrameId> todo{top};
  std::set<FrameId> seen{top};
  for (size_t i = 0; i < todo.size(); ++i) {
    for (EventId event = 0; event < sharing_.frames().body(todo[i]).events.size(); ++event) {
      signalsAt(todo[i], event, result.first);
      waitsAt(todo[i], event, result.second);
    }
    for (const Frame::Call &call : sharing_.frames()[todo[i]].calls)
      if (seen.insert(call.callee).second)
        todo.push_back(call.callee);
  }
  auto sortOnce = [](auto &list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  sortOnce(result.first);
  sortOnce(result.second);
  return below_[top] = std::move(result);
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
  const Phases &phases = sharing_.phases();
  const Frames &frames = sharing_.frames();
  auto chainOf = [&](Point point, Point other) {
    std::vector<Point> chain = phases.chain(point, phases.startedBetween(point, other));
    chain.push_back(point);
    return chain;
  };
  Signals told;
  for (Point point : chainOf(from, to)) {
    const BlockGraph &graph = phases.graph(point.frame);
    for (EventId event = 0; event < frames.body(point.frame).events.size(); ++event)
      if (event != point.event && graph.reaches(point.event, event))
        signalsAt(point.frame, event, told);
    for (const Frame::Call &call : frames[point.frame].calls)
      if (call.event != point.event && graph.reaches(point.event, call.event))
        told.insert(told.end(), below(call.callee).first.begin(), below(call.callee).first.end());
  }
  if (told.empty())
    return false;
  std::vector<Wait> heard;
  for (Point point : chainOf(to, from)) {
    const BlockGraph &graph = phases.graph(point.frame);
    for (EventId event = 0; event < frames.body(point.frame).events.size(); ++event)
      if (event != point.event && graph.reaches(event, point.event)) {
        Waits waits;
        waitsAt(point.frame, event, waits);
        bool load = roleOf(sharing_.program(), frames.body(point.frame).events[event], frames.body(point.frame)).atomic;
        for (ObjectId object : waits)
          heard.push_back({object, load, {point.frame, event}, point});
      }
    for (const Frame::Call &call : frames[point.frame].calls)
      if (call.event != point.event && graph.reaches(call.event, point.event))
        for (ObjectId object : below(call.callee).second)
          heard.push_back({object, false, {point.frame, call.event}, point});
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
