// What places mean in a frame (Frames.h).
#include "program/Frames.h"
#include "program/LockState.h"

namespace heddle {

using namespace facts;

ObjectSet Frames::contentsOf(ObjectId storage) {
  ObjectSet result(objects_.contents(storage));
  if (!result.empty() || objects_.lost(storage))
    return result;
  const Object &object = objects_[storage];
  if (object.type == kNone)
    return result;
  TypeKind kind = program_.facts().types()[object.type].kind();
  bool pointer = kind == TypeKind::Pointer || kind == TypeKind::Reference || kind == TypeKind::RvalueReference;
  // A local whose pointer isn't known stays so: only what others can name is worth a name.
  if (!pointer || object.kind == ObjectKind::Local || object.kind == ObjectKind::Value || object.kind == ObjectKind::Returned)
    return result;
  if (!symbolic_) {
    if (objects_.reader() != Objects::kNoReader)
      unresolved_.push_back(objects_.reader());
  } else if (ObjectId to = objects_.pointee(storage); to != kNone) {
    result.push_back(to);
  }
  return result;
}

/// Not so a value of a type that is too small for one.
bool Frames::carriesPointer(PlaceId value) const {
  TypeId type = value == kNone ? kNone : program_.places()[value].type();
  if (type == kNone)
    return true;
  const Type &row = program_.facts().types()[type];
  bool scalar = row.kind() == TypeKind::Bool || row.kind() == TypeKind::Integer || row.kind() == TypeKind::Enum;
  return row.kind() != TypeKind::Floating && !(scalar && row.size() > 0 && row.size() < pointerSize_);
}

/// Whether an object can have a field at all. What a set of possible targets holds by mistake often has another type.
bool Frames::mayHave(ObjectId id, FieldId field) const {
  const Object &object = objects_[id];
  const Facts &f = program_.facts();
  if (object.type == kNone || field >= f.fields().size())
    return true;
  const Type &type = f.types()[object.type];
  if (type.kind() != TypeKind::Record)
    return object.kind == ObjectKind::Made; // raw memory becomes what it is used as
  RecordId owner = f.fields()[field].record();
  return type.record() == owner || has(f.records()[type.record()].flags(), RecordFlag::Union) ||
         program_.isA(type.record(), owner) || program_.isA(owner, type.record());
}

/// A thread-local variable is one object a thread: that of the frame in which the thread's entry starts.
ObjectId Frames::globalIn(FrameId id, VariableId variable) {
  const Variable &row = program_.facts().variables()[variable];
  FrameId owner = has(row.flags(), VariableFlag::ThreadLocal) ? entries_[frames_[id].entry].frame : kNone;
  return objects_.root(ObjectKind::Global, variable, owner, row.type());
}

ObjectSet Frames::storage(FrameId id, PlaceId placeId) {
  ObjectSet result;
  if (placeId == kNone)
    return result;
  placeId = canonical(placeId);
  const facts::Place place = program_.places()[placeId];
  const Facts &f = program_.facts();
  BodyView body = f.body(frames_[id].body);
  switch (place.kind()) {
  case PlaceKind::Local:
    result.push_back(objects_.root(ObjectKind::Local, place.id(), id, body.locals[place.id()].type()));
    break;
  case PlaceKind::Param: {
    auto params = f.params(f.functions()[body.function()]);
    TypeId type = place.id() < params.size() ? params[place.id()] : place.type();
    bool byValue = type != kNone && f.types()[type].kind() == TypeKind::Record;
    if (byValue && place.id() < frames_[id].arguments.size() && !frames_[id].arguments[place.id()].empty())
      return frames_[id].arguments[place.id()];
    result.push_back(objects_.root(ObjectKind::Param, place.id(), id, type));
    break;
  }
  case PlaceKind::Capture:
    if (frames_[id].closure != kNone) {
      TypeId type = place.id() < body.captures.size() ? body.captures[place.id()].type() : place.type();
      result.push_back(objects_.capture(frames_[id].closure, place.id(), type));
    }
    break;
  case PlaceKind::Global:
    result.push_back(globalIn(id, place.id()));
    break;
  case PlaceKind::Result: {
    const Event &event = body.events[place.id()];
    TypeId type = program_.typeOf(placeId, body);
    if (event.kind() == EventKind::Closure)
      result.push_back(objects_.root(ObjectKind::Closure, place.id(), id, type));
    else if (event.result() != kNone && canonical(event.result()) != placeId)
      return storage(id, event.result());
    else if (event.kind() == EventKind::Construct && event.place() != kNone && canonical(event.place()) != placeId)
      return storage(id, event.place());
    else
      result.push_back(objects_.root(ObjectKind::Value, placeId, id, type));
    break;
  }
  case PlaceKind::ReturnSlot:
    result.push_back(objects_.root(ObjectKind::Returned, 0, id, program_.typeOf(placeId, body)));
    break;
  case PlaceKind::Field:
    for (ObjectId whole : storage(id, place.parent())) {
      // A pointer to an array, as its first element's address: which element it is by now isn't known.
      TypeId type = objects_[whole].type;
      bool array = type != kNone && f.types()[type].kind() == TypeKind::Array;
      if (!array && !mayHave(whole, place.id()))
        continue;
      unite(result, {objects_.field(array ? objects_.element(whole, kNone) : whole, place.id())});
    }
    break;
  case PlaceKind::Element: {
    std::optional<int64_t> index = program_.places().asConstant(place.id());
    for (ObjectId whole : storage(id, place.parent()))
      result.push_back(objects_.element(whole, index ? static_cast<uint32_t>(*index) : kNone));
    break;
  }
  case PlaceKind::Deref:
    return values(id, place.parent());
  case PlaceKind::This:
  case PlaceKind::AddressOf:
  case PlaceKind::Expr:
  case PlaceKind::Function: {
    // A value that is given by reference: a temporary that holds it.
    ObjectId temporary = objects_.root(ObjectKind::Value, placeId, id, program_.typeOf(placeId, body));
    ObjectSet value = values(id, placeId);
    objects_.store(temporary, value);
    if (place.kind() == PlaceKind::Expr && value.empty())
      return result;
    result.push_back(temporary);
    break;
  }
  default:
    break;
  }
  return result;
}

ObjectSet Frames::values(FrameId id, PlaceId placeId) {
  ObjectSet result;
  if (placeId == kNone)
    return result;
  placeId = canonical(placeId);
  const facts::Place place = program_.places()[placeId];
  switch (place.kind()) {
  case PlaceKind::AddressOf:
    return storage(id, place.parent());
  case PlaceKind::Function:
    result.push_back(objects_.root(ObjectKind::Function, place.id(), kNone, place.type()));
    return result;
  case PlaceKind::This:
    return frames_[id].self;
  case PlaceKind::Param: {
    const Facts &f = program_.facts();
    const Frame &frame = frames_[id];
    auto params = f.params(f.functions()[f.bodies()[frame.body].function()]);
    bool byValue =
        place.id() < params.size() && params[place.id()] != kNone && f.types()[params[place.id()]].kind() == TypeKind::Record;
    if (!byValue && place.id() < frame.arguments.size() && !frame.arguments[place.id()].empty())
      result = frame.arguments[place.id()];
    break; // and what the function stores there itself
  }
  case PlaceKind::Constant:
  case PlaceKind::String:
  case PlaceKind::Unknown:
    return result;
  case PlaceKind::Expr:
    // A pointer moved along an array points at some element of it.
    if (place.op() == ExprOp::Add || place.op() == ExprOp::Sub)
      for (ObjectId at : values(id, place.parent()))
        unite(result, {objects_.element(objects_[at].kind == ObjectKind::Element ? objects_[at].parent : at, kNone)});
    return result;
  default:
    break;
  }
  bool bound = !result.empty();
  for (ObjectId at : storage(id, placeId)) {
    if (objects_[at].kind == ObjectKind::Closure || objects_[at].kind == ObjectKind::Function)
      unite(result, {at});
    else
      unite(result, bound ? ObjectSet(objects_.contents(at)) : contentsOf(at));
  }
  if (result.size() > Objects::kValues)
    result.clear();
  return result;
}

ObjectSet Frames::held(FrameId id, EventId event, bool &unknown) {
  ObjectSet result = frames_[id].held;
  unknown = frames_[id].heldUnknown;
  for (const Held &held : program_.locks().at(frames_[id].body, event)) {
    ObjectSet locks = storage(id, held.lock);
    if (locks.empty())
      unknown = true;
    unite(result, locks);
  }
  return result;
}

} // namespace heddle
