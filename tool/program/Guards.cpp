#include "program/Guards.h"
#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Guards::Guards(const Program &program) : program_(program), locks_(program.locks()), names_(program) {
  findTurns();
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
    owned = program_.ownsLock(program_.facts().fields()[p.id()].record());
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
