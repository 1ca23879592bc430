#include "program/Guards.h"
#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Guards::Guards(const Program &program) : program_(program), locks_(program.locks()), names_(program) {
  findTurns();
  fieldsOf_.resize(program.facts().records().size());
  for (FieldId id = 0; id < program.facts().fields().size(); ++id)
    fieldsOf_[program.facts().fields()[id].record()].push_back(id);
  // First what is locked anywhere, then every way to get to those: nearly all of a program is never locked.
  std::vector<Climb> sites;
  std::set<Subject> locked;
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      for (const PlaceAccess &access : accessesOf(program, body, event)) {
        Climb site;
        site.place = program.places().canonical(access.place);
        site.subject = subjectOf(site.place, site.object);
        bool anyLock = !names_.above(id).empty() || !locks_.at(id, event).empty();
        if (site.subject ? !mayMatter(*site.subject) : !anyLock || !throughParameter(site.place))
          continue;
        if (anyLock && site.subject)
          locked.insert(*site.subject);
        static_cast<AccessKind &>(site.access) = access;
        site.access.body = id;
        site.access.event = event;
        site.access.object = site.object;
        sites.push_back(std::move(site));
      }
  }
  for (const Climb &site : sites) {
    if (site.subject && (!locked.count(*site.subject) || own(program.facts().body(site.access.body), site.object)))
      continue;
    size_t ways = 0;
    climb(site, site.access.body, site.access.event, ways);
  }
}

/// Whether a place is what a parameter points at: something of a caller's.
bool Guards::throughParameter(PlaceId place) const {
  const Places &places = program_.places();
  for (; place != kNone && places[place].parent() != kNone; place = places[place].parent())
    if (places[place].kind() == PlaceKind::Deref && places[places[place].parent()].kind() == PlaceKind::Param)
      return true;
  return false;
}

/// The fields from the last pointer on, or from the last class that owns a lock; `object` gets what the first of them is a member
/// of.
std::optional<Subject> Guards::subjectOf(PlaceId place, PlaceId &object) const {
  const Places &places = program_.places();
  Subject subject;
  bool owned = false;
  for (; place != kNone && !owned; place = places[place].parent()) {
    const Place &p = places[place];
    if (p.kind() == PlaceKind::Element)
      continue;
    if (p.kind() != PlaceKind::Field)
      break;
    if (p.id() >= program_.facts().fields().size())
      return std::nullopt;
    subject.fields.insert(subject.fields.begin(), p.id());
    owned = ownsLock(program_.facts().fields()[p.id()].record());
  }
  if (place == kNone)
    return std::nullopt;
  object = place;
  PlaceKind kind = places.rootKind(place);
  if (places[place].kind() == PlaceKind::Global && !owned)
    subject.global = places[place].id();
  else if (kind != PlaceKind::Global && !throughPointer(place))
    return std::nullopt; // a local's own
  return subject.fields.empty() && subject.global == kNone ? std::nullopt : std::optional(subject);
}

bool Guards::throughPointer(PlaceId place) const {
  for (; place != kNone; place = program_.places()[place].parent())
    if (program_.places()[place].kind() == PlaceKind::Deref)
      return true;
  return false;
}

bool Guards::ownsLock(RecordId record) const {
  const Facts &f = program_.facts();
  for (FieldId id : fieldsOf_[record]) {
    RecordId member = program_.recordOf(f.fields()[id].type());
    if (member == kNone || f.types()[f.fields()[id].type()].kind() != TypeKind::Record)
      continue;
    if (const ClassModel *model = program_.classModel(member); model && model->is == "lock")
      return true;
    for (FieldId inner : fieldsOf_[member])
      if (const ClassModel *model = program_.classModel(program_.recordOf(f.fields()[inner].type()));
          model && model->is == "lock")
        return true;
  }
  return false;
}

TypeId Guards::typeOf(const Subject &subject) const {
  return subject.fields.empty() ? program_.facts().variables()[subject.global].type()
                                : program_.facts().fields()[subject.fields.back()].type();
}

bool Guards::declaresGuard(OwnerKind kind, uint32_t owner) const {
  return llvm::any_of(locks_.attributes().of(kind, owner),
                      [](const Attribute &a) { return a.kind() == AttributeKind::GuardedBy; });
}

bool Guards::mayMatter(const Subject &subject) const {
  const Facts &f = program_.facts();
  // What declares its lock is not for inference.
  if (subject.fields.empty() ? declaresGuard(OwnerKind::Variable, subject.global)
                             : llvm::any_of(subject.fields, [&](FieldId id) { return declaresGuard(OwnerKind::Field, id); }))
    return false;
  if (subject.global != kNone &&
      has(f.variables()[subject.global].flags(), VariableFlag::ThreadLocal | VariableFlag::Const | VariableFlag::Constexpr))
    return false;
  TypeId type = typeOf(subject);
  while (type != kNone && f.types()[type].kind() == TypeKind::Array)
    type = f.types()[type].pointee();
  if (type == kNone)
    return true;
  const Type &t = f.types()[type];
  if (has(t.flags(), TypeFlag::Atomic | TypeFlag::Const))
    return false;
  if (t.kind() != TypeKind::Record)
    return true;
  const ClassModel *model = program_.classModel(t.record());
  return !model || model->is == "container" || model->is == "pointer" || model->is == "callable";
}

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
  // Only what the pointer itself points at is new: what is reached from there on by other pointers isn't.
  if (p.kind() != PlaceKind::Deref)
    return false;
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

/// A function that makes or destroys the lock of an object is its constructor or destructor, whatever the language; also for what
/// is reached from that object.
bool Guards::makesLockOf(BodyId id, PlaceId object) const {
  auto isLock = [&](PlaceId place) {
    TypeId type = program_.typeOf(place, program_.facts().body(id));
    if (type == kNone || program_.facts().types()[type].kind() != TypeKind::Record)
      return false;
    const ClassModel *model = program_.classModel(program_.facts().types()[type].record());
    return model && model->is == "lock";
  };
  auto [at, isNew] = initialised_.try_emplace(id);
  if (isNew) {
    BodyView body = program_.facts().body(id);
    const Places &places = program_.places();
    for (const Event &event : body.events) {
      if (event.kind() == EventKind::Write && event.place() != kNone && isLock(event.place()))
        at->second.push_back(places.canonical(event.place())); // = PTHREAD_MUTEX_INITIALIZER
      const FunctionModel *model =
          event.kind() == EventKind::Call && event.callee() != kNone ? program_.model(event.callee()) : nullptr;
      if (!model || event.operand_count() == 0 ||
          !llvm::all_of(model->ops, [](const Op &op) { return op.verb == Verb::Set || op.verb == Verb::End; }))
        continue;
      PlaceId first = places.canonical(body.operands(event)[0]);
      if (first == kNone || places[first].kind() != PlaceKind::AddressOf || places[first].parent() == kNone)
        continue;
      if (isLock(places[first].parent()))
        at->second.push_back(places[first].parent());
    }
  }
  const Places &places = program_.places();
  return llvm::any_of(at->second, [&](PlaceId owner) {
    while (places[owner].kind() == PlaceKind::Field || places[owner].kind() == PlaceKind::Element)
      owner = places[owner].parent();
    return owner != kNone && places.within(object, owner);
  });
}

/// Whether nobody else can see the object in this body: its constructor, its destructor, or what stands for one.
bool Guards::unseen(BodyId id, PlaceId object) const {
  if (object == kNone)
    return false;
  const Places &places = program_.places();
  const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
  if (has(function.flags(), FunctionFlag::Constructor | FunctionFlag::Destructor) && places.rootKind(object) == PlaceKind::This)
    return true;
  if (places[object].kind() == PlaceKind::Global)
    return has(function.flags(), FunctionFlag::Synthetic);
  return makesLockOf(id, object);
}

std::string Guards::nameOf(const Subject &subject) const {
  const Facts &f = program_.facts();
  std::string name;
  if (subject.global != kNone) {
    name = f.string(f.variables()[subject.global].name()).str();
  } else {
    const Field &first = f.fields()[subject.fields.front()];
    name = (f.string(f.records()[first.record()].name()) + "::" + f.string(first.name())).str();
  }
  for (size_t i = subject.global == kNone; i < subject.fields.size(); ++i)
    name += ("." + f.string(f.fields()[subject.fields[i]].name())).str();
  return name;
}

std::string Guards::entityOf(const Subject &subject) const {
  if (subject.fields.empty())
    return nameOf(subject);
  const Facts &f = program_.facts();
  const Field &field = f.fields()[subject.fields.back()];
  return (f.string(f.records()[field.record()].name()) + "::" + f.string(field.name())).str();
}

std::string Guards::entityOf(const GuardLock &lock) const {
  return lock.field == kNone ? nameOf(lock) : entityOf(Subject{kNone, {lock.field}});
}

std::string Guards::shortNameOf(const Subject &subject) const {
  std::string name = nameOf(subject);
  if (subject.global != kNone)
    return name;
  const Facts &f = program_.facts();
  return name.substr(f.string(f.records()[f.fields()[subject.fields.front()].record()].name()).size() + 2);
}

std::string Guards::nameOf(const GuardLock &lock) const {
  if (lock.field != kNone)
    return program_.facts().string(program_.facts().fields()[lock.field].name()).str();
  return program_.places().text(lock.global);
}

} // namespace heddle
