#include "program/Objects.h"

#include <algorithm>

namespace heddle {

using facts::kNone;

bool unite(ObjectSet &set, llvm::ArrayRef<ObjectId> more) {
  bool grew = false;
  for (ObjectId id : more) {
    auto at = std::lower_bound(set.begin(), set.end(), id);
    if (at != set.end() && *at == id)
      continue;
    set.insert(at, id);
    grew = true;
  }
  return grew;
}

ObjectId Objects::make(ObjectKind kind, uint32_t id, ObjectId parent, FrameId frame, facts::TypeId type) {
  auto [at, isNew] =
      ids_.try_emplace({uint64_t(kind) << 32 | id, uint64_t(parent) << 32 | frame}, static_cast<ObjectId>(objects_.size()));
  if (isNew) {
    objects_.push_back({kind, id, parent, frame, type});
    contents_.emplace_back();
    parts_.emplace_back();
    if (parent != kNone && kind != ObjectKind::Pointee)
      parts_[parent].push_back(at->second);
    given_up_.push_back(false);
  } else if (objects_[at->second].type == kNone) {
    objects_[at->second].type = type;
  }
  return at->second;
}

ObjectId Objects::root(ObjectKind kind, uint32_t id, FrameId frame, facts::TypeId type) {
  return make(kind, id, kNone, frame, type);
}

ObjectId Objects::field(ObjectId parent, facts::FieldId id) {
  facts::TypeId type = id < facts_.fields().size() ? facts_.fields()[id].type() : kNone;
  return make(ObjectKind::Field, id, parent, objects_[parent].frame, type);
}

ObjectId Objects::element(ObjectId parent, uint32_t index) {
  const Object whole = objects_[parent];
  facts::TypeId type = kNone;
  if (whole.type != kNone && facts_.types()[whole.type].kind() == facts::TypeKind::Array)
    type = facts_.types()[whole.type].pointee();
  return make(ObjectKind::Element, index, parent, whole.frame, type);
}

ObjectId Objects::capture(ObjectId closure, uint32_t index, facts::TypeId type) {
  return make(ObjectKind::Capture, index, closure, objects_[closure].frame, type);
}

ObjectId Objects::pointee(ObjectId pointer) {
  const Object from = objects_[pointer];
  unsigned pointees = 0;
  for (ObjectId at = from.parent; at != kNone; at = objects_[at].parent) {
    pointees += objects_[at].kind == ObjectKind::Pointee;
    // A list or tree that is walked: its nodes are many, and none of them has a name.
    if (from.kind == ObjectKind::Field && objects_[at].kind == ObjectKind::Field && objects_[at].id == from.id)
      return kNone;
  }
  if (pointees >= kPointees)
    return kNone;
  facts::TypeId type = kNone;
  if (from.type != kNone) {
    const facts::Type &t = facts_.types()[from.type];
    if (t.kind() == facts::TypeKind::Pointer || t.kind() == facts::TypeKind::Reference ||
        t.kind() == facts::TypeKind::RvalueReference)
      type = t.pointee();
  }
  return make(ObjectKind::Pointee, 0, pointer, from.frame, type);
}

ObjectId Objects::rootOf(ObjectId id) const {
  while (objects_[id].parent != kNone)
    id = objects_[id].parent;
  return id;
}

bool Objects::within(ObjectId part, ObjectId whole) const {
  for (; part != kNone; part = objects_[part].parent)
    if (part == whole)
      return true;
  return false;
}

llvm::ArrayRef<ObjectId> Objects::contents(ObjectId storage) const { return contents_[storage]; }

bool Objects::store(ObjectId storage, llvm::ArrayRef<ObjectId> values) {
  if (given_up_[storage] || values.empty())
    return false;
  ObjectSet &set = contents_[storage];
  if (!unite(set, values))
    return false;
  ++changes_;
  if (set.size() > kValues) {
    given_up_[storage] = true;
    set.clear();
  }
  return true;
}

void Objects::copy(ObjectId to, ObjectId from, unsigned depth) {
  if (to == from || depth > 4)
    return;
  ObjectSet values(contents_[from]);
  store(to, values);
  llvm::SmallVector<ObjectId, 8> parts(parts_[from].begin(), parts_[from].end());
  for (ObjectId part : parts) {
    const Object p = objects_[part];
    if (contents_[part].empty() && parts_[part].empty())
      continue;
    copy(make(p.kind, p.id, to, objects_[to].frame, p.type), part, depth + 1);
  }
}

} // namespace heddle
