#include "program/Accesses.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Accesses::Accesses(const Program &program, const Entries &entries)
    : program_(program), entries_(entries), frames_(entries.frames()) {
  if (entries.all().size() < 2)
    return;
  for (FrameId frame : frames_.reached())
    collect(frame);
  spreadOverParts();
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
  for (EventId event = 0; event < body.events.size(); ++event)
    for (const PlaceAccess &place : accessesOf(program_, body, event)) {
      Access proto{{place}, {id, event}, kNone};
      add({id, event}, place.place, proto);
    }
}

void Accesses::add(Point point, PlaceId place, Access proto) {
  ObjectSet objects = frames_.storage(point.frame, place);
  // What a thread that it doesn't come from has made is none of its own.
  if (objects.size() > 1)
    llvm::erase_if(objects, [&](ObjectId object) {
      FrameId maker = frames_.objects()[frames_.objects().rootOf(object)].frame;
      return maker != kNone && !entries_.descends(frames_[point.frame].entry, frames_[maker].entry);
    });
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

void Accesses::addObject(ObjectId id, const Access &proto, unsigned depth) {
  const Object object = frames_.objects()[id];
  ObjectKind root = frames_.objects()[frames_.objects().rootOf(id)].kind;
  if ((proto.frees && !frames_.objects().mayBeFreed(id)) || root == ObjectKind::Value || root == ObjectKind::Returned ||
      root == ObjectKind::Function || root == ObjectKind::Thread)
    return;
  Access access = proto;
  access.object = id;
  const Facts &f = program_.facts();
  // What a library's own variables allow is said by the library: std::cout is for all threads (C++20,
  // [iostream.objects.overview]).
  const Object &whole = frames_.objects()[frames_.objects().rootOf(id)];
  if (whole.kind == ObjectKind::Global && has(f.variables()[whole.id].flags(), VariableFlag::System))
    return;
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
  std::span<const FieldId> fields = program_.fieldsOf(record);
  if (fields.size() > kFields || depth > kDepth)
    return;
  for (FieldId field : fields)
    addObject(frames_.partOf(id, field), access, depth + 1);
}

/// Raw memory has no type, and so no fields: what frees all of it frees what it is used as.
void Accesses::spreadOverParts() {
  for (size_t i = 0, end = all_.size(); i < end; ++i) {
    if (!all_[i].frees)
      continue;
    Access part = all_[i];
    part.whole = true;
    std::vector<ObjectId> todo{part.object};
    for (size_t k = 0; k < todo.size() && k < kFields; ++k)
      for (ObjectId id : frames_.objects().parts(todo[k])) {
        todo.push_back(id);
        part.object = id;
        all_.push_back(part);
      }
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
