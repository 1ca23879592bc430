#include "program/PathState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr uint32_t kDeepest = 12; // steps of a place; deeper names are of a structure that is walked, and mean nothing

} // namespace

// ---- names -----------------------------------------------------------------------------------------------------------------

PlaceId PathReader::contentOf(PlaceId lvalue) const {
  auto it = std::lower_bound(state_.env.begin(), state_.env.end(), std::pair(lvalue, PlaceId(0)));
  return it != state_.env.end() && it->first == lvalue ? it->second : locks_.bound(lvalue);
}

/// `place` with another parent and argument; itself where they are its own.
PlaceId PathReader::moved(PlaceId place, PlaceId parent, uint32_t argument) {
  const Place &p = places_[place];
  if (p.parent() == parent && p.id() == argument)
    return places_.canonical(place);
  return places_.make(p.kind(), argument, parent, p.op(), p.type());
}

PlaceId PathReader::lvalue(PlaceId place) {
  if (place == kNone)
    return kNone;
  const Place p = places_[place];
  switch (p.kind()) {
  case PlaceKind::Field: {
    PlaceId parent = lvalue(p.parent());
    return parent == kNone || places_.depth(parent) > 2 * kDeepest ? kNone : moved(place, parent, p.id());
  }
  case PlaceKind::Element: {
    PlaceId parent = lvalue(p.parent());
    return parent == kNone || places_.depth(parent) > 2 * kDeepest
               ? kNone
               : moved(place, parent, p.id() == kNone ? kNone : value(p.id()));
  }
  case PlaceKind::Deref: {
    PlaceId pointer = value(p.parent());
    return pointer == kNone || places_.depth(pointer) > kDeepest ? kNone : moved(place, pointer, kNone);
  }
  default:
    return place;
  }
}

PlaceId PathReader::compare(const Place &expr) {
  PlaceId left = value(expr.parent()), right = expr.id() == kNone ? kNone : value(expr.id());
  if (left == kNone || (expr.id() != kNone && right == kNone))
    return kNone;
  if (auto relation = relationOf(expr.op())) {
    std::optional<int64_t> l = places_.asConstant(left), r = places_.asConstant(right);
    if (l && r)
      return places_.constant(holds(*l, *relation, *r));
    if (r)
      if (Truth truth = test(left, *relation, *r); truth != Truth::Unknown)
        return places_.constant(truth == Truth::Yes);
    if (!l && !r && (*relation == Relation::Eq || *relation == Relation::Ne)) {
      // `a != b`, `b != a` and `!(a == b)` ask one thing.
      if (left == right)
        return places_.constant(*relation == Relation::Eq);
      if (left > right)
        std::swap(left, right);
      ExprOp other = expr.op() == ExprOp::Eq ? ExprOp::Ne : ExprOp::Eq;
      PlaceId opposite = places_.make(expr.kind(), right, left, other, expr.type());
      if (Truth truth = test(opposite, Relation::Eq, 0); truth != Truth::Unknown)
        return places_.constant(truth == Truth::Yes);
    }
  }
  return places_.make(expr.kind(), right, left, expr.op(), expr.type());
}

PlaceId PathReader::value(PlaceId place) {
  if (place == kNone)
    return kNone;
  const Place p = places_[place];
  switch (p.kind()) {
  case PlaceKind::Constant:
  case PlaceKind::String:
  case PlaceKind::Function:
    return place;
  case PlaceKind::AddressOf: {
    PlaceId object = lvalue(p.parent());
    return object == kNone ? kNone : places_.addressOf(object);
  }
  case PlaceKind::Expr: {
    if (p.op() == ExprOp::Not) {
      PlaceId operand = value(p.parent());
      if (operand != kNone)
        if (Truth truth = test(operand, Relation::Eq, 0); truth != Truth::Unknown)
          return places_.constant(truth == Truth::Yes);
      return operand == kNone ? kNone : places_.make(p.kind(), p.id(), operand, p.op(), p.type());
    }
    return p.op() == ExprOp::Opaque || p.op() == ExprOp::Pair || p.parent() == kNone ? place : compare(p);
  }
  default: {
    PlaceId where = lvalue(place);
    if (where == kNone)
      return kNone;
    PlaceId content = contentOf(where);
    return content == kNone ? where : content;
  }
  }
}

// ---- what is known ---------------------------------------------------------------------------------------------------------

/// Whether a lock is held in what a pointer points at.
bool PathReader::followed(PlaceId pointer) const {
  return llvm::any_of(state_.held, [&](const Held &held) {
    for (PlaceId at = held.maybe ? kNone : held.lock; at != kNone; at = places_[at].parent())
      if (places_[at].kind() == PlaceKind::Deref && places_[at].parent() == pointer)
        return true;
    return false;
  });
}

Truth PathReader::test(PlaceId value, Relation relation, int64_t constant) {
  if (value == kNone)
    return Truth::Unknown;
  if (auto number = places_.asConstant(value))
    return holds(*number, relation, constant) ? Truth::Yes : Truth::No;
  const Place &p = places_[value];
  if (p.kind() == PlaceKind::AddressOf || p.kind() == PlaceKind::Function || p.kind() == PlaceKind::String)
    return constant != 0              ? Truth::Unknown
           : relation == Relation::Ne ? Truth::Yes
           : relation == Relation::Eq ? Truth::No
                                      : Truth::Unknown;
  // Who has taken a lock behind a pointer has followed it.
  if (constant == 0 && (relation == Relation::Ne || relation == Relation::Eq) && followed(value))
    return relation == Relation::Ne ? Truth::Yes : Truth::No;
  for (const Assumption &a : state_.assumed)
    if (a.value == value && a.relation == Relation::Default) {
      if (holds(a.constant, relation, constant))
        return Truth::No;
      if (relation == Relation::Ne && constant == a.constant)
        return Truth::Yes;
    } else if (a.value == value)
      if (std::optional<bool> known = implied(a.relation, a.constant, relation, constant))
        return *known ? Truth::Yes : Truth::No;
  return Truth::Unknown;
}

void PathReader::assumeError(PlaceId value, int64_t well) {
  Assumption assumption{value, Relation::Default, well};
  if (value != kNone && !places_.asConstant(value))
    state_.assumed.insert(std::lower_bound(state_.assumed.begin(), state_.assumed.end(), assumption), assumption);
}

bool PathReader::assume(PlaceId value, Relation relation, int64_t constant) {
  if (value == kNone || relation == Relation::Always || relation == Relation::Default)
    return true;
  Truth truth = test(value, relation, constant);
  if (truth != Truth::Unknown)
    return truth == Truth::Yes;
  Assumption assumption{value, relation, constant};
  state_.assumed.insert(std::lower_bound(state_.assumed.begin(), state_.assumed.end(), assumption), assumption);
  // What is said of a comparison is said of what it compares.
  const Place p = places_[value];
  bool yes = (relation == Relation::Ne && constant == 0) || (relation == Relation::Eq && constant == 1);
  bool no = (relation == Relation::Eq && constant == 0) || (relation == Relation::Ne && constant == 1);
  if (p.kind() != PlaceKind::Expr || (!yes && !no) || p.parent() == kNone)
    return true;
  if (p.op() == ExprOp::Not)
    return assume(p.parent(), yes ? Relation::Eq : Relation::Ne, 0);
  auto compared = relationOf(p.op());
  std::optional<int64_t> right = places_.asConstant(p.id());
  return !compared || !right || assume(p.parent(), yes ? *compared : negated(*compared), *right);
}

void PathReader::forget(PlaceId lvalue) {
  if (lvalue == kNone)
    return;
  llvm::erase_if(state_.env, [&](const auto &entry) { return places_.within(entry.first, lvalue); });
  llvm::erase_if(state_.assumed, [&](const Assumption &a) { return places_.mentions(a.value, lvalue); });
}

void PathReader::forgetName(PlaceId unknown) {
  llvm::erase_if(state_.env, [&](const auto &entry) { return entry.second != kNone && places_.mentions(entry.second, unknown); });
  llvm::erase_if(state_.assumed, [&](const Assumption &a) { return places_.mentions(a.value, unknown); });
}

void PathReader::store(PlaceId lvalue, PlaceId value) {
  forget(lvalue);
  if (lvalue == kNone || value == kNone || value == lvalue)
    return;
  // A name that grows with every round of a loop names another thing each time.
  if (places_.depth(value) > kDeepest) {
    value = places_.make(PlaceKind::Unknown, kNone - 1);
    forgetName(value);
  }
  std::pair entry(lvalue, value);
  state_.env.insert(std::lower_bound(state_.env.begin(), state_.env.end(), entry), entry);
}

void PathReader::copyMembers(PlaceId to, PlaceId from) {
  llvm::SmallVector<std::pair<PlaceId, PlaceId>, 4> copies;
  for (auto [where, what] : state_.env) {
    const Place member = places_[where];
    if (member.kind() == PlaceKind::Field && member.parent() == from)
      copies.emplace_back(places_.make(member.kind(), member.id(), to, member.op(), member.type()), what);
  }
  for (auto [where, what] : copies)
    store(where, what);
}

void PathReader::renew(PlaceId result, PlaceId stale) {
  auto renamed = [&](PlaceId id) {
    return id == kNone || !places_.mentions(id, result)
               ? id
               : places_.substitute(id, [&](PlaceId root) { return root == result ? stale : root; });
  };
  for (Held &held : state_.held)
    held.lock = renamed(held.lock);
  std::sort(state_.held.begin(), state_.held.end());
  state_.held.erase(
      std::unique(state_.held.begin(), state_.held.end(), [](const Held &a, const Held &b) { return a.lock == b.lock; }),
      state_.held.end());
  llvm::erase_if(state_.env, [&](const auto &entry) { return places_.mentions(entry.first, result); });
  llvm::erase_if(state_.free, [&](const Free &f) { return places_.mentions(f.lock, result); });
  for (auto &entry : state_.env)
    entry.second = renamed(entry.second);
  llvm::erase_if(state_.assumed, [&](const Assumption &a) { return places_.mentions(a.value, result); });
}

// ---- locks -----------------------------------------------------------------------------------------------------------------

bool PathReader::exact(PlaceId lock) const {
  for (PlaceId id = lock; id != kNone; id = places_[id].parent()) {
    const Place &p = places_[id];
    bool element = p.kind() == PlaceKind::Element;
    if ((element && (p.id() == kNone || !exact(p.id()))) || p.kind() == PlaceKind::Unknown || p.kind() == PlaceKind::Expr)
      return false;
  }
  return true;
}

void PathReader::setFree(PlaceId lock, EventId since, bool failed) {
  if (!exact(lock)) // another object may have that name in the next round of a loop
    return;
  eraseFree(lock);
  Free free{lock, since, failed};
  state_.free.insert(std::lower_bound(state_.free.begin(), state_.free.end(), free), free);
}

const Free *PathReader::findFree(PlaceId lock) const {
  auto it = llvm::find_if(state_.free, [&](const Free &f) { return f.lock == lock; });
  return it == state_.free.end() ? nullptr : &*it;
}

void PathReader::eraseFree(PlaceId lock) {
  llvm::erase_if(state_.free, [&](const Free &f) { return f.lock == lock; });
}

void PathReader::invalidate(llvm::function_ref<bool(FieldId)> written) {
  auto passes = [&](PlaceId id) {
    for (; id != kNone; id = places_[id].parent())
      if (places_[id].kind() == PlaceKind::Deref && places_[places_[id].parent()].kind() == PlaceKind::Field &&
          written(places_[places_[id].parent()].id()))
        return true;
    return false;
  };
  for (Held &held : state_.held)
    held.stale = held.stale || passes(held.lock);
  llvm::erase_if(state_.free, [&](const Free &f) { return passes(f.lock); });
}

const Held *PathReader::find(const HeldSet &held, PlaceId lock) {
  auto it = std::find_if(held.begin(), held.end(), [&](const Held &h) { return h.lock == lock; });
  return it == held.end() ? nullptr : &*it;
}

void PathReader::acquire(const Held &lock) {
  eraseFree(lock.lock);
  if (auto *known = const_cast<Held *>(find(state_.held, lock.lock))) {
    known->count = std::min(known->count + lock.count, 3);
    known->maybe = known->maybe && lock.maybe;
    return;
  }
  state_.held.insert(std::lower_bound(state_.held.begin(), state_.held.end(), lock), lock);
}

bool PathReader::release(PlaceId lock) {
  auto it = std::find_if(state_.held.begin(), state_.held.end(), [&](const Held &h) { return h.lock == lock; });
  if (it == state_.held.end())
    return false;
  if (--it->count == 0)
    state_.held.erase(it);
  return true;
}

} // namespace heddle
