#include "program/Places.h"
#include "facts/Text.h"

namespace heddle {

Places::Places(const facts::Facts &facts) : facts_(facts) {
  places_.assign(facts.places().begin(), facts.places().end());
  made_.reserve(places_.size());
  canonical_.resize(places_.size());
  for (PlaceId id = 0; id < places_.size(); ++id) {
    // Rows come parents first, so what a row names is canonical already. Two rows that differ in type alone are one place.
    const facts::Place &p = places_[id];
    PlaceId parent = canonical(p.parent());
    uint32_t argument = indexed(p) ? canonical(p.id()) : p.id();
    PlaceId &slot = slotFor(p.kind(), argument, parent, p.op());
    if (slot == kNone) {
      slot = id;
      ++canonicals_;
    }
    canonical_[id] = slot;
    places_[id] = facts::Place(parent, argument, p.type(), p.kind(), p.op());
    made_.push_back(madeOf(id, places_[id]));
  }
  for (facts::ConstantId id = 0; id < facts.constantCount(); ++id)
    constantIds_.try_emplace(facts.constant(id), id);
}

Places::Made Places::madeOf(PlaceId id, const facts::Place &place) const {
  Made made{bit(id), 0};
  if (PlaceId parent = place.parent(); parent != kNone)
    made = {made.parts | made_[parent].parts, made_[parent].depth + 1};
  if (indexed(place) && place.id() != kNone)
    made.parts |= made_[place.id()].parts;
  return made;
}

size_t Places::slotOf(PlaceKind kind, uint32_t id, PlaceId parent, facts::ExprOp op) const {
  uint64_t hash = (uint64_t(id) << 32 | parent) * 0x9e3779b97f4a7c15 ^ (uint64_t(kind) << 8 | uint64_t(op));
  hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9;
  size_t mask = table_.size() - 1;
  for (size_t slot = (hash ^ hash >> 32) & mask;; slot = (slot + 1) & mask) {
    if (table_[slot] == kNone)
      return slot;
    const facts::Place &at = places_[table_[slot]];
    if (at.kind() == kind && at.op() == op && at.id() == id && at.parent() == parent)
      return slot;
  }
}

void Places::growTable() {
  std::vector<PlaceId> old = std::exchange(table_, std::vector<PlaceId>(std::max<size_t>(1024, table_.size() * 2), kNone));
  for (PlaceId id : old)
    if (id != kNone)
      table_[slotOf(places_[id].kind(), places_[id].id(), places_[id].parent(), places_[id].op())] = id;
}

/// Of the one place that is made so; kNone in it where there is none yet.
PlaceId &Places::slotFor(PlaceKind kind, uint32_t id, PlaceId parent, facts::ExprOp op) {
  if (canonicals_ * 2 >= table_.size())
    growTable();
  return table_[slotOf(kind, id, parent, op)];
}

PlaceId Places::make(PlaceKind kind, uint32_t id, PlaceId parent, facts::ExprOp op, facts::TypeId type) {
  if (kind == PlaceKind::Deref && places_[parent].kind() == PlaceKind::AddressOf)
    return places_[parent].parent();
  if (kind == PlaceKind::AddressOf && places_[parent].kind() == PlaceKind::Deref)
    return places_[parent].parent();
  PlaceId &slot = slotFor(kind, id, parent, op);
  if (slot != kNone)
    return slot;
  slot = places_.size();
  ++canonicals_;
  places_.emplace_back(parent, id, type, kind, op);
  made_.push_back(madeOf(slot, places_.back()));
  canonical_.push_back(slot);
  return slot;
}

PlaceId Places::member(PlaceId object, llvm::StringRef pseudoField) {
  auto [it, fresh] = pseudoFieldIds_.try_emplace(pseudoField, facts_.fields().size() + pseudoFields_.size());
  if (fresh)
    pseudoFields_.push_back(pseudoField.str());
  return member(object, it->second);
}

PlaceId Places::constant(int64_t value) {
  auto [it, fresh] = constantIds_.try_emplace(value, facts_.constantCount() + constants_.size());
  if (fresh)
    constants_.push_back(value);
  return make(PlaceKind::Constant, it->second);
}

PlaceId Places::elsewhere(facts::BodyId body, facts::EventId event, facts::FunctionId callback, PlaceId root) {
  auto [it, fresh] = elsewhere_.try_emplace({body, event, callback, root}, elsewhere_.size());
  return make(PlaceKind::Unknown, 1u << 31 | it->second);
}

std::optional<int64_t> Places::asConstant(PlaceId id) const {
  if (id == kNone || places_[id].kind() != PlaceKind::Constant)
    return std::nullopt;
  uint32_t constant = places_[id].id();
  return constant < facts_.constantCount() ? facts_.constant(constant) : constants_[constant - facts_.constantCount()];
}

PlaceId Places::root(PlaceId id) const {
  while (places_[id].parent() != kNone && places_[id].kind() != PlaceKind::Expr)
    id = places_[id].parent();
  return id;
}

PlaceId Places::rebase(PlaceId part, PlaceId whole, PlaceId base) {
  if (part == whole)
    return base;
  const facts::Place p = places_[part];
  return make(p.kind(), p.id(), rebase(p.parent(), whole, base), p.op(), p.type());
}

bool Places::follows(PlaceId part, PlaceId whole) const {
  for (;; part = places_[part].parent()) {
    if (part == whole)
      return true;
    if (part < whole)
      return false; // what a place is made from has a lower id
    if (places_[part].parent() == kNone)
      return false;
  }
}

bool Places::occurs(PlaceId id, PlaceId part) const {
  const facts::Place &p = places_[id];
  return id == part || mentions(p.parent(), part) || (indexed(p) && mentions(p.id(), part));
}

PlaceId Places::substitute(PlaceId id, llvm::function_ref<PlaceId(PlaceId)> value) {
  if (id == kNone)
    return kNone;
  id = canonical(id);
  const facts::Place p = places_[id]; // a copy: making places moves the table
  switch (p.kind()) {
  case PlaceKind::Global:
  case PlaceKind::Function:
  case PlaceKind::Constant:
  case PlaceKind::String:
    return id;
  case PlaceKind::Field:
  case PlaceKind::Deref:
  case PlaceKind::AddressOf: {
    PlaceId parent = substitute(p.parent(), value);
    return parent == kNone ? kNone : make(p.kind(), p.id(), parent, p.op(), p.type());
  }
  case PlaceKind::Element: {
    PlaceId parent = substitute(p.parent(), value);
    return parent == kNone ? kNone : make(p.kind(), substitute(p.id(), value), parent, p.op(), p.type());
  }
  case PlaceKind::Expr: {
    PlaceId left = substitute(p.parent(), value);
    if (p.parent() != kNone && left == kNone)
      return kNone;
    if (p.op() == facts::ExprOp::Opaque || p.id() == kNone)
      return make(p.kind(), p.id(), left, p.op(), p.type());
    PlaceId right = substitute(p.id(), value);
    return right == kNone ? kNone : make(p.kind(), right, left, p.op(), p.type());
  }
  default:
    return value(id);
  }
}

llvm::StringRef Places::pseudoField(facts::FieldId field) const {
  return field < facts_.fields().size() ? llvm::StringRef() : llvm::StringRef(pseudoFields_[field - facts_.fields().size()]);
}

std::string Places::text(PlaceId id, const facts::BodyView *body) const {
  auto row = [&](PlaceId p) -> const facts::Place & { return places_[p]; };
  auto field = [&](facts::FieldId f) {
    return f < facts_.fields().size() ? facts_.string(facts_.fields()[f].name()).str() : pseudoField(f).str();
  };
  auto constant = [&](facts::ConstantId c) {
    return c < facts_.constantCount() ? facts_.constant(c) : constants_[c - facts_.constantCount()];
  };
  return facts::PlaceText{facts_, row, field, constant, body, true}(id);
}

} // namespace heddle
