#include "program/Sharing.h"

#include "llvm/ADT/DenseSet.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Sharing::Sharing(const Program &program)
    : program_(program), entries_(program.entries()), phases_(program), accesses_(program, entries_),
      invariants_(program, entries_, phases_, accesses_), handOver_(*this), lastToArrive_(*this), givenTests_(program, phases_) {}

Point Sharing::madeAt(ObjectId id) const {
  Frames &frames = entries_.frames();
  const Object root = frames.objects()[frames.objects().rootOf(id)];
  if (root.frame == kNone)
    return {};
  if (root.kind == ObjectKind::Made || root.kind == ObjectKind::Closure)
    return {root.frame, root.id};
  if (root.kind != ObjectKind::Local)
    return {};
  BodyView body = frames.body(root.frame);
  PlaceId place = program_.places().make(PlaceKind::Local, root.id);
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    bool makes = row.kind() == EventKind::Construct || (row.kind() == EventKind::Write && has(row.flags(), EventFlag::Initial)) ||
                 (row.result() != kNone && program_.places().canonical(row.result()) == place);
    PlaceId made = row.kind() == EventKind::Call || row.kind() == EventKind::Closure ? row.result() : row.place();
    if (makes && made != kNone && program_.places().within(program_.places().canonical(made), place))
      return {root.frame, event};
  }
  return {};
}

Identity Sharing::identity(ObjectId id, Point a, Point b, std::string *why) const {
  Frames &frames = entries_.frames();
  const Objects &objects = frames.objects();
  Identity best = Identity::Same;
  for (ObjectId at = id; at != kNone; at = objects[at].parent) {
    if (objects[at].kind == ObjectKind::Element && objects[at].id == kNone)
      return Identity::Unknown;
    if (objects[at].kind == ObjectKind::Pointee)
      best = Identity::Likely;
  }
  const Object root = objects[objects.rootOf(id)];
  auto because = [&](const llvm::Twine &reason) {
    if (why)
      *why = reason.str();
    return best;
  };
  if (root.kind == ObjectKind::Global && root.frame == kNone) {
    return because("'" + nameOf(objects.rootOf(id)) + "' is a global");
  }
  if (root.frame == kNone)
    return Identity::Unknown;
  EntryId owner = frames[root.frame].entry;
  EntryId ea = frames[a.frame].entry, eb = frames[b.frame].entry;
  if (!entries_.descends(ea, owner) || !entries_.descends(eb, owner) || (ea == eb && ea == owner))
    return Identity::Distinct;
  if ((!madeBefore(id, ea) || !madeBefore(id, eb) || phases_.madeOften(id)) && !sameInstance(id, a, b))
    return Identity::Unknown;
  if (root.kind == ObjectKind::Global)
    return because("'" + nameOf(objects.rootOf(id)) + "' is one thread's own, and its address was given to the other");
  return because("'" + nameOf(objects.rootOf(id)) + "', made in " + entries_.nameOfFunction(root.frame) +
                 ", is reached from both");
}

/// Made before the thread was started: one that runs when the object is made can't have been given it.
bool Sharing::madeBefore(ObjectId id, EntryId entry) const {
  Frames &frames = entries_.frames();
  EntryId owner = frames[frames.objects()[frames.objects().rootOf(id)].frame].entry;
  Point made = madeAt(id);
  if (made.frame == kNone)
    return true;
  EntryId below = entry;
  while (below != owner && entries_.starterOf(below) != owner)
    below = entries_.starterOf(below);
  EntrySet running = phases_.running(made);
  return below == owner || !std::binary_search(running.begin(), running.end(), below);
}

/// The events of a frame from which on the point happens: in what they call, or in a thread that is started there.
std::vector<EventId> Sharing::eventsOf(FrameId frame, Point point) const {
  const Frames &frames = entries_.frames();
  EntryId owner = frames[frame].entry, below = frames[point.frame].entry;
  if (below != owner) {
    while (entries_.starterOf(below) != owner && entries_.starterOf(below) != kNone)
      below = entries_.starterOf(below);
    if (entries_.starterOf(below) != owner)
      return {};
    point = {entries_[below].starter, entries_[below].start};
  }
  if (point.frame == frame)
    return {point.event};
  std::vector<EventId> result;
  llvm::DenseSet<FrameId> seen{point.frame};
  for (std::vector<FrameId> todo{point.frame}; !todo.empty();) {
    FrameId at = todo.back();
    todo.pop_back();
    for (const Frame::Edge &edge : frames[at].callers)
      if (edge.caller == frame)
        result.push_back(edge.event);
      else if (frames[edge.caller].entry == owner && seen.insert(edge.caller).second)
        todo.push_back(edge.caller);
  }
  return result;
}

/// Whether one run of the code that makes the object leads on to both points: an object that is made often is then the same.
bool Sharing::sameInstance(ObjectId id, Point a, Point b) const {
  Point made = madeAt(id);
  if (made.frame == kNone)
    return false;
  const Frames &frames = entries_.frames();
  EntryId owner = frames[made.frame].entry, ea = frames[a.frame].entry, eb = frames[b.frame].entry;
  const BlockGraph &graph = phases_.graph(made.frame);
  auto after = [&](EventId event) { return event != made.event && graph.inOrder(made.event, event); };
  // A thread that is started has the object from then on: its maker's own use comes later in the same run.
  auto meets = [&](EventId own, EventId start, EntryId entry) {
    return own != start && phases_.runsUntil(own, {made.frame, start}, phases_.child(owner, entry), made.event);
  };
  for (EventId x : eventsOf(made.frame, a))
    for (EventId y : eventsOf(made.frame, b))
      if (after(x) && after(y) && (ea == owner ? meets(x, y, eb) : eb == owner ? meets(y, x, ea) : x != y))
        return true;
  return false;
}

std::string Sharing::entityOf(ObjectId id) const {
  const Objects &objects = entries_.frames().objects();
  const Facts &f = program_.facts();
  for (ObjectId at = id; at != kNone; at = objects[at].parent)
    if (objects[at].kind == ObjectKind::Field && objects[at].id < f.fields().size()) {
      const Field &field = f.fields()[objects[at].id];
      return (f.string(f.records()[field.record()].name()) + "::" + f.string(field.name())).str();
    }
  return nameOf(id);
}

/// Raw memory by the global that points at it, if one does.
std::string Sharing::pointerTo(ObjectId id) const {
  const Objects &objects = entries_.frames().objects();
  if (!pointed_) {
    pointed_.emplace();
    for (ObjectId global = 0; global < objects.size(); ++global)
      if (objects[global].kind == ObjectKind::Global)
        for (ObjectId object : objects.contents(global))
          pointed_->try_emplace(object, global);
  }
  auto found = pointed_->find(id);
  return found == pointed_->end() ? "object" : nameOf(found->second);
}

std::string Sharing::nameOf(ObjectId id) const {
  const Frames &frames = entries_.frames();
  const Object object = frames.objects()[id];
  const Facts &f = program_.facts();
  switch (object.kind) {
  case ObjectKind::Global:
    return f.string(f.variables()[object.id].name()).str();
  case ObjectKind::Local:
    return f.string(frames.body(object.frame).locals[object.id].name()).str();
  case ObjectKind::Param: {
    BodyView body = frames.body(object.frame);
    return object.id < body.params.size() ? f.string(body.params[object.id].name()).str() : "argument";
  }
  case ObjectKind::Receiver:
    return f.string(f.records()[object.id].name()).str();
  case ObjectKind::Made:
  case ObjectKind::Value: {
    if (object.type == kNone || f.types()[object.type].kind() == TypeKind::Void)
      return pointerTo(id);
    llvm::StringRef type = f.string(f.types()[object.type].name());
    for (llvm::StringRef word : {"struct ", "class ", "const "})
      type.consume_front(word);
    return type.split('@').first.str();
  }
  case ObjectKind::Closure:
    return "closure";
  case ObjectKind::Capture: {
    const Object closure = frames.objects()[object.parent];
    const Event &made = frames.body(closure.frame).events[closure.id];
    for (BodyId body : program_.bodiesOf(made.callee()))
      if (object.id < f.body(body).captures.size() && f.body(body).captures[object.id].name() != kNone)
        return f.string(f.body(body).captures[object.id].name()).str();
    return "capture";
  }
  case ObjectKind::Field: {
    // Members that a model made up are the model's own affair.
    if (object.id >= f.fields().size())
      return nameOf(object.parent);
    llvm::StringRef name = f.string(f.fields()[object.id].name());
    const Object whole = frames.objects()[object.parent];
    std::string base = nameOf(object.parent);
    // Raw memory is known by what it is used as.
    if (whole.kind == ObjectKind::Made && (whole.type == kNone || f.types()[whole.type].kind() != TypeKind::Record))
      base = f.string(f.records()[f.fields()[object.id].record()].name()).str();
    if (name.empty())
      return base;
    return whole.kind == ObjectKind::Receiver ? name.str() : base + (whole.kind == ObjectKind::Pointee ? "->" : ".") + name.str();
  }
  case ObjectKind::Element:
    return nameOf(object.parent) + (object.id == kNone ? "[…]" : "[" + std::to_string(object.id) + "]");
  case ObjectKind::Pointee:
    return nameOf(object.parent);
  case ObjectKind::Returned:
  case ObjectKind::Function:
  case ObjectKind::Thread:
    return "object";
  }
  return "object";
}

} // namespace heddle
