#include "program/Vetoes.h"
#include "program/CreationLocks.h"
#include "program/HandOver.h"
#include "program/LockState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

std::optional<std::string> veto::atomic(const Rivals &rivals) {
  if (rivals.a.atomic && rivals.b.atomic)
    return "both are atomic";
  return std::nullopt;
}

/// Whoever declares it volatile knows that others change it; whether that is enough is for more specific checks to say. It never
/// is where a value is read, changed and written back, and another write comes in between.
std::optional<std::string> veto::declaredVolatile(const Rivals &rivals) {
  const Access &a = rivals.a, &b = rivals.b;
  if (a.isVolatile && b.isVolatile && !(a.write && b.write && (a.update || b.update)))
    return "declared volatile";
  return std::nullopt;
}

/// A static local is initialised once, and whoever comes by meanwhile waits for it.
std::optional<std::string> veto::staticLocal(const Rivals &rivals) {
  const Objects &objects = rivals.sharing.frames().objects();
  const Object &root = objects[objects.rootOf(rivals.a.object)];
  // What is put into a container of it later is initialised then.
  for (ObjectId at = rivals.a.object; at != kNone; at = objects[at].parent)
    if (objects[at].kind == ObjectKind::Pointee || (objects[at].kind == ObjectKind::Element && objects[at].id == kNone))
      return std::nullopt;
  if (root.kind != ObjectKind::Global ||
      !has(rivals.sharing.program().facts().variables()[root.id].flags(), VariableFlag::StaticLocal))
    return std::nullopt;
  if (rivals.a.initial || rivals.b.initial)
    return "initialised once";
  return std::nullopt;
}

/// An object isn't shared while its own constructor or destructor runs, but with the threads that this one started itself and
/// that are running: a member thread, started before the members that it reads are set, or joined after they are destroyed.
std::optional<std::string> veto::construction(const Rivals &rivals) {
  const Frames &frames = rivals.sharing.frames();
  const Phases &phases = rivals.sharing.phases();
  for (const Access *access : {&rivals.a, &rivals.b}) {
    Point other = (access == &rivals.a ? rivals.b : rivals.a).point;
    EntrySet running = phases.running(access->point);
    if (std::binary_search(running.begin(), running.end(), phases.startedBetween(access->point, other)))
      continue;
    for (FrameId id = access->point.frame; id != kNone;
         id = frames[id].callers.empty() ? kNone : frames[id].callers.front().caller) {
      FunctionId function = frames.body(id).function();
      FunctionFlag flags = rivals.sharing.program().facts().functions()[function].flags();
      if (!has(flags, FunctionFlag::Constructor | FunctionFlag::Destructor))
        continue;
      for (ObjectId self : frames[id].self)
        if (frames.objects().within(access->object, self))
          return "in its constructor or destructor";
    }
  }
  return std::nullopt;
}

/// On the way to a function that doesn't return, such as one that reports a failed assertion: the process ends.
std::optional<std::string> veto::ending(const Rivals &rivals) {
  const Phases &phases = rivals.sharing.phases();
  Point a = rivals.a.point, b = rivals.b.point;
  if (phases.endsBehind(a, phases.startedBetween(a, b)) || phases.endsBehind(b, phases.startedBetween(b, a)))
    return "on the way to the end of the process";
  return std::nullopt;
}

namespace {

/// Whether a value is the thread's own: made of what a function was given, or a local that got it from there; not what stands in
/// an object that the others were given, too.
bool isOwn(const Rivals &rivals, Point point, PlaceId value, unsigned depth = 0) {
  if (value == kNone || depth > 3)
    return false;
  const Places &places = rivals.sharing.program().places();
  BodyView body = rivals.sharing.frames().body(point.frame);
  const Place &row = places[value];
  if (row.kind() == PlaceKind::Expr)
    return isOwn(rivals, point, row.parent(), depth + 1) || isOwn(rivals, point, row.id(), depth + 1);
  PlaceKind root = places.rootKind(value);
  if (root != PlaceKind::Local || row.kind() != PlaceKind::Local) {
    auto shared = [&](ObjectId object) {
      return rivals.sharing.identity(object, rivals.a.point, rivals.b.point) >= Identity::Likely;
    };
    return (root == PlaceKind::Param || root == PlaceKind::This || root == PlaceKind::Capture || root == PlaceKind::Local) &&
           llvm::none_of(rivals.sharing.entries().frames().storage(point.frame, value), shared);
  }
  return llvm::all_of(body.events, [&](const Event &event) {
    return event.kind() != EventKind::Write || places.canonical(event.place()) != value ||
           (event.operand_count() > 0 && isOwn(rivals, point, places.canonical(body.operands(event)[0]), depth + 1));
  });
}

/// Whether the thread changes what it has found, so that no other finds it so, before it goes on to the event.
bool claims(const Rivals &rivals, Point point, const Edge &edge) {
  const BlockGraph &graph = rivals.sharing.phases().graph(point.frame);
  const Places &places = rivals.sharing.program().places();
  BodyView body = rivals.sharing.frames().body(point.frame);
  return llvm::any_of(body.events, [&](const Event &event) {
    if (event.kind() != EventKind::Write || event.operand_count() == 0 ||
        places.canonical(event.place()) != places.canonical(edge.value()))
      return false;
    std::optional<int64_t> value = places.asConstant(places.canonical(body.operands(event)[0]));
    BlockId block = graph.blockOf(body.idOf(event));
    return value && *value != edge.constant() && (block == edge.to() || graph.reachesForward(edge.to(), block)) &&
           graph.inOrder(body.idOf(event), point.event);
  });
}

/// Whether an event is only reached where some own value equals a constant.
bool chosen(const Rivals &rivals, Point point) {
  const BlockGraph &graph = rivals.sharing.phases().graph(point.frame);
  const Places &places = rivals.sharing.program().places();
  BodyView body = rivals.sharing.frames().body(point.frame);
  BlockId target = graph.blockOf(point.event);
  for (BlockId block = 0; block < graph.size(); ++block)
    for (const Edge &edge : body.edgesOf(body.blocks[block])) {
      if (edge.relation() != Relation::Eq || edge.to() == kNone ||
          (!isOwn(rivals, point, places.canonical(edge.value())) && !claims(rivals, point, edge)) ||
          has(body.blocks[block].flags(), BlockFlag::LoopHead))
        continue;
      if (edge.to() != target && !graph.reachesForward(edge.to(), target))
        continue;
      // The other ways on don't lead there.
      bool alone = true;
      for (BlockId other : graph.after(block))
        alone = alone && (other == edge.to() || (other != target && !graph.reachesForward(other, target)));
      if (alone && graph.after(block).size() > 1)
        return true;
    }
  return false;
}

} // namespace

/// Of several threads that run one function, the one that was given a certain number does it alone.
std::optional<std::string> veto::oneOfThem(const Rivals &rivals) {
  const Frames &frames = rivals.sharing.frames();
  EntryId entry = frames[rivals.a.point.frame].entry;
  if (entry != frames[rivals.b.point.frame].entry || frames.entries()[entry].kind != Entry::Started)
    return std::nullopt;
  for (Point point : {rivals.a.point, rivals.b.point}) {
    std::vector<Point> chain = rivals.sharing.phases().chain(point);
    chain.push_back(point);
    if (std::none_of(chain.begin(), chain.end(), [&](Point at) { return chosen(rivals, at); }))
      return std::nullopt;
  }
  return "each is done by one of the threads";
}

std::optional<std::string> veto::notShared(const Rivals &rivals) {
  switch (rivals.sharing.identity(rivals.a.object, rivals.a.point, rivals.b.point)) {
  case Identity::Distinct:
    return "each thread has its own";
  case Identity::Unknown:
    return "not known to be the same object";
  case Identity::Likely:
  case Identity::Same:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> veto::notParallel(const Rivals &rivals) {
  const Phases &phases = rivals.sharing.phases();
  constexpr const char *kOrdered = "ordered by the start or the join of a thread";
  if (!phases.parallel(rivals.a.point, rivals.b.point))
    return kOrdered;
  // Of a `delete` the destructor comes first, and may wait for threads; then the memory goes.
  for (auto [access, other] : {std::pair(&rivals.a, rivals.b.point), std::pair(&rivals.b, rivals.a.point)}) {
    EntryId started = access->frees ? phases.startedBetween(access->point, other) : EntryId(kNone);
    if (started != kNone && !contains(phases.runningAfter(access->point), started))
      return kOrdered;
  }
  return std::nullopt;
}

namespace {

/// Whether a lock is held at a point in a mode that others may hold it in, too. What callers hold is taken to be exclusive.
bool sharedOnly(const Rivals &rivals, Point point, ObjectId lock) {
  Frames &frames = rivals.sharing.entries().frames();
  if (std::binary_search(frames[point.frame].held.begin(), frames[point.frame].held.end(), lock))
    return false;
  for (const Held &held : rivals.sharing.program().locks().at(frames[point.frame].body, point.event)) {
    ObjectSet locks = frames.storage(point.frame, held.lock);
    if (held.mode != Mode::Shared && std::binary_search(locks.begin(), locks.end(), lock))
      return false;
  }
  return true;
}

} // namespace

/// A lock that may be held at both, by one of them alone. One that has no name might be any.
std::optional<std::string> veto::commonLock(const Rivals &rivals) {
  Frames &frames = rivals.sharing.entries().frames();
  bool unknownA = false, unknownB = false;
  ObjectSet a = frames.held(rivals.a.point.frame, rivals.a.point.event, unknownA);
  ObjectSet b = frames.held(rivals.b.point.frame, rivals.b.point.event, unknownB);
  for (ObjectId lock : a)
    if (std::binary_search(b.begin(), b.end(), lock) &&
        !(sharedOnly(rivals, rivals.a.point, lock) && sharedOnly(rivals, rivals.b.point, lock)))
      return "'" + rivals.sharing.nameOf(lock) + "' is held at both";
  if ((unknownA && (unknownB || !b.empty())) || (unknownB && !a.empty()))
    return "both hold a lock, and it may be the same";
  if ((rivals.a.several || rivals.b.several) && !a.empty() && !b.empty())
    return "both hold a lock, and each may use another object";
  return std::nullopt;
}

/// Where the walk for locks didn't get to, any may be held.
std::optional<std::string> veto::locksUnknown(const Rivals &rivals) {
  const Frames &frames = rivals.sharing.frames();
  const LockState &locks = rivals.sharing.program().locks();
  for (const Access *access : {&rivals.a, &rivals.b})
    if (!locks.known(frames[access->point.frame].body, access->point.event))
      return "not all ways there were looked at for locks";
  return std::nullopt;
}

std::optional<std::string> veto::handedOver(const Rivals &rivals) {
  const HandOver &handOver = rivals.sharing.handOver();
  ObjectId through = kNone;
  // Who frees an object waits for those who read it, too.
  auto orders = [&](const Access &first, const Access &second) {
    return (first.write || second.frees) &&
           handOver.order(first.object, first.point, second.point, through, !first.write) != HandOver::Order::None;
  };
  if (orders(rivals.a, rivals.b) || orders(rivals.b, rivals.a))
    return "'" + rivals.sharing.nameOf(through) + "' may order one after the other";
  return std::nullopt;
}

/// Nobody who calls the function beside the other thread gives what it takes to come there.
std::optional<std::string> veto::notAsked(const Rivals &rivals) {
  const Phases &phases = rivals.sharing.phases();
  const GivenTests &tests = rivals.sharing.givenTests();
  Point a = rivals.a.point, b = rivals.b.point;
  if (tests.never(a, phases.startedBetween(a, b)) || tests.never(b, phases.startedBetween(b, a)))
    return "not reached with what the callers give";
  return std::nullopt;
}

std::optional<std::string> veto::farDown(const Rivals &rivals) {
  if (rivals.sharing.phases().near(rivals.a.point, rivals.b.point))
    return std::nullopt;
  return "so many calls lead there that their conditions hardly all hold at once";
}

/// The last of several users, by a counter that each of them takes down when it is done.
std::optional<std::string> veto::lastToArrive(const Rivals &rivals) {
  const LastToArrive &last = rivals.sharing.lastToArrive();
  Point a = rivals.a.point, b = rivals.b.point;
  if (ObjectId counter = last.oneOf(a, b); counter != kNone)
    return "one thread alone finds '" + rivals.sharing.nameOf(counter) + "' as it has to be for either";
  for (auto [user, other] : {std::pair(a, b), std::pair(b, a)})
    if (ObjectId counter = last.orders(user, other); counter != kNone)
      return "who comes last, by '" + rivals.sharing.nameOf(counter) + "', comes after the others are done";
  return std::nullopt;
}

/// A lock that was held when one of the threads was started.
std::optional<std::string> veto::creationLock(const Rivals &rivals) {
  ObjectId through = kNone;
  if (CreationLocks(rivals.sharing).order(rivals.a.point, rivals.b.point, through))
    return "'" + rivals.sharing.nameOf(through) + "' was held at the start of the thread, and keeps them apart";
  return std::nullopt;
}

llvm::ArrayRef<Veto> vetoes() {
  static constexpr Veto kVetoes[] = {{"atomic", veto::atomic},
                                     {"volatile", veto::declaredVolatile},
                                     {"static local", veto::staticLocal},
                                     {"not shared", veto::notShared},
                                     {"ending", veto::ending},
                                     {"not parallel", veto::notParallel},
                                     {"locks unknown", veto::locksUnknown},
                                     {"common lock", veto::commonLock},
                                     {"construction", veto::construction},
                                     {"one of them", veto::oneOfThem},
                                     {"last to arrive", veto::lastToArrive},
                                     {"creation lock", veto::creationLock},
                                     {"not asked", veto::notAsked},
                                     {"far down", veto::farDown},
                                     {"handed over", veto::handedOver}};
  return kVetoes;
}

std::optional<std::string> vetoed(const Rivals &rivals, std::vector<std::string> &tried, llvm::ArrayRef<Reason> but) {
  for (const Veto &veto : vetoes())
    if (!llvm::is_contained(but, veto.reason))
      if (std::optional<std::string> reason = veto.reason(rivals))
        return reason;
  // Told of what is left alone: most pairs are not, and there are many.
  for (const Veto &veto : vetoes())
    if (std::string note = std::string(veto.name) + ": no";
        !llvm::is_contained(but, veto.reason) && !llvm::is_contained(tried, note))
      tried.push_back(note);
  return std::nullopt;
}

} // namespace heddle
