// Whether two accesses under a guard, or without it, may meet: in time, and in one object (GuardStory.h).
#include "program/CallGraph.h"
#include "program/GuardStory.h"

#include <algorithm>

namespace heddle {

using namespace facts;

GuardStory::GuardStory(const Program &program) : program_(program) {
  threadsKnown_ = program.hasMain();
  for (PlaceId id = 0; id < program.places().size(); ++id)
    if (program.places()[id].kind() == PlaceKind::Function)
      handedOut_.insert(program.places()[id].id());
  if (!threadsKnown_) {
    findStarted();
    return;
  }
  const Frames &frames = program.sharing().frames();
  // What a library is given to run it may run at any other time as well.
  std::set<FrameId> given;
  std::vector<FrameId> todo;
  for (FrameId frame : frames.reached())
    for (const Frame::Call &call : frames[frame].calls)
      if (call.given)
        todo.push_back(call.callee);
  for (size_t i = 0; i < todo.size(); ++i)
    if (given.insert(todo[i]).second)
      for (const Frame::Call &call : frames[todo[i]].calls)
        todo.push_back(call.callee);
  for (FrameId frame : frames.reached())
    if (!given.count(frame))
      frames_[frames[frame].body].push_back(frame);
}

/// The frames that are reached by the calls of the access.
std::vector<FrameId> GuardStory::framesOf(const GuardedAccess &access) const {
  auto found = frames_.find(access.body);
  if (found == frames_.end())
    return {};
  const Frames &frames = program_.sharing().frames();
  std::vector<FrameId> result;
  for (FrameId start : found->second) {
    std::vector<FrameId> level{start};
    for (const GuardedAccess::Call &call : access.calls) {
      std::vector<FrameId> above;
      for (FrameId frame : level)
        for (const Frame::Edge &edge : frames[frame].callers)
          if (edge.event == call.event && frames[edge.caller].body == call.body)
            above.push_back(edge.caller);
      std::sort(above.begin(), above.end());
      above.erase(std::unique(above.begin(), above.end()), above.end());
      level = std::move(above);
    }
    if (!level.empty())
      result.push_back(start);
  }
  return result;
}

/// Whether two names may be of one object: elements may be the same, and of what an unknown pointer points at nothing is known.
bool GuardStory::mayBeOne(ObjectId a, ObjectId b) const {
  const Objects &objects = program_.sharing().frames().objects();
  if (a == b)
    return true;
  if (a == kNone || b == kNone)
    return false;
  const Object &x = objects[a], &y = objects[b];
  if (x.kind != y.kind || x.parent == kNone || y.parent == kNone) {
    auto unknown = [&](ObjectId id) {
      ObjectKind root = objects[objects.rootOf(id)].kind;
      for (ObjectId at = id; at != kNone; at = objects[at].parent)
        if (objects[at].kind == ObjectKind::Pointee)
          return true;
      return root != ObjectKind::Global && root != ObjectKind::Local && root != ObjectKind::Made && root != ObjectKind::Closure;
    };
    return unknown(a) || unknown(b);
  }
  bool same = x.id == y.id || (x.kind == ObjectKind::Element && (x.id == kNone || y.id == kNone));
  return x.kind == ObjectKind::Pointee || (same && mayBeOne(x.parent, y.parent));
}

/// Whether each of the threads of an entry was given an object of its own that this is part of: one that was made anew for it, or
/// its element of an array.
bool GuardStory::givenToEach(ObjectId object, EntryId id) const {
  const Sharing &sharing = program_.sharing();
  const Frames &frames = sharing.frames();
  const Objects &objects = frames.objects();
  const Frame &first = frames[sharing.entries()[id].frame];
  std::vector<ObjectSet> given = first.arguments;
  given.push_back(first.self);
  if (first.closure != kNone)
    for (ObjectId captured : objects.parts(first.closure))
      given.push_back(ObjectSet(objects.contents(captured)));
  return llvm::any_of(given, [&](const ObjectSet &set) {
    return llvm::any_of(set, [&](ObjectId whole) {
      Point start{sharing.entries()[id].frame, 0};
      return objects.within(object, whole) && sharing.identity(whole, start, start) == Identity::Unknown;
    });
  });
}

/// Whether the objects that the two access may be one and the same.
bool GuardStory::mayBeOneObject(const GuardedAccess &a, Point at, const GuardedAccess &b, Point bt) const {
  auto global = [&](const GuardedAccess &access) {
    return access.object == kNone || program_.places()[access.object].kind() == PlaceKind::Global;
  };
  if (global(a) || global(b))
    return true; // of a global there is one
  const Sharing &sharing = program_.sharing();
  Frames &frames = sharing.entries().frames();
  auto objectsOf = [&](const GuardedAccess &access, Point point) {
    ObjectSet result;
    for (ObjectId id : frames.storage(point.frame, access.object)) {
      // A pointer to an array, as its first element's address: which element it is by now isn't known.
      TypeId type = frames.objects()[id].type;
      bool array = type != kNone && program_.facts().types()[type].kind() == TypeKind::Array;
      unite(result, {array ? frames.elementOf(id) : id});
    }
    return result;
  };
  ObjectSet as = objectsOf(a, at), bs = objectsOf(b, bt);
  if (as.empty() || bs.empty())
    return true;
  EntryId entry = frames[at.frame].entry;
  bool same = entry == frames[bt.frame].entry;
  for (ObjectId x : as)
    for (ObjectId y : bs)
      if (mayBeOne(x, y) && (x != y || sharing.identity(x, at, bt) != Identity::Distinct) && !(same && givenToEach(x, entry)))
        return true;
  return false;
}

std::optional<std::pair<Point, Point>> GuardStory::parallelPoints(const GuardedAccess &a, const GuardedAccess &b,
                                                                  bool oneObject) const {
  const Phases &phases = program_.sharing().phases();
  std::vector<FrameId> as = framesOf(a), bs = framesOf(b);
  for (FrameId x : as)
    for (FrameId y : bs)
      if (phases.parallel({x, a.event}, {y, b.event}) && (!oneObject || mayBeOneObject(a, {x, a.event}, b, {y, b.event})))
        return std::pair(Point{x, a.event}, Point{y, b.event});
  return std::nullopt;
}

/// Without a main: what objects start their own threads with.
void GuardStory::findStarted() {
  const Sharing &sharing = program_.sharing();
  const Frames &frames = sharing.frames();
  for (EntryId id = 0; id < sharing.entries().all().size(); ++id)
    if (const Entry &entry = sharing.entries()[id]; entry.kind == Entry::Started && entry.frame != kNone) // none: cut
      started_[frames[entry.frame].body] = !sharing.phases().beside(id) && !started_.count(frames[entry.frame].body);
}

/// The body of the thread that alone makes the access, of the one that its object has started; kNone if there are others.
BodyId GuardStory::loneThread(const GuardedAccess &access) const {
  BodyId top = access.calls.empty() ? access.body : access.calls.back().body;
  auto found = started_.find(top);
  bool lone = found != started_.end() && found->second && access.cut == kNone && program_.calls().callers(top).empty();
  return lone ? top : kNone;
}

bool GuardStory::isCalled(const GuardedAccess &access) const {
  if (!threadsKnown_ || frames_.count(access.body))
    return true;
  BodyId top = access.calls.empty() ? access.body : access.calls.back().body;
  const FunctionFlag kImplicit = FunctionFlag::Virtual | FunctionFlag::Constructor | FunctionFlag::Destructor;
  FunctionFlag flags = program_.facts().functions()[program_.facts().bodies()[top].function()].flags();
  return access.cut != kNone || has(flags, kImplicit) || runByOthers(access) || !program_.calls().callers(top).empty();
}

bool GuardStory::mayBeBeside(const GuardedAccess &access) const {
  if (!threadsKnown_)
    return true;
  if (!frames_.count(access.body))
    return !frames_.empty(); // run by something that isn't seen, if there are threads at all
  const Sharing &sharing = program_.sharing();
  return llvm::any_of(framesOf(access), [&](FrameId frame) {
    return sharing.entries()[sharing.frames()[frame].entry].kind != Entry::Main ||
           !sharing.phases().running({frame, access.event}).empty();
  });
}

bool GuardStory::onlyInMain(const GuardedAccess &access) const {
  const Sharing &sharing = program_.sharing();
  return llvm::all_of(framesOf(access),
                      [&](FrameId frame) { return sharing.entries()[sharing.frames()[frame].entry].kind == Entry::Main; });
}

bool GuardStory::mayBeParallel(const GuardedAccess &a, const GuardedAccess &b, bool elsewhere) const {
  if (!threadsKnown_)
    return true;
  if (!seen(a) || !seen(b))
    return mayBeBeside(a) && mayBeBeside(b) && (elsewhere || ((!seen(a) || !onlyInMain(a)) && (!seen(b) || !onlyInMain(b))));
  return parallelPoints(a, b, false).has_value();
}

/// Whether the ways to the access begin where others run what they were given; who calls a function by its name doesn't do so
/// while he destroys the object.
bool GuardStory::runByOthers(const GuardedAccess &access) const {
  FunctionId top = program_.facts().bodies()[access.calls.empty() ? access.body : access.calls.back().body].function();
  return handedOut_.count(top) || has(program_.facts().functions()[top].flags(), FunctionFlag::Lambda);
}

bool GuardStory::mayMeet(const GuardedAccess &a, const GuardedAccess &b, bool elsewhere) const {
  if ((a.ending && !runByOthers(b)) || (b.ending && !runByOthers(a)))
    return false;
  if (threadsKnown_)
    return seen(a) && seen(b) ? parallelPoints(a, b, true).has_value() : mayBeParallel(a, b, elsewhere);
  BodyId lone = loneThread(a);
  return lone == kNone || lone != loneThread(b);
}

} // namespace heddle
