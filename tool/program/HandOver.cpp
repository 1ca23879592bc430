#include "program/HandOver.h"
#include "program/Sharing.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>

namespace heddle {

using namespace facts;

/// What an event does to the objects it is given, told from models: nothing, waits on them, or tells others.
struct HandOverRole {
  bool waits = false, tells = false, atomic = false, once = false;
  bool channel = false;           // by what is written to one end of a pipe or socket and read from the other
  VariableId initialises = kNone; // a static local, on the way of the first thread that gets there
};

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

/// A wait that another thread or process may end; a file is no way to say that one is done.
bool waitsForOthers(const Op &op) { return op.verb == Verb::Block && blockWord(op.note).kind != BlockKind::File; }

/// The static local that an event helps to initialise: who comes later waits for the first one (C++ standard, [stmt.dcl]). The
/// initialiser has blocks of its own, so what stands before the variable's own event in one block belongs to it.
VariableId initialises(const Program &program, const BodyView &body, EventId event) {
  for (const Block &block : body.blocks) {
    std::span<const Event> events = body.eventsOf(block);
    if (events.empty() || event < body.idOf(events.front()) || event > body.idOf(events.back()))
      continue;
    for (const Event &made : events.subspan(event - body.idOf(events.front()))) {
      bool first =
          made.kind() == EventKind::Construct || (made.kind() == EventKind::Write && has(made.flags(), EventFlag::Initial));
      if (!first || made.place() == kNone)
        continue;
      const facts::Place &place = program.places()[program.places().canonical(made.place())];
      if (place.kind() == PlaceKind::Global && has(program.facts().variables()[place.id()].flags(), VariableFlag::StaticLocal))
        return place.id();
    }
  }
  return kNone;
}

HandOverRole roleOf(const Program &program, const Event &event, const BodyView &body) {
  HandOverRole role;
  if (event.kind() == EventKind::Call || event.kind() == EventKind::Construct)
    if (role.initialises = initialises(program, body, body.idOf(event)); role.initialises != kNone) {
      role.waits = role.tells = role.once = true;
      return role;
    }
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
  bool locks = false, joins = false, runs = false;
  if (model)
    for (const Op &op : model->ops) {
      runs = runs || op.verb == Verb::Run;
      // All that meet at a barrier tell and wait.
      role.tells = role.tells || (op.verb == Verb::Block && op.note == "barrier");
      locks = locks || ((op.verb == Verb::Acquire || op.verb == Verb::Release) && op.operands.size() == 1);
      joins = joins || op.verb == Verb::Join || op.verb == Verb::Start;
      role.waits = role.waits || op.verb == Verb::Await || waitsForOthers(op);
      role.tells = role.tells || op.verb == Verb::Notify;
      role.channel = role.channel || op.verb == Verb::Advance;
      role.tells = role.tells || (op.verb == Verb::Advance && op.note == "write");
    }
  if (joins)
    return {};
  // What is run under a lock that is taken for it alone is run once: who comes later waits for the first one.
  if (locks && runs && !role.waits)
    return {.waits = true, .tells = true, .once = true};
  if (locks && !role.waits)
    return {};
  // Whatever a library does to an object on which another thread waits may be what it waits for.
  role.tells = role.tells || !role.waits;
  return role;
}

template <class T> bool insert(std::vector<T> &sorted, const T &value) {
  auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at != sorted.end() && *at == value)
    return false;
  sorted.insert(at, value);
  return true;
}

} // namespace

namespace {

/// What an event waits on or tells through. Both ends of a pipe stand for it.
ObjectSet throughWhat(const Program &program, FrameId id, const Event &row, const HandOverRole &role) {
  Frames &frames = program.entries().frames();
  BodyView body = frames.body(id);
  if (role.initialises != kNone)
    return frames.storage(id, program.places().make(PlaceKind::Global, role.initialises));
  ObjectSet result;
  if (row.place() != kNone)
    unite(result, frames.storage(id, row.place()));
  if (row.kind() != EventKind::Call)
    return result;
  for (PlaceId operand : body.operands(row)) {
    unite(result, frames.values(id, operand));
    if (role.channel)
      for (ObjectId end : frames.storage(id, operand))
        unite(result, {frames.objects()[end].kind == ObjectKind::Element ? frames.objects()[end].parent : end});
  }
  return result;
}

} // namespace

void HandOver::signalsAt(FrameId id, EventId event, const HandOverRole &role, Own &own) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  std::optional<int64_t> value;
  if (role.atomic)
    for (PlaceId operand : body.operands(row))
      if (std::optional<int64_t> constant =
              sharing_.program().places().asConstant(sharing_.program().places().canonical(operand));
          constant && !value)
        value = constant;
  for (ObjectId object : throughWhat(sharing_.program(), id, row, role))
    if (waitedFor_.count(object))
      own.signals.push_back({event, {object, value}});
}

void HandOver::waitsAt(FrameId id, EventId event, const HandOverRole &role, Own &own) const {
  Frames &frames = sharing_.entries().frames();
  for (ObjectId object : throughWhat(sharing_.program(), id, frames.body(id).events[event], role)) {
    own.waits.push_back({event, object, role.atomic});
    waitedFor_.insert(object);
  }
}

/// What each frame does itself, then with all that it calls. Few objects are waited for, and only these matter.
void HandOver::prepare() const {
  prepared_ = true;
  const Frames &frames = sharing_.frames();
  struct Acting {
    EventId event;
    HandOverRole role;
  };
  std::map<BodyId, std::vector<Acting>> acting;
  for (FrameId id : frames.reached()) {
    own_.resize(std::max<size_t>(own_.size(), id + 1));
    auto [at, isNew] = acting.try_emplace(frames[id].body);
    BodyView body = frames.body(id);
    for (EventId event = 0; isNew && event < body.events.size(); ++event)
      if (HandOverRole role = roleOf(sharing_.program(), body.events[event], body); role.waits || role.tells)
        at->second.push_back({event, role});
    for (const Acting &a : at->second)
      if (a.role.waits)
        waitsAt(id, a.event, a.role, own_[id]);
  }
  for (FrameId id : frames.reached()) {
    for (const Acting &a : acting[frames[id].body])
      if (a.role.tells)
        signalsAt(id, a.event, a.role, own_[id]);
    for (const auto &[event, signal] : own_[id].signals)
      insert(own_[id].allSignals, signal);
    for (const auto &[event, object, atomic] : own_[id].waits)
      insert(own_[id].allWaits, object);
  }
  // Callees stand behind their callers, but for recursion.
  for (bool changed = true; changed;) {
    changed = false;
    for (FrameId id : llvm::reverse(frames.reached()))
      for (const Frame::Call &call : frames[id].calls) {
        for (const Signal &signal : own_[call.callee].allSignals)
          changed |= insert(own_[id].allSignals, signal);
        for (ObjectId object : own_[call.callee].allWaits)
          changed |= insert(own_[id].allWaits, object);
      }
  }
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

const HandOver::Signals &HandOver::toldAfter(Point access, EntryId beside) const {
  auto [at, isNew] = told_.try_emplace({access, beside});
  Signals &told = at->second;
  if (!isNew)
    return told;
  const Phases &phases = sharing_.phases();
  std::vector<Point> chain = phases.chain(access, beside);
  chain.push_back(access);
  for (Point point : chain) {
    const BlockGraph &graph = phases.graph(point.frame);
    // The event itself tells if it is a store to an atomic, or runs what is on the chain once.
    const BodyView body = sharing_.frames().body(point.frame);
    HandOverRole role = roleOf(sharing_.program(), body.events[point.event], body);
    bool itself = role.once || (role.atomic && role.tells);
    for (const auto &[event, signal] : own_[point.frame].signals)
      if (event == point.event ? itself : graph.reaches(point.event, event))
        insert(told, signal);
    for (const Frame::Call &call : sharing_.frames()[point.frame].calls) {
      const Signals &below = own_[call.callee].allSignals;
      if (!below.empty() && call.event != point.event && graph.reaches(point.event, call.event))
        for (const Signal &signal : below)
          insert(told, signal);
    }
  }
  return told;
}

const std::vector<HandOver::Wait> &HandOver::heardBefore(Point access, EntryId beside) const {
  auto [at, isNew] = heard_.try_emplace({access, beside});
  std::vector<Wait> &heard = at->second;
  if (!isNew)
    return heard;
  const Phases &phases = sharing_.phases();
  std::vector<Point> chain = phases.chain(access, beside);
  chain.push_back(access);
  for (Point point : chain) {
    const BlockGraph &graph = phases.graph(point.frame);
    const BodyView body = sharing_.frames().body(point.frame);
    bool once = roleOf(sharing_.program(), body.events[point.event], body).once;
    for (const auto &[event, object, atomic] : own_[point.frame].waits)
      if (event == point.event ? once : graph.reaches(event, point.event))
        heard.push_back({object, atomic, {point.frame, event}, point});
    for (const Frame::Call &call : sharing_.frames()[point.frame].calls) {
      const Waits &below = own_[call.callee].allWaits;
      // What `delete` frees, it frees after the destructor.
      bool before = call.event != point.event ? graph.reaches(call.event, point.event)
                                              : point == access && body.events[point.event].kind() == EventKind::Destroy;
      if (!below.empty() && before)
        for (ObjectId object : below)
          heard.push_back({object, false, {point.frame, call.event}, point});
    }
  }
  return heard;
}

bool HandOver::orders(Point from, Point to, ObjectId &through) const {
  if (!prepared_)
    prepare();
  if (waitedFor_.empty())
    return false;
  const Signals &told = toldAfter(from, sharing_.phases().startedBetween(from, to));
  if (told.empty())
    return false;
  for (const Wait &wait : heardBefore(to, sharing_.phases().startedBetween(to, from))) {
    auto signal = std::lower_bound(told.begin(), told.end(), Signal{wait.object, std::nullopt});
    for (; signal != told.end() && signal->object == wait.object; ++signal)
      if (fits(wait, *signal)) {
        through = wait.object;
        return true;
      }
  }
  return false;
}

} // namespace heddle
