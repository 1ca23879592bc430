// What variables hold from the start: functions, and tables of them (Frames.h).
#include "program/Frames.h"

namespace heddle {

using namespace facts;

void Frames::storeInitialValues() {
  const Facts &f = program_.facts();
  for (VariableId id = 0; id < f.variables().size(); ++id) {
    PlaceId initial = f.variables()[id].initializer();
    if (initial == kNone)
      continue;
    facts::Place place = program_.places()[canonical(initial)];
    if (place.kind() == PlaceKind::AddressOf)
      place = program_.places()[place.parent()];
    ObjectId variable = objects_.root(ObjectKind::Global, id, kNone, f.variables()[id].type());
    if (place.kind() == PlaceKind::Function)
      objects_.store(variable, {objects_.root(ObjectKind::Function, place.id(), kNone, place.type())});
    else if (place.kind() == PlaceKind::Global)
      objects_.store(variable, {objects_.root(ObjectKind::Global, place.id(), kNone, f.variables()[place.id()].type())});
  }
  // The parts of tables: of functions, of other tables.
  for (const Initial &row : f.initials()) {
    ObjectId part = partOfGlobal(row.part());
    facts::Place value = program_.places()[canonical(row.value())];
    if (value.kind() == PlaceKind::AddressOf)
      value = program_.places()[value.parent()];
    if (part == kNone)
      continue;
    if (value.kind() == PlaceKind::Function) {
      objects_.store(part, {objects_.root(ObjectKind::Function, value.id(), kNone, value.type())});
      tables_.insert(row.variable());
    } else if (value.kind() == PlaceKind::Global)
      objects_.store(part, {objects_.root(ObjectKind::Global, value.id(), kNone, f.variables()[value.id()].type())});
  }
}

/// A variable, or a field or element of one, as its initialiser names it.
ObjectId Frames::partOfGlobal(PlaceId id) {
  const facts::Place place = program_.places()[canonical(id)];
  switch (place.kind()) {
  case PlaceKind::Global:
    return objects_.root(ObjectKind::Global, place.id(), kNone, program_.facts().variables()[place.id()].type());
  case PlaceKind::Field:
  case PlaceKind::Element: {
    ObjectId whole = partOfGlobal(place.parent());
    if (whole == kNone)
      return kNone;
    if (place.kind() == PlaceKind::Field)
      return objects_.field(whole, place.id());
    std::optional<int64_t> index = place.id() == kNone ? std::nullopt : program_.places().asConstant(place.id());
    return objects_.element(whole, index ? static_cast<uint32_t>(*index) : kNone);
  }
  default:
    return kNone;
  }
}

/// Whether an argument is a function, or a table of functions.
bool Frames::givesFunction(PlaceId operand) const {
  if (operand == kNone)
    return false;
  const Facts &f = program_.facts();
  facts::Place place = program_.places()[canonical(operand)];
  TypeId type = program_.places()[operand].type();
  if (type != kNone && f.types()[type].kind() == TypeKind::Pointer && f.types()[type].pointee() != kNone &&
      f.types()[f.types()[type].pointee()].kind() == TypeKind::Function)
    return true;
  if (place.kind() == PlaceKind::AddressOf)
    place = program_.places()[place.parent()];
  return place.kind() == PlaceKind::Function || (place.kind() == PlaceKind::Global && tables_.count(place.id()));
}

} // namespace heddle
