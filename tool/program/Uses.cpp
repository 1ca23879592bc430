#include "program/Uses.h"

namespace heddle {

using namespace facts;

bool Uses::mentions(EventId id, PlaceId place) const {
  const Places &places = program_.places();
  const Event &event = body_.events[id];
  if (places.mentions(places.canonical(event.place()), place) || places.mentions(places.canonical(event.result()), place))
    return true;
  return llvm::any_of(body_.operands(event), [&](PlaceId operand) { return places.mentions(places.canonical(operand), place); });
}

std::vector<EventId> Uses::of(PlaceId place) const {
  std::vector<EventId> result;
  for (EventId id = 0; id < body_.events.size(); ++id)
    if (mentions(id, place))
      result.push_back(id);
  return result;
}

bool Uses::tested(PlaceId value) const {
  const Places &places = program_.places();
  for (const Block &block : body_.blocks)
    for (const Edge &edge : body_.edgesOf(block))
      if (places.mentions(places.canonical(edge.value()), value))
        return true;
  return false;
}

bool Uses::resultUsed(EventId event) const {
  Places &places = program_.places();
  PlaceId result = places.make(PlaceKind::Result, event);
  if (tested(result))
    return true;
  std::vector<PlaceId> names = namesOfResult(event);
  for (EventId use : of(result)) {
    const Event &row = body_.events[use];
    PlaceId name = places.canonical(row.place());
    if (row.kind() != EventKind::Write || !llvm::is_contained(names, name))
      return true;
    std::vector<EventId> more = of(name);
    if (tested(name) || llvm::any_of(more, [&](EventId other) { return other != use; }))
      return true;
  }
  return false;
}

std::vector<PlaceId> Uses::namesOfResult(EventId event) const {
  Places &places = program_.places();
  PlaceId result = places.make(PlaceKind::Result, event);
  std::vector<PlaceId> names;
  for (const Event &row : body_.events) {
    PlaceId name = places.canonical(row.place());
    bool ofResult = row.kind() == EventKind::Write && row.operand_count() > 0 &&
                    places.canonical(body_.operands(row)[0]) == result && places[name].kind() == PlaceKind::Local;
    if (!ofResult || has(body_.locals[places[name].id()].flags(), LocalFlag::Reference | LocalFlag::CapturedByReference))
      continue;
    bool alone = llvm::none_of(body_.events, [&](const Event &other) {
      return &other != &row && other.kind() == EventKind::Write && places.canonical(other.place()) == name &&
             !has(other.flags(), EventFlag::Initial);
    });
    if (alone)
      names.push_back(name);
  }
  return names;
}

EventId Uses::endOf(PlaceId object) const {
  for (EventId id = body_.events.size(); id-- > 0;)
    if (body_.events[id].kind() == EventKind::Destroy && program_.places().canonical(body_.events[id].place()) == object)
      return id;
  return kNone;
}

bool outlivesCall(const Program &program, PlaceId place) {
  if (place == kNone)
    return false;
  const Places &places = program.places();
  const Facts &facts = program.facts();
  PlaceId root = places.root(place);
  bool through = false; // behind the pointer that the root is
  for (PlaceId id = place; id != root; id = places[id].parent())
    through = through || places[id].kind() == PlaceKind::Deref;
  switch (places[root].kind()) {
  case PlaceKind::Global: {
    const Variable &variable = facts.variables()[places[root].id()];
    return !has(variable.flags(), VariableFlag::Const | VariableFlag::Constexpr | VariableFlag::ThreadLocal);
  }
  case PlaceKind::This:
  case PlaceKind::Param:
  case PlaceKind::Capture:
    return through;
  default:
    return false;
  }
}

TypeId typeAt(const Program &program, const BodyView &body, PlaceId place) {
  if (place == kNone)
    return kNone;
  const Facts &facts = program.facts();
  const Place &row = program.places()[place];
  const Function &function = facts.functions()[body.function()];
  switch (row.kind()) {
  case PlaceKind::Param:
    return row.id() < function.param_count() ? facts.params(function)[row.id()] : kNone;
  case PlaceKind::Local:
    return row.id() < body.locals.size() ? body.locals[row.id()].type() : kNone;
  case PlaceKind::Capture:
    return row.id() < body.captures.size() ? body.captures[row.id()].type() : kNone;
  case PlaceKind::Global:
    return facts.variables()[row.id()].type();
  case PlaceKind::Field:
    return row.id() < facts.fields().size() ? facts.fields()[row.id()].type() : kNone;
  case PlaceKind::Deref:
  case PlaceKind::Element: {
    TypeId whole = typeAt(program, body, row.parent());
    return whole == kNone ? kNone : facts.types()[whole].pointee();
  }
  case PlaceKind::This:
    return kNone;
  case PlaceKind::Result:
    if (row.id() < body.events.size() && body.events[row.id()].callee() != kNone &&
        body.events[row.id()].kind() == EventKind::Call)
      return facts.functions()[body.events[row.id()].callee()].result();
    [[fallthrough]];
  default:
    return row.type();
  }
}

RecordId classAt(const Program &program, const BodyView &body, PlaceId place) {
  const Places &places = program.places();
  if (place != kNone && places[place].kind() == PlaceKind::Deref && places[places[place].parent()].kind() == PlaceKind::This)
    return program.facts().functions()[body.function()].record();
  return classOf(program, typeAt(program, body, place));
}

RecordId classOf(const Program &program, TypeId type) {
  if (type == kNone)
    return kNone;
  const Type &row = program.facts().types()[type];
  return row.kind() == TypeKind::Record ? row.record() : kNone;
}

namespace {
const ClassModel *kindOfClass(const Program &program, RecordId record, llvm::StringRef kind) {
  const ClassModel *model = record == kNone ? nullptr : program.classModel(record);
  return model && model->is == kind ? model : nullptr;
}
} // namespace

const ClassModel *kindAt(const Program &program, const BodyView &body, PlaceId place, llvm::StringRef kind) {
  return kindOfClass(program, classAt(program, body, place), kind);
}

const ClassModel *kindOf(const Program &program, TypeId type, llvm::StringRef kind) {
  return kindOfClass(program, classOf(program, type), kind);
}

} // namespace heddle
