#include "program/Accesses.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Accesses::Accesses(const Program &program, const Entries &entries) : program_(program), frames_(entries.frames()) {
  if (entries.all().size() < 2)
    return;
  for (FrameId frame : frames_.reached())
    collect(frame);
  dropUnshared();
  for (uint32_t id = 0; id < all_.size(); ++id) {
    auto [at, isNew] = byObject_.try_emplace(all_[id].object);
    if (isNew)
      objects_.push_back(all_[id].object);
    at->second.push_back(id);
  }
}

llvm::ArrayRef<uint32_t> Accesses::of(ObjectId object) const {
  auto at = byObject_.find(object);
  return at == byObject_.end() ? llvm::ArrayRef<uint32_t>() : llvm::ArrayRef<uint32_t>(at->second);
}

void Accesses::collect(FrameId id) {
  BodyView body = frames_.body(id);
  const Facts &f = program_.facts();
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    Access proto;
    proto.point = {id, event};
    proto.atomic = has(row.flags(), EventFlag::Atomic);
    proto.update = has(row.flags(), EventFlag::Update);
    proto.initial = has(row.flags(), EventFlag::Initial);
    if (row.kind() == EventKind::Read || row.kind() == EventKind::Write) {
      proto.write = row.kind() == EventKind::Write;
      if (proto.write && row.operand_count() > 0) {
        PlaceKind value = program_.places()[body.operands(row)[0]].kind();
        proto.constant = value == PlaceKind::Constant || value == PlaceKind::String;
      }
      add({id, event}, row.place(), proto);
      continue;
    }
    if ((row.kind() != EventKind::Call && row.kind() != EventKind::Construct) || row.callee() == kNone ||
        !program_.bodiesOf(row.callee()).empty())
      continue;
    collectArguments(id, event, proto);
    if (program_.model(row.callee()) || row.operand_count() != 1)
      continue;
    // A copy that has no body of its own: the compiler's, or a library's.
    FunctionFlag flags = f.functions()[row.callee()].flags();
    bool assigns = has(flags, FunctionFlag::AssignmentOperator);
    if (!assigns && !has(flags, FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor))
      continue;
    if (assigns) {
      proto.write = true;
      add({id, event}, row.place(), proto);
    }
    proto.write = false;
    for (ObjectId object : frames_.values(id, body.operands(row)[0]))
      addObject(object, proto);
  }
}

/// A library's function that takes a scalar member by reference to const, as std::pair's constructor and std::max do, reads it.
void Accesses::collectArguments(FrameId id, EventId event, const Access &proto) {
  BodyView body = frames_.body(id);
  const Facts &f = program_.facts();
  const Event &row = body.events[event];
  auto params = f.params(f.functions()[row.callee()]);
  auto operands = body.operands(row);
  for (size_t i = 0; i < operands.size() && i < params.size(); ++i) {
    if (!program_.isReference(params[i]))
      continue;
    const Type &to = f.types()[f.types()[params[i]].pointee()];
    if (!has(to.flags(), TypeFlag::Const) || to.kind() == TypeKind::Record)
      continue;
    ObjectSet objects = frames_.values(id, operands[i]);
    Access read = proto;
    read.write = false;
    if (objects.size() == 1)
      addObject(objects.front(), read);
  }
}

void Accesses::add(Point point, PlaceId place, Access proto) {
  ObjectSet objects = frames_.storage(point.frame, place);
  if (objects.size() > kObjects)
    return;
  proto.several = objects.size() > 1;
  // A pointer that walks along an array is at any of its elements.
  for (ObjectId object : objects)
    for (ObjectId at = object; at != kNone && proto.several; at = frames_.objects()[at].parent)
      if (frames_.objects()[at].kind == ObjectKind::Element && frames_.objects()[at].id == kNone)
        return;
  for (ObjectId object : objects)
    addObject(object, proto);
}

void Accesses::addObject(ObjectId id, const Access &proto) {
  const Object object = frames_.objects()[id];
  ObjectKind root = frames_.objects()[frames_.objects().rootOf(id)].kind;
  if (root == ObjectKind::Value || root == ObjectKind::Returned || root == ObjectKind::Function || root == ObjectKind::Thread)
    return;
  Access access = proto;
  access.object = id;
  const Facts &f = program_.facts();
  if (object.type == kNone || f.types()[object.type].kind() != TypeKind::Record) {
    all_.push_back(access);
    return;
  }
  RecordId record = f.types()[object.type].record();
  if (has(f.records()[record].flags(), RecordFlag::System | RecordFlag::Union)) {
    all_.push_back(access);
    return;
  }
  access.whole = true;
  auto [first, last] = frames_.fieldsOf(record);
  if (last - first > static_cast<ptrdiff_t>(kFields))
    return;
  for (auto field = first; field != last; ++field) {
    access.object = frames_.partOf(id, *field);
    all_.push_back(access);
  }
}

/// Keeps what two entries touch, or one that may run beside itself.
void Accesses::dropUnshared() {
  llvm::DenseMap<ObjectId, std::pair<EntryId, bool>> seen; // by object: an entry, and whether there is another
  for (const Access &access : all_) {
    EntryId entry = frames_[access.point.frame].entry;
    auto [at, isNew] = seen.try_emplace(access.object, entry, false);
    if (!isNew && at->second.first != entry)
      at->second.second = true;
  }
  std::erase_if(all_, [&](const Access &access) {
    auto [entry, several] = seen[access.object];
    return !several && frames_.objects()[frames_.objects().rootOf(access.object)].frame != kNone &&
           frames_[frames_.objects()[frames_.objects().rootOf(access.object)].frame].entry == entry;
  });
}

} // namespace heddle
