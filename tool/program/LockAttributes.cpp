#include "program/LockAttributes.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

LockAttributes::LockAttributes(const Facts &facts, Places &places) : facts_(facts), places_(places) { findOrder(); }

std::span<const Attribute> LockAttributes::of(OwnerKind kind, uint32_t owner) const {
  std::span<const Attribute> all = facts_.attributes(); // sorted by owner
  auto key = [](const Attribute &row) { return std::pair(row.owner_kind(), row.owner()); };
  auto first = std::lower_bound(all.begin(), all.end(), std::pair(kind, owner),
                                [&](const Attribute &row, const auto &wanted) { return key(row) < wanted; });
  auto last = first;
  while (last != all.end() && key(*last) == std::pair(kind, owner))
    ++last;
  return {first, last};
}

llvm::SmallVector<PlaceId, 2> LockAttributes::locks(const Attribute &attribute) const {
  llvm::SmallVector<PlaceId, 2> result;
  for (PlaceId place : facts_.list(attribute.args(), attribute.arg_count()))
    if (places_[place].kind() != PlaceKind::String || isAnyLock(place)) // other strings say nothing
      result.push_back(places_.canonical(place));
  return result;
}

bool LockAttributes::carries(FunctionId id, AttributeKind kind) const {
  std::span<const Attribute> rows = ofFunction(id);
  return std::any_of(rows.begin(), rows.end(), [&](const Attribute &row) { return row.kind() == kind; });
}

namespace {

bool changes(AttributeKind kind) {
  switch (kind) {
  case AttributeKind::Acquire:
  case AttributeKind::AcquireShared:
  case AttributeKind::Release:
  case AttributeKind::ReleaseShared:
  case AttributeKind::ReleaseGeneric:
  case AttributeKind::TryAcquire:
  case AttributeKind::TryAcquireShared:
    return true;
  default:
    return false;
  }
}

} // namespace

bool LockAttributes::hasEffect(FunctionId id) const {
  if (id == kNone)
    return false;
  std::span<const Attribute> rows = ofFunction(id);
  if (rows.empty())
    return false;
  const Function &function = facts_.functions()[id];
  if (has(function.flags(), FunctionFlag::Constructor) && function.record() != kNone && scoped(function.record()))
    return true; // a scope of a lock that it is given
  return std::any_of(rows.begin(), rows.end(), [](const Attribute &row) {
    return changes(row.kind()) || row.kind() == AttributeKind::AssertCapability || row.kind() == AttributeKind::AssertShared ||
           row.kind() == AttributeKind::ReturnCapability;
  });
}

bool LockAttributes::declaresChange(FunctionId id, PlaceId lock) const {
  for (const Attribute &row : ofFunction(id)) {
    if (!changes(row.kind()))
      continue;
    llvm::SmallVector<PlaceId, 2> named = locks(row);
    if (named.empty())
      named.push_back(places_.deref(places_.make(PlaceKind::This, kNone)));
    for (PlaceId place : named)
      if (places_.within(lock, place))
        return true;
  }
  return false;
}

bool LockAttributes::scoped(RecordId id) const {
  std::span<const Attribute> rows = of(OwnerKind::Record, id);
  return std::any_of(rows.begin(), rows.end(),
                     [](const Attribute &row) { return row.kind() == AttributeKind::ScopedCapability; });
}

bool LockAttributes::capability(RecordId id) const {
  std::span<const Attribute> rows = of(OwnerKind::Record, id);
  return std::any_of(rows.begin(), rows.end(), [](const Attribute &row) { return row.kind() == AttributeKind::Capability; });
}

bool LockAttributes::isAnyLock(PlaceId place) const {
  return place != kNone && places_[place].kind() == PlaceKind::String && facts_.string(places_[place].id()) == "*";
}

void LockAttributes::findOrder() {
  constexpr size_t kMost = 4096;
  std::set<std::pair<PlaceId, PlaceId>> known;
  PlaceId self = places_.deref(places_.make(PlaceKind::This, kNone));
  for (const Attribute &row : facts_.attributes()) {
    bool before = row.kind() == AttributeKind::AcquiredBefore;
    if (!before && row.kind() != AttributeKind::AcquiredAfter)
      continue;
    PlaceId own = row.owner_kind() == OwnerKind::Field      ? places_.member(self, FieldId(row.owner()))
                  : row.owner_kind() == OwnerKind::Variable ? places_.make(PlaceKind::Global, row.owner())
                                                            : kNone;
    for (PlaceId other : locks(row))
      if (own != kNone && places_[places_.root(other)].kind() != PlaceKind::Unknown)
        known.insert(before ? std::pair(own, other) : std::pair(other, own));
  }
  // What follows: a before b, b before c. Declared orders are short.
  for (bool grew = !known.empty(); grew && known.size() < kMost;) {
    std::set<std::pair<PlaceId, PlaceId>> more;
    for (auto [a, b] : known)
      for (auto at = known.lower_bound({b, 0}); at != known.end() && at->first == b; ++at)
        if (!known.count({a, at->second}))
          more.insert({a, at->second});
    grew = !more.empty();
    known.insert(more.begin(), more.end());
  }
  for (auto [a, b] : known)
    order_.push_back({a, b});
}

bool LockAttributes::declaredBefore(PlaceId first, PlaceId second) const {
  if (order_.empty())
    return false;
  auto declared = [&](PlaceId a, PlaceId b) { return std::binary_search(order_.begin(), order_.end(), Order{a, b}); };
  PlaceId self = places_.deref(places_.make(PlaceKind::This, kNone));
  // What is declared of a lock is meant of what its class keeps the lock in.
  for (PlaceId a = first; a != kNone; a = places_[a].parent())
    for (PlaceId b = second; b != kNone; b = places_[b].parent()) {
      if (declared(a, b))
        return true;
      // A member's order is declared of `this`: it holds of any one object that both are members of.
      for (PlaceId object = places_[a].parent(); object != kNone; object = places_[object].parent())
        if (places_.within(b, object) && declared(places_.rebase(a, object, self), places_.rebase(b, object, self)))
          return true;
    }
  return false;
}

} // namespace heddle
