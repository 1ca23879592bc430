#include "program/DescriptorsState.h"

#include "facts/Relations.h"

namespace heddle::descriptors {

using facts::ExprOp;
using facts::negated;
using facts::Relation;
using facts::relationOf;

Range Range::where(Relation relation, int64_t constant, Range within) {
  switch (relation) {
  case Relation::Eq:
    return within.meet(exactly(constant));
  case Relation::Ne:
    if (within.low == constant && constant < kMax)
      ++within.low;
    else if (within.high == constant && constant > kMin)
      --within.high;
    return within;
  case Relation::Lt:
    return constant == kMin ? Range{1, 0} : within.meet({kMin, constant - 1});
  case Relation::Le:
    return within.meet({kMin, constant});
  case Relation::Gt:
    return constant == kMax ? Range{1, 0} : within.meet({constant + 1, kMax});
  case Relation::Ge:
    return within.meet({constant, kMax});
  default:
    return within;
  }
}

std::optional<bool> decide(Range range, Relation relation, int64_t constant) {
  if (relation == Relation::Always)
    return true;
  if (relation == Relation::Default)
    return std::nullopt;
  if (relation == Relation::Ne) {
    std::optional<bool> equal = decide(range, Relation::Eq, constant);
    return equal ? std::optional(!*equal) : std::nullopt;
  }
  if (Range::where(relation, constant, range).empty())
    return false;
  bool refutable =
      relation == Relation::Eq ? !(range == Range::exactly(constant)) : !Range::where(negated(relation), constant, range).empty();
  return refutable ? std::nullopt : std::optional(true);
}

bool State::join(const State &other, PlaceId unknown) {
  bool lost = false;
  auto mine = values;
  for (auto &[storage, value] : mine) {
    const PlaceId *theirs = other.values.find(storage);
    if (value != unknown && (theirs ? *theirs : storage) != value) {
      values.set(storage, unknown);
      lost = true;
    }
  }
  for (auto &[storage, value] : other.values)
    if (value != storage && !values.find(storage)) {
      values.set(storage, unknown);
      lost = true;
    }
  auto known = numbers;
  for (auto &[value, range] : known) {
    const Range *theirs = other.numbers.find(value);
    if (theirs && *theirs == range)
      continue;
    // Ranges only grow to the whole: a counter must not make a state for each of its numbers.
    numbers.erase(value);
    lost = true;
  }
  return lost;
}

ForkSide *State::sideOf(ForkId fork) {
  for (ForkSide &side : forks)
    if (side.fork == fork)
      return &side;
  return nullptr;
}

PlaceId Reader::storage(const State &state, PlaceId place) const {
  const facts::Place p = places_[place];
  switch (p.kind()) {
  case PlaceKind::Field:
    return places_.make(p.kind(), p.id(), storage(state, p.parent()), p.op(), p.type());
  case PlaceKind::Element: {
    PlaceId index = p.id() == kNone ? kNone : value(state, p.id());
    return places_.make(p.kind(), index, storage(state, p.parent()), p.op(), p.type());
  }
  case PlaceKind::Deref:
    return places_.make(p.kind(), p.id(), value(state, p.parent()), p.op(), p.type());
  default:
    return place;
  }
}

PlaceId Reader::value(const State &state, PlaceId place) const {
  const facts::Place p = places_[place];
  switch (p.kind()) {
  case PlaceKind::Constant:
  case PlaceKind::String:
  case PlaceKind::Function:
  case PlaceKind::Unknown:
    return place;
  case PlaceKind::AddressOf:
    return places_.make(p.kind(), p.id(), storage(state, p.parent()), p.op(), p.type());
  case PlaceKind::Expr: {
    if (p.op() == ExprOp::Opaque)
      return place;
    PlaceId left = p.parent() == kNone ? kNone : value(state, p.parent());
    PlaceId right = p.id() == kNone ? kNone : value(state, p.id());
    return places_.make(p.kind(), right, left, p.op(), p.type());
  }
  default:
    break;
  }
  return content(state, storage(state, place));
}

PlaceId Reader::content(const State &state, PlaceId where) const {
  if (const PlaceId *found = state.values.find(where))
    return *found;
  const facts::Place p = places_[where];
  if (p.kind() != PlaceKind::Field || state.held.find(where))
    return where;
  // A part of an object that was copied as a whole.
  const PlaceId *whole = state.values.find(p.parent());
  bool copy = whole && *whole != where && !places_.mentions(*whole, p.parent());
  switch (copy ? places_[*whole].kind() : PlaceKind::Unknown) {
  case PlaceKind::Local:
  case PlaceKind::Param:
  case PlaceKind::Global:
  case PlaceKind::Field:
  case PlaceKind::Deref:
  case PlaceKind::Element:
    return content(state, places_.make(p.kind(), p.id(), *whole, p.op(), p.type()));
  default:
    return where;
  }
}

std::optional<Range> Reader::number(const State &state, PlaceId value) const {
  if (const Range *known = state.numbers.find(value))
    return *known;
  if (std::optional<int64_t> constant = places_.asConstant(value))
    return Range::exactly(*constant);
  const facts::Place p = places_[value];
  if (p.kind() == PlaceKind::AddressOf || p.kind() == PlaceKind::String || p.kind() == PlaceKind::Function)
    return Range{1, Range::kMax};
  return p.kind() == PlaceKind::Expr ? compare(state, p) : std::nullopt;
}

std::optional<Range> Reader::compare(const State &state, const facts::Place &p) const {
  auto truth = [](std::optional<bool> known) { return known ? std::optional(Range::exactly(*known)) : std::nullopt; };
  std::optional<Range> left = p.parent() == kNone ? std::nullopt : number(state, p.parent());
  std::optional<Range> right = p.id() == kNone || p.op() == ExprOp::Opaque ? std::nullopt : number(state, p.id());
  if (p.op() == ExprOp::Not)
    return left ? truth(decide(*left, Relation::Eq, 0)) : std::nullopt;
  if (std::optional<Relation> relation = relationOf(p.op()))
    return left && right && right->single() ? truth(decide(*left, *relation, right->low)) : std::nullopt;
  return std::nullopt;
}

std::optional<bool> Reader::test(const State &state, PlaceId value, Relation relation, int64_t constant) const {
  if (relation == Relation::Always)
    return true;
  std::optional<Range> range = number(state, value);
  return range ? decide(*range, relation, constant) : std::nullopt;
}

void Reader::forget(State &state, PlaceId place) const {
  for (auto &[storage, value] : state.values)
    if (places_.mentions(value, place))
      value = unknown_;
  state.values.eraseIf([&](const auto &e) { return places_.mentions(e.first, place); });
  state.held.eraseIf([&](const auto &e) { return places_.mentions(e.first, place); });
  state.numbers.eraseIf([&](const auto &e) { return places_.mentions(e.first, place); });
}

void Reader::write(State &state, PlaceId storage, PlaceId value) const {
  bool itself = places_.mentions(value, storage);
  forget(state, storage);
  state.values.set(storage, itself ? unknown_ : value);
}

bool Reader::fixed(PlaceId value) const {
  // What a name of this function means can't change behind its back; memory behind a pointer can.
  const facts::Place p = places_[value];
  switch (p.kind()) {
  case PlaceKind::Local:
  case PlaceKind::Param:
  case PlaceKind::Result:
  case PlaceKind::Constant:
    return true;
  case PlaceKind::Field:
    return fixed(p.parent());
  case PlaceKind::Expr:
    return p.op() != ExprOp::Opaque && (p.parent() == kNone || fixed(p.parent())) && (p.id() == kNone || fixed(p.id()));
  default:
    return false;
  }
}

void Reader::learn(State &state, PlaceId value, Relation relation, int64_t constant) const {
  if (relation == Relation::Always || relation == Relation::Default)
    return;
  const facts::Place p = places_[value];
  std::optional<bool> truth;
  if (p.kind() == PlaceKind::Expr && constant == 0 && (relation == Relation::Eq || relation == Relation::Ne))
    truth = relation == Relation::Ne;
  if (truth && p.op() == ExprOp::Not)
    return learn(state, p.parent(), *truth ? Relation::Eq : Relation::Ne, 0);
  if (truth)
    if (std::optional<Relation> inner = relationOf(p.op()))
      if (std::optional<int64_t> bound = places_.asConstant(p.id()))
        return learn(state, p.parent(), *truth ? *inner : negated(*inner), *bound);
  Range range = Range::where(relation, constant, number(state, value).value_or(Range{}));
  if (fixed(value) && !(range == Range{}))
    state.numbers.set(value, range);
  if (state.held.find(value)) {
    bool pointer = p.type() != kNone && places_.facts().types()[p.type()].kind() == facts::TypeKind::Pointer;
    bool equalsNull = relation == Relation::Eq && constant == 0;
    if (range.meet({0, Range::kMax}).empty() || (pointer && equalsNull))
      state.held.erase(value);
  }
}

bool Reader::inParameter(PlaceId place) const {
  while (places_[place].kind() == PlaceKind::Field || places_[place].kind() == PlaceKind::Element)
    place = places_[place].parent();
  return places_[place].kind() == PlaceKind::Param;
}

bool Reader::outlives(PlaceId place) const {
  const facts::Place p = places_[place];
  switch (p.kind()) {
  case PlaceKind::This:
  case PlaceKind::Param:
  case PlaceKind::Capture:
  case PlaceKind::Global:
    return true;
  case PlaceKind::Field:
  case PlaceKind::Deref:
  case PlaceKind::Element:
    return outlives(p.parent());
  default:
    return false;
  }
}

} // namespace heddle::descriptors
