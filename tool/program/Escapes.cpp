#include "program/Escapes.h"
#include "program/CallGraph.h"
#include "program/Uses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

Escapes::Escapes(const Program &program, const GuardStory &story)
    : program_(program), story_(story), sections_(program.sections()) {
  for (uint32_t id = 0; id < sections_.subjects().size(); ++id)
    subjects_.emplace(*sections_.subjects()[id].subject, id);
}

std::vector<Escape> Escapes::find() const {
  std::vector<Escape> found;
  if (subjects_.empty())
    return found;
  for (BodyId id : program_.bodies()) {
    BodyView body = program_.facts().body(id);
    std::set<uint32_t> told;
    for (EventId event = 0; event < body.events.size(); ++event) {
      EventKind kind = body.events[event].kind();
      std::optional<Escape> escape = kind == EventKind::Return ? returnedBy(body, event)
                                     : kind == EventKind::Call ? usedLate(body, event)
                                                               : std::nullopt;
      if (escape && !told.count(escape->subject) && complete(*escape)) {
        told.insert(escape->subject);
        found.push_back(*escape);
      }
    }
  }
  return found;
}

std::optional<uint32_t> Escapes::subjectAt(PlaceId place) const {
  const Places &places = program_.places();
  Subject subject;
  for (; place != kNone && places[place].kind() == PlaceKind::Field; place = places[place].parent()) {
    if (places[place].id() >= program_.facts().fields().size())
      return std::nullopt;
    subject.fields.insert(subject.fields.begin(), places[place].id());
  }
  if (place == kNone)
    return std::nullopt;
  if (places[place].kind() == PlaceKind::Global)
    subject.global = places[place].id();
  else if (places[place].kind() != PlaceKind::Deref)
    return std::nullopt;
  auto at = subjects_.find(subject);
  return at == subjects_.end() ? std::nullopt : std::optional(at->second);
}

bool Escapes::namesMemory(TypeId type) const {
  if (type == kNone)
    return false;
  const Type &row = program_.facts().types()[type];
  if (row.kind() == TypeKind::Reference || row.kind() == TypeKind::Pointer)
    return true;
  const ClassModel *model = row.kind() == TypeKind::Record ? program_.classModel(row.record()) : nullptr;
  return model && model->is == "iterator";
}

/// Whether a call gives the name of an element of a container that can move its elements.
bool Escapes::lendsElement(const Event &event) const {
  if (event.kind() != EventKind::Call || event.callee() == kNone || event.place() == kNone)
    return false;
  MemberCall call = memberCallOf(program_, event);
  return call.model && call.model->is == "container" && (!call.model->adds.empty() || !call.model->removes.empty()) &&
         call.reads && namesMemory(program_.facts().functions()[event.callee()].result());
}

/// Whether the body has taken the lock that guards `place`, and holds it at the event.
bool Escapes::heldFor(BodyId body, EventId event, PlaceId place, const GuardLock &guard) const {
  const LockState &locks = program_.locks();
  const Places &places = program_.places();
  if (!locks.known(body, event) || !locks.declared(body).empty() || !locks.required(body).empty())
    return false;
  return llvm::any_of(locks.at(body, event), [&](const Held &held) {
    PlaceId lock = places.canonical(locks.lockObject(held.lock));
    if (held.maybe || (held.acquisition != kNone && locks.acquisition(held.acquisition).body != body))
      return false;
    return lock == guard.global || (places[lock].kind() == PlaceKind::Field && places[lock].id() == guard.field &&
                                    places.within(place, places[lock].parent()));
  });
}

std::optional<Escape> Escapes::returnedBy(const BodyView &body, EventId event) const {
  const Places &places = program_.places();
  const Function &function = program_.facts().functions()[body.function()];
  if (body.events[event].operand_count() == 0 || !namesMemory(function.result()))
    return std::nullopt;
  PlaceId value = places.canonical(body.operands(body.events[event])[0]);
  Escape escape;
  escape.body = body.id;
  escape.leaves = event;
  escape.returned = true;
  if (places[value].kind() == PlaceKind::AddressOf) {
    escape.place = places.canonical(places[value].parent());
  } else if (places[value].kind() == PlaceKind::Result && lendsElement(body.events[places[value].id()])) {
    escape.got = places[value].id();
    escape.place = places.canonical(body.events[escape.got].place());
  }
  std::optional<uint32_t> subject = escape.place == kNone ? std::nullopt : subjectAt(escape.place);
  if (!subject || !heldFor(body.id, event, escape.place, sections_.subjects()[*subject].guard))
    return std::nullopt;
  escape.subject = *subject;
  return escape;
}

std::optional<Escape> Escapes::usedLate(const BodyView &body, EventId got) const {
  const Event &call = body.events[got];
  if (!lendsElement(call))
    return std::nullopt;
  Escape escape;
  escape.body = body.id;
  escape.got = got;
  escape.place = program_.places().canonical(call.place());
  std::optional<uint32_t> subject = subjectAt(escape.place);
  if (!subject || !heldFor(body.id, got, escape.place, sections_.subjects()[*subject].guard))
    return std::nullopt;
  escape.subject = *subject;
  // A reference or pointer is used through what it points at; an iterator, built in a local, by its own functions.
  Places &places = program_.places();
  PlaceId result = call.result() == kNone ? places.deref(places.make(PlaceKind::Result, got)) : places.canonical(call.result());
  if (places.rootKind(result) != PlaceKind::Result && places.rootKind(result) != PlaceKind::Local)
    return std::nullopt;
  const BlockGraph &graph = sections_.graph(body.id);
  for (EventId use = 0; use < body.events.size(); ++use) {
    const Event &row = body.events[use];
    bool uses = (row.kind() == EventKind::Read || row.kind() == EventKind::Write || row.kind() == EventKind::Call) &&
                row.place() != kNone && places.within(places.canonical(row.place()), result);
    if (!uses || !graph.inOrder(got, use) || !program_.locks().known(body.id, use) ||
        !program_.locks().at(body.id, use).empty() || !program_.locks().byCallers(body.id).empty())
      continue;
    escape.leaves = use;
    return escape;
  }
  return std::nullopt;
}

/// Whether somebody gets the name without the lock.
bool Escapes::findCaller(Escape &escape) const {
  auto callers = program_.calls().callers(escape.body);
  for (const CallGraph::Caller &caller : callers) {
    BodyView body = program_.facts().body(caller.body);
    if (!program_.locks().known(caller.body, caller.event) || !program_.locks().at(caller.body, caller.event).empty() ||
        !program_.locks().byCallers(caller.body).empty() || has(body.events[caller.event].flags(), EventFlag::Discarded))
      continue;
    escape.caller = GuardedAccess::Call{caller.body, caller.event};
    return true;
  }
  return callers.empty() && !program_.hasMain();
}

/// Finds who gets it and who changes it.
bool Escapes::complete(Escape &escape) const {
  using facts::FunctionFlag;
  const Facts &f = program_.facts();
  const GuardedSubject &subject = sections_.subjects()[escape.subject];
  RecordId record = classOf(program_, program_.guards().typeOf(*subject.subject));
  if (has(f.functions()[f.bodies()[escape.body].function()].flags(), FunctionFlag::Constructor | FunctionFlag::Destructor) ||
      (record != kNone && program_.ownsLock(record)) || (escape.returned && !findCaller(escape)))
    return false;
  GuardedAccess here;
  here.body = escape.body;
  here.event = escape.leaves;
  if (escape.caller)
    here.calls.push_back(*escape.caller);
  for (const GuardedAccess &other : *subject.accesses) {
    if (!other.write || !program_.guards().clear(other) || other.initial || !story_.mayMeet(here, other))
      continue;
    if (escape.got != kNone) {
      MemberCall change = memberCallOf(program_, f.body(other.body).events[other.event]);
      if (!change.adds && !change.removes)
        continue;
    }
    if (!escape.other || story_.rank(here, other) < story_.rank(here, *escape.other))
      escape.other = &other;
  }
  return escape.other;
}

} // namespace heddle
