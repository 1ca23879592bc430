// States of paths that meet.
#include "program/PathState.h"

#include <algorithm>

namespace heddle {

namespace {

using Contents = decltype(PathState::env);
using facts::kNone;

constexpr uint32_t kJoined = 0x80000000; // apart from the ids of events

bool sameButIndices(const Places &places, PlaceId a, PlaceId b) {
  for (; a != b; a = places[a].parent(), b = places[b].parent()) {
    if (a == kNone || b == kNone || places[a].kind() != places[b].kind())
      return false;
    if (places[a].kind() != facts::PlaceKind::Element && places[a].id() != places[b].id())
      return false;
  }
  return true;
}

/// A variable of the body's own frame.
bool ofFrame(const Places &places, PlaceId place) {
  return places[place].kind() == facts::PlaceKind::Local || places[place].kind() == facts::PlaceKind::Param;
}

/// The name of what a variable holds where paths meet that say different things of it.
PlaceId joinedName(Places &places, PlaceId variable) { return places.make(facts::PlaceKind::Unknown, kJoined | variable); }

/// What only one of the two says a place holds isn't known any more; the place's own name would say that it holds what it held
/// when the function began. `renewed` gets the names that mean another value from here on.
void joinContents(Places &places, const Contents &a, const Contents &b, Contents &result,
                  llvm::SmallVectorImpl<PlaceId> &renewed) {
  auto x = a.begin(), y = b.begin();
  while (x != a.end() || y != b.end()) {
    if (x != a.end() && y != b.end() && *x == *y) {
      result.push_back(*x);
      ++x, ++y;
      continue;
    }
    PlaceId where = y == b.end() || (x != a.end() && x->first <= y->first) ? x->first : y->first;
    if (ofFrame(places, where)) {
      renewed.push_back(joinedName(places, where));
      result.emplace_back(where, renewed.back());
    } else { // memory behind pointers is followed by name, and has no other
      renewed.push_back(where);
    }
    while (x != a.end() && x->first == where)
      ++x;
    while (y != b.end() && y->first == where)
      ++y;
  }
}

/// What was said of a name holds no more when the name means another value: neither what branches told, nor what a comparison
/// that was kept in a variable compares.
void forgetRenewed(Places &places, llvm::ArrayRef<PlaceId> renewed, PathState &state) {
  auto mentions = [&](PlaceId id) { return llvm::any_of(renewed, [&](PlaceId name) { return places.mentions(id, name); }); };
  llvm::erase_if(state.assumed, [&](const Assumption &a) { return mentions(a.value); });
  llvm::erase_if(state.env, [&](auto &entry) {
    if (entry.second == kNone || places[entry.second].kind() != facts::PlaceKind::Expr || !mentions(entry.second))
      return false;
    if (ofFrame(places, entry.first))
      entry.second = joinedName(places, entry.first);
    return !ofFrame(places, entry.first);
  });
}

} // namespace

HeldSet joined(const Places &places, const HeldSet &a, const HeldSet &b) {
  auto always = [](const Held &held) { return !held.maybe || held.alike; };
  auto oneAlike = [&](const HeldSet &held, PlaceId lock) {
    return llvm::any_of(held, [&](const Held &h) { return always(h) && sameButIndices(places, h.lock, lock); });
  };
  HeldSet result;
  for (const Held &held : a) {
    Held &h = result.emplace_back(held);
    const Held *other = PathReader::find(b, held.lock);
    h.maybe = held.maybe || !other || other->maybe;
    h.alike = h.maybe && always(held) && (other ? always(*other) : oneAlike(b, held.lock));
    h.stale = held.stale || (other && other->stale);
  }
  for (const Held &held : b)
    if (!PathReader::find(a, held.lock)) {
      Held &h = result.emplace_back(held);
      h.maybe = true;
      h.alike = always(held) && oneAlike(a, held.lock);
    }
  std::sort(result.begin(), result.end());
  return result;
}

PathState joined(Places &places, const PathState &a, const PathState &b) {
  PathState result;
  result.held = joined(places, a.held, b.held);
  std::set_intersection(a.released.begin(), a.released.end(), b.released.begin(), b.released.end(),
                        std::back_inserter(result.released));
  std::set_symmetric_difference(a.released.begin(), a.released.end(), b.released.begin(), b.released.end(),
                                std::back_inserter(result.unsure));
  result.unsure.append(a.unsure.begin(), a.unsure.end());
  result.unsure.append(b.unsure.begin(), b.unsure.end());
  std::sort(result.unsure.begin(), result.unsure.end());
  result.unsure.erase(std::unique(result.unsure.begin(), result.unsure.end()), result.unsure.end());
  llvm::SmallVector<PlaceId, 4> renewed;
  joinContents(places, a.env, b.env, result.env, renewed);
  std::set_intersection(a.assumed.begin(), a.assumed.end(), b.assumed.begin(), b.assumed.end(),
                        std::back_inserter(result.assumed));
  forgetRenewed(places, renewed, result);
  for (const Free &free : a.free)
    if (llvm::any_of(b.free, [&](const Free &other) { return other.lock == free.lock; }))
      result.free.push_back(free);
  result.returned = a.returned == b.returned ? a.returned : kNone;
  result.merged = a.merged || b.merged;
  result.refused = a.refused && b.refused;
  result.leaving = a.leaving == b.leaving ? a.leaving : kNone;
  return result;
}

bool sameLocks(const PathState &a, const PathState &b) {
  return a.released == b.released && a.held.size() == b.held.size() &&
         std::equal(a.held.begin(), a.held.end(), b.held.begin(),
                    [](const Held &x, const Held &y) { return x.lock == y.lock && x.count == y.count && x.mode == y.mode; });
}

bool alike(const Places &places, PlaceId a, PlaceId b) {
  for (; a != kNone && b != kNone; a = places[a].parent(), b = places[b].parent()) {
    const facts::Place &x = places[a], &y = places[b];
    bool root = x.parent() == kNone || y.parent() == kNone;
    if (root)
      return x.kind() != facts::PlaceKind::Global || y.kind() != facts::PlaceKind::Global || x.id() == y.id();
    if (x.kind() != y.kind() || (x.kind() == facts::PlaceKind::Field && x.id() != y.id()))
      return false;
  }
  return true;
}

void addState(Places &places, std::vector<PathState> &states, PathState state) {
  auto known = std::find(states.begin(), states.end(), state);
  if (known == states.end()) {
    states.push_back(std::move(state));
    return;
  }
  bool refused = known->refused && state.refused;
  if (!known->free.empty())
    *known = joined(places, *known, state);
  known->refused = refused;
}

} // namespace heddle
