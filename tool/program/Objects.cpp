#include "program/Objects.h"

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

size_t Objects::slotOf(const Object &key) const {
  uint64_t hash = (uint64_t(key.id) << 32 | key.frame) * 0x9e3779b97f4a7c15 ^ (uint64_t(key.parent) << 8 | uint64_t(key.kind));
  hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9;
  size_t mask = table_.size() - 1;
  for (size_t slot = (hash ^ hash >> 32) & mask;; slot = (slot + 1) & mask) {
    if (table_[slot] == kNone)
      return slot;
    const Object &at = objects_[table_[slot]];
    if (at.kind == key.kind && at.id == key.id && at.parent == key.parent && at.frame == key.frame)
      return slot;
  }
}

void Objects::growTable() {
  table_.assign(std::max<size_t>(1024, table_.size() * 2), kNone);
  for (ObjectId id = 0; id < objects_.size(); ++id)
    table_[slotOf(objects_[id])] = id;
}

ObjectId Objects::make(ObjectKind kind, uint32_t id, ObjectId parent, FrameId frame, facts::TypeId type) {
  if (objects_.size() * 2 >= table_.size())
    growTable();
  ObjectId &at = table_[slotOf({kind, id, parent, frame, type})];
  if (at == kNone) {
    at = objects_.size();
    objects_.push_back({kind, id, parent, frame, type});
    rows_.emplace_back();
    if (!settled_) {
      readers_.emplace_back();
      wholeReaders_.emplace_back();
    }
    if (parent != kNone && kind != ObjectKind::Pointee)
      rows_[parent].parts.push_back(at);
  } else if (objects_[at].type == kNone) {
    objects_[at].type = type;
  }
  return at;
}

void Objects::become(ObjectId id, facts::TypeId type) {
  if (objects_[id].type == type)
    return;
  objects_[id].type = type;
  tell(id);
}

ObjectId Objects::root(ObjectKind kind, uint32_t id, FrameId frame, facts::TypeId type) {
  return make(kind, id, kNone, frame, type);
}

ObjectId Objects::field(ObjectId parent, facts::FieldId id, facts::TypeId type) {
  if (id < facts_.fields().size())
    type = facts_.fields()[id].type();
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

bool Objects::mayBeFreed(ObjectId id) const {
  while (objects_[id].parent != kNone && objects_[id].kind != ObjectKind::Pointee)
    id = objects_[id].parent;
  ObjectKind kind = objects_[id].kind;
  return kind != ObjectKind::Global && kind != ObjectKind::Local && kind != ObjectKind::Param;
}

bool Objects::within(ObjectId part, ObjectId whole) const {
  for (; part != kNone; part = objects_[part].parent)
    if (part == whole)
      return true;
  return false;
}

bool Objects::store(ObjectId storage, llvm::ArrayRef<ObjectId> values) {
  Row &row = rows_[storage];
  if (row.givenUp || values.empty() || !unite(row.contents, values))
    return false;
  if (row.contents.size() > (isList(storage) ? kListed : kValues)) {
    row.givenUp = true;
    row.contents.clear();
  }
  tell(storage);
  for (ObjectId value : values)
    if (!cloning_ && keeps(storage, value))
      publish(value);
  return true;
}

/// Whether a pointer to `value` in `storage` outlives the frame that made the value, or leads there from other objects.
bool Objects::keeps(ObjectId storage, ObjectId value) const {
  ObjectId root = storage;
  bool pointed = false; // by a pointer of which nothing else is known
  for (; objects_[root].parent != kNone; root = objects_[root].parent)
    pointed |= objects_[root].kind == ObjectKind::Pointee;
  const Object &holder = objects_[root];
  switch (holder.kind) {
  case ObjectKind::Value:
  case ObjectKind::Returned:
  case ObjectKind::Param:
    return pointed;
  case ObjectKind::Local:
    return holder.frame != objects_[rootOf(value)].frame;
  case ObjectKind::Made:
    return root != rootOf(value);
  default:
    return true;
  }
}

void Objects::publish(ObjectId part) {
  while (objects_[part].kind == ObjectKind::Field || objects_[part].kind == ObjectKind::Element)
    part = objects_[part].parent;
  if (objects_[part].kind == ObjectKind::Made && !std::exchange(rows_[part].published, true))
    tell(part);
}

/// Who read the contents, or those of something that it is a part of, has to look again.
void Objects::tell(ObjectId storage) {
  ++clock_;
  if (settled_)
    return;
  auto take = [&](Readers &readers) {
    stale_.insert(stale_.end(), readers.begin(), readers.end());
    readers.clear();
  };
  take(readers_[storage]);
  for (ObjectId at = storage;; at = objects_[at].parent) {
    rows_[at].grown = clock_;
    take(wholeReaders_[at]);
    if (objects_[at].parent == kNone || objects_[at].kind == ObjectKind::Pointee)
      return;
  }
}

void Objects::copy(ObjectId to, ObjectId from) {
  if (to == from)
    return;
  store(to, ObjectSet(contents(from)));
  copyParts(to, from);
}

void Objects::copyParts(ObjectId to, ObjectId from) {
  if (to == from)
    return;
  if (reader_ != kNoReader)
    note(wholeReaders_[from]);
  if (!rows_[from].parts.empty())
    copyParts(to, from, std::exchange(copied_[uint64_t(to) << 32 | from], clock_), 1);
}

/// What didn't grow since the last time is there already.
void Objects::copyParts(ObjectId to, ObjectId from, uint32_t since, unsigned depth) {
  if (depth > kCopyDepth)
    return;
  llvm::SmallVector<ObjectId, 8> parts;
  for (ObjectId part : rows_[from].parts)
    if (rows_[part].grown > since)
      parts.push_back(part);
  for (ObjectId part : parts) {
    const Object p = objects_[part];
    ObjectId same = make(p.kind, p.id, to, objects_[to].frame, p.type);
    store(same, ObjectSet(rows_[part].contents));
    copyParts(same, part, since, depth + 1);
  }
}

void Objects::settle() {
  settled_ = true;
  reader_ = kNoReader;
  readers_.clear();
  readers_.shrink_to_fit();
  wholeReaders_.clear();
  wholeReaders_.shrink_to_fit();
  copied_.shrink_and_clear();
}

} // namespace heddle
