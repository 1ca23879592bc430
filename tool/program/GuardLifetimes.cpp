// What an access can't share with another thread because of when it happens (Guards.h): the object is the function's own, not
// yet to be seen by others, or not any more.
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/Guards.h"

namespace heddle {

using namespace facts;

/// Whether a local points at what the function took out of where others find it: it reads the pointer from there and sets it to
/// another.
bool Guards::takenOut(const BodyView &body, PlaceId pointer) const {
  const Places &places = program_.places();
  if (places[pointer].kind() != PlaceKind::Local)
    return false;
  auto value = [&](const Event &event) { return event.operand_count() > 0 ? places.canonical(body.operands(event)[0]) : kNone; };
  for (const Event &taken : body.events) {
    if (taken.kind() != EventKind::Write || places.canonical(taken.place()) != pointer)
      continue;
    PlaceId from = value(taken);
    if (from == kNone || (places[from].kind() != PlaceKind::Field && places[from].kind() != PlaceKind::Element &&
                          places[from].kind() != PlaceKind::Global))
      continue;
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && event.place() != kNone && places.canonical(event.place()) == from &&
          value(event) != pointer)
        return true;
  }
  return false;
}

/// Whether the object is the function's own: it can't be shared yet, or not at all.
bool Guards::own(const BodyView &body, PlaceId object) const {
  const Places &places = program_.places();
  while (places[object].kind() == PlaceKind::Field || places[object].kind() == PlaceKind::Element)
    object = places[object].parent();
  const Place &p = places[object];
  if (p.kind() == PlaceKind::Global)
    return false;
  PlaceId root = places.root(object);
  // Only what the pointer itself points at is new: what is reached from there on by other pointers isn't, unless it was made
  // here, too.
  if (p.kind() != PlaceKind::Deref)
    return false;
  if (places[p.parent()].kind() == PlaceKind::Field) {
    bool made = false;
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && event.place() != kNone && places.canonical(event.place()) == p.parent()) {
        made = event.operand_count() > 0 && names_.fresh(body, body.operands(event)[0]);
        if (!made)
          break;
      }
    return made && own(body, p.parent());
  }
  if (p.parent() == root && (names_.fresh(body, root) || takenOut(body, root)))
    return true;
  PlaceId holder = smartPointer(body, p.parent());
  return holder != kNone && llvm::any_of(body.events, [&](const Event &event) {
           if (event.kind() == EventKind::Construct && places.canonical(event.place()) == holder)
             return event.operand_count() > 0 && names_.fresh(body, body.operands(event)[0]);
           return event.kind() == EventKind::Call && event.result() != kNone && places.canonical(event.result()) == holder &&
                  names_.makes(event);
         });
}

/// The local whose pointer this is: a smart pointer's own, or what its operator gives.
PlaceId Guards::smartPointer(const BodyView &body, PlaceId pointer) const {
  const Places &places = program_.places();
  const Place &p = places[pointer];
  PlaceId holder = kNone;
  if (p.kind() == PlaceKind::Field && p.id() >= program_.facts().fields().size())
    holder = p.parent();
  if (p.kind() == PlaceKind::Result) {
    const Event &event = body.events[p.id()];
    FunctionId callee = event.kind() == EventKind::Call ? event.callee() : kNone;
    const ClassModel *model = callee == kNone ? nullptr : program_.classModel(program_.facts().functions()[callee].record());
    if (model && model->is == "pointer" && event.place() != kNone)
      holder = places.canonical(event.place());
  }
  return holder != kNone && places[holder].kind() == PlaceKind::Local ? holder : kNone;
}

llvm::ArrayRef<EventId> Guards::startsOf(BodyId id) const {
  auto [at, isNew] = starts_.try_emplace(id);
  BodyView body = program_.facts().body(id);
  for (EventId start = 0; isNew && start < body.events.size(); ++start) {
    FunctionId callee = body.events[start].callee();
    const FunctionModel *model = callee == kNone ? nullptr : program_.model(callee);
    if (model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Start; }))
      at->second.push_back(start);
  }
  return at->second;
}

/// Whether the body starts a thread before the event: it may see what the body has made.
bool Guards::startsBefore(BodyId id, EventId event) const {
  return llvm::any_of(startsOf(id), [&](EventId start) { return program_.graph(id).inOrder(start, event); });
}

/// The locks that a body makes or destroys, by itself or by functions that it gives them to.
const std::vector<PlaceId> &Guards::initialisedBy(BodyId id, unsigned depth) const {
  static const std::vector<PlaceId> kUnknown;
  if (depth > kDepth && !initialised_.count(id))
    return kUnknown;
  auto [at, isNew] = initialised_.try_emplace(id);
  if (!isNew)
    return at->second;
  Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  auto isLock = [&](PlaceId place) {
    TypeId type = program_.typeOf(place, body);
    if (type == kNone || program_.facts().types()[type].kind() != TypeKind::Record)
      return false;
    const ClassModel *model = program_.classModel(program_.facts().types()[type].record());
    return model && model->is == "lock";
  };
  std::vector<PlaceId> made;
  for (const Event &event : body.events) {
    if (event.kind() == EventKind::Write && event.place() != kNone && isLock(event.place()))
      made.push_back(places.canonical(event.place())); // = PTHREAD_MUTEX_INITIALIZER
    if (event.kind() != EventKind::Call || event.callee() == kNone || event.operand_count() == 0)
      continue;
    auto operands = body.operands(event);
    auto pointee = [&](size_t operand) {
      PlaceId place = operand < operands.size() && operands[operand] != kNone ? places.canonical(operands[operand]) : kNone;
      return place != kNone && places[place].kind() == PlaceKind::AddressOf ? places[place].parent() : kNone;
    };
    if (const FunctionModel *model = program_.model(event.callee())) {
      PlaceId first = pointee(0);
      if (first != kNone && isLock(first) &&
          llvm::all_of(model->ops, [](const Op &op) { return op.verb == Verb::Set || op.verb == Verb::End; }))
        made.push_back(first);
      continue;
    }
    for (BodyId callee : program_.bodiesOf(event.callee()))
      for (PlaceId lock : std::vector(initialisedBy(callee, depth + 1))) {
        PlaceId root = places.root(lock), given = kNone;
        if (places[root].kind() == PlaceKind::Param && (given = pointee(places[root].id())) != kNone)
          made.push_back(given);
      }
  }
  return initialised_[id] = std::move(made);
}

/// A function that makes or destroys the lock of an object is its constructor or destructor, whatever the language; also for what
/// is reached from that object.
bool Guards::makesLockOf(BodyId id, PlaceId object) const {
  const Places &places = program_.places();
  return llvm::any_of(initialisedBy(id), [&](PlaceId owner) {
    while (places[owner].kind() == PlaceKind::Field || places[owner].kind() == PlaceKind::Element)
      owner = places[owner].parent();
    return owner != kNone && places.within(object, owner);
  });
}

/// What the body ends, by itself or by functions that always do: the events, each with the object's place.
const Guards::Endings &Guards::endingsOf(BodyId id, unsigned depth) const {
  static const Endings kUnknown;
  if (depth > kDepth && !endings_.count(id))
    return kUnknown;
  auto [at, isNew] = endings_.try_emplace(id);
  if (!isNew)
    return at->second;
  Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  Endings endings;
  for (EventId event = 0; event < body.events.size(); ++event) {
    for (const PlaceAccess &access : accessesOf(program_, body, event))
      if (access.frees)
        endings.emplace_back(event, places.canonical(access.place));
    const Event &call = body.events[event];
    if (call.kind() != EventKind::Call || call.callee() == kNone)
      continue;
    auto operands = body.operands(call);
    for (BodyId callee : program_.bodiesOf(call.callee()))
      for (auto [last, object] : endingsOf(callee, depth + 1)) {
        // What its caller points it at.
        PlaceId parameter = places[object].kind() == PlaceKind::Deref ? places[object].parent() : kNone;
        if (parameter != kNone && places[parameter].kind() == PlaceKind::Param && places[parameter].id() < operands.size() &&
            operands[places[parameter].id()] != kNone && endedOnAllWays(callee, kNone, object))
          endings.emplace_back(event, places.deref(places.canonical(operands[places[parameter].id()])));
      }
  }
  return endings_[id] = std::move(endings);
}

/// Whether every way from an event on, or from the body's start if there is none, leads to one that ends the object.
bool Guards::endedOnAllWays(BodyId id, EventId from, PlaceId object) const {
  const Endings &endings = endingsOf(id);
  if (endings.empty() || program_.places().rootKind(object) == PlaceKind::Global)
    return false;
  const BlockGraph &graph = program_.graph(id);
  BlockId start = from == kNone ? 0 : graph.blockOf(from);
  llvm::BitVector ending(graph.size());
  for (auto [event, ended] : endings)
    if (program_.places().within(object, ended) && (from == kNone || graph.blockOf(event) != start || event >= from))
      ending.set(graph.blockOf(event));
  return ending.any() &&
         !graph.leads(
             start, [&](BlockId block) { return graph.after(block).empty(); }, [&](BlockId block) { return ending[block]; });
}

/// Whether a body that takes no lock, and that others are to call, makes the memory of a global or frees it: it sets the library
/// up or tears it down.
bool Guards::setsUpLibrary(BodyId id) const {
  if (program_.hasMain())
    return false;
  auto [at, isNew] = setsUp_.try_emplace(id, false);
  if (!isNew)
    return at->second;
  const Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  bool makes = false, frees = false;
  auto ofGlobal = [&](PlaceId place) { return place != kNone && places[place].kind() == PlaceKind::Global; };
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    makes = makes || (row.kind() == EventKind::Write && row.operand_count() > 0 && ofGlobal(places.canonical(row.place())) &&
                      names_.fresh(body, body.operands(row)[0]));
    for (const PlaceAccess &access : accessesOf(program_, body, event))
      if (PlaceId ended = access.frees ? places.canonical(access.place) : kNone;
          ended != kNone && places[ended].kind() == PlaceKind::Deref)
        frees = frees || ofGlobal(places[ended].parent());
  }
  return at->second = makes != frees && program_.calls().callers(id).empty() && locks_.summary(id).pairs.empty();
}

/// Whether nobody else can see the object in this body: its constructor, its destructor, or what stands for one. Who moves an
/// object has it to himself.
bool Guards::unseen(BodyId id, EventId event, PlaceId object) const {
  if (object == kNone)
    return false;
  const Places &places = program_.places();
  const Facts &f = program_.facts();
  const Function &function = f.functions()[f.bodies()[id].function()];
  auto params = f.params(function);
  auto moves = [&](size_t parameter) {
    return parameter < params.size() && params[parameter] != kNone &&
           f.types()[params[parameter]].kind() == TypeKind::RvalueReference;
  };
  PlaceKind root = places.rootKind(object);
  bool special = has(function.flags(), FunctionFlag::Constructor | FunctionFlag::Destructor) ||
                 (has(function.flags(), FunctionFlag::AssignmentOperator) && moves(0));
  if (root == PlaceKind::This && special)
    return true;
  if (root == PlaceKind::Param && moves(places[places.root(object)].id()))
    return true;
  if (places[object].kind() == PlaceKind::Global)
    return has(function.flags(), FunctionFlag::Synthetic) || setsUpLibrary(id);
  return (makesLockOf(id, object) && !startsBefore(id, event)) || endedOnAllWays(id, event, object);
}

/// Whether an object's destructor, where it has the object's own lock, goes on to wait for others: they are still there.
bool Guards::endsBeside(const Climb &at, BodyId id, EventId event) const {
  const Facts &f = program_.facts();
  const Function &function = f.functions()[f.bodies()[id].function()];
  if (!has(function.flags(), FunctionFlag::Destructor) || at.object == kNone ||
      program_.places().rootKind(at.object) != PlaceKind::This)
    return false;
  auto own = [&](GuardLock lock) { return lock.field != kNone && f.fields()[lock.field].record() == function.record(); };
  return llvm::any_of(at.access.surely, own) && llvm::any_of(locks_.summary(id).waits, [&](const CriticalWait &critical) {
           const Wait &wait = locks_.wait(critical.wait);
           return wait.reason->kind == BlockKind::Thread && program_.graph(id).reaches(event, wait.event);
         });
}

} // namespace heddle
