// How a body ends, as its callers see it: one Outcome for each way that can be told apart.
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr size_t kOutcomes = 12; // of a body
constexpr size_t kApart = 3;     // of equal effect, with nothing in common but that
constexpr size_t kThrown = 4;    // of them, of those that throw: what it has stored by then tells little
} // namespace

PlaceId LockFlow::outward(PlaceId place) const {
  if (place == kNone)
    return kNone;
  const Places &places = program_.places();
  for (PlaceId id = place; id != kNone; id = places[id].parent()) {
    PlaceKind kind = places[id].kind();
    if (kind == PlaceKind::Local || kind == PlaceKind::Result || kind == PlaceKind::Unknown || kind == PlaceKind::Expr)
      return kNone;
  }
  return place;
}

/// The events of the body that may write a field, themselves or by what they call.
const std::vector<EventId> &LockFlow::writersOf(FieldId field) {
  auto [known, isNew] = writers_.try_emplace(field);
  if (!isNew)
    return known->second;
  const Places &places = program_.places();
  const FieldWrites &writes = program_.fieldWrites();
  auto calls = [&](EventId id) {
    const Callees &callees = calleesOf(id);
    if (!callees.known)
      return writes.byAnyBody().test(field);
    return llvm::any_of(callees.invocations, [&](const Invocation &invocation) {
      return llvm::any_of(program_.bodiesOf(invocation.function), [&](BodyId body) { return writes.by(body).test(field); });
    });
  };
  auto writesIt = [&](EventId id) {
    const Event &event = body_.events[id];
    PlaceId place = event.place() == kNone ? kNone : places.canonical(event.place());
    switch (event.kind()) {
    case EventKind::Write:
      return place != kNone && places[place].kind() == PlaceKind::Field && places[place].id() == field;
    case EventKind::Call:
    case EventKind::Construct:
    case EventKind::Destroy:
      return calls(id);
    default:
      return false;
    }
  };
  for (EventId id = 0; id < body_.events.size(); ++id)
    if (writesIt(id))
      known->second.push_back(id);
  return known->second;
}

/// Whether a value names, at the current event, what it named where the body was entered. Where paths were merged, memory has one
/// name for both, so no event before this one may write it; an argument has two.
bool LockFlow::lasting(PlaceId value) {
  const Places &places = program_.places();
  // Whether two pointers that the caller gave are one.
  if (value != kNone && places[value].kind() == PlaceKind::Expr &&
      (places[value].op() == ExprOp::Eq || places[value].op() == ExprOp::Ne))
    return lasting(places[value].parent()) && lasting(places[value].id());
  if (outward(value) == kNone)
    return false;
  if (closeness_ == Closeness::Paths || places[value].kind() == PlaceKind::Param)
    return true;
  auto before = [&](EventId id) { return id == current_ ? graph().cyclic(graph().blockOf(id)) : graph().reaches(id, current_); };
  for (PlaceId id = value; id != kNone; id = places[id].parent()) {
    PlaceKind kind = places[id].kind();
    if (kind == PlaceKind::Field ? llvm::any_of(writersOf(places[id].id()), before)
                                 : kind != PlaceKind::Deref && kind != PlaceKind::Param && kind != PlaceKind::This)
      return false;
  }
  return true;
}

Assumptions LockFlow::given(const PathState &state) {
  constexpr size_t kMost = 4; // more conditions than that tell nothing apart that matters
  Assumptions result;
  for (const Assumption &a : state.assumed)
    if (lasting(a.value) && result.size() < kMost)
      result.push_back(a);
  return result;
}

/// A callee's condition on what it was given is its caller's, if that was given it in turn.
void LockFlow::addCondition(Assumptions &when, const Assumption &condition) {
  if (!lasting(condition.value) || when.size() >= kConditions || llvm::is_contained(when, condition))
    return;
  when.insert(std::lower_bound(when.begin(), when.end(), condition), condition);
}

void LockFlow::addConditions(Assumptions &when, const PathState &state) {
  for (const Assumption &a : state.assumed)
    addCondition(when, a);
}

namespace {

/// The same effect, whatever the conditions.
bool alike(const Outcome &a, const Outcome &b) {
  return a.thrown == b.thrown && a.released == b.released && a.unsure == b.unsure && a.stores == b.stores &&
         a.relation == b.relation && a.constant == b.constant && a.value == b.value && a.acquired.size() == b.acquired.size() &&
         std::equal(a.acquired.begin(), a.acquired.end(), b.acquired.begin(), [](const Held &x, const Held &y) {
           return x.lock == y.lock && x.mode == y.mode && x.count == y.count && x.maybe == y.maybe;
         });
}

/// Whether all conditions of the second are among those of the first.
bool implies(const Assumptions &more, const Assumptions &fewer) {
  return llvm::all_of(fewer, [&](const Assumption &a) { return llvm::is_contained(more, a); });
}

/// Two of equal effect become one, under the conditions that they share.
void join(Outcome &known, const Outcome &other) {
  if (other.raised && (!known.raised || other.raised < known.raised))
    known.raised = other.raised;
  known.refused = known.refused && other.refused;
  llvm::erase_if(known.when, [&](const Assumption &a) { return !llvm::is_contained(other.when, a); });
}

} // namespace

/// Where no outcome takes or releases anything, what tells them apart is nobody's business.
void LockFlow::joinIdle() {
  std::vector<Outcome> &outcomes = summary_.outcomes;
  auto idle = [](const Outcome &o) { return o.acquired.empty() && o.released.empty() && o.unsure.empty(); };
  if (!llvm::all_of(outcomes, idle))
    return;
  std::vector<Outcome> joined;
  for (Outcome &outcome : outcomes)
    if (auto known = llvm::find_if(joined, [&](const Outcome &o) { return alike(o, outcome); }); known != joined.end())
      join(*known, outcome);
    else
      joined.push_back(std::move(outcome));
  outcomes = std::move(joined);
}

void LockFlow::finish(PathState state, bool thrown, uint8_t raised) {
  claimLeaked(state, thrown, raised);
  Outcome outcome;
  outcome.thrown = thrown;
  outcome.raised = raised;
  outcome.refused = state.refused;
  for (const Held &held : state.held)
    if (outward(held.lock) != kNone)
      outcome.acquired.push_back(held);
  outcome.released = state.released;
  // What was released and taken again (a wait on a condition) is as it was.
  outcome.unsure = state.unsure;
  llvm::erase_if(outcome.acquired, [&](const Held &held) {
    if (auto again = std::find(outcome.unsure.begin(), outcome.unsure.end(), held.lock); again != outcome.unsure.end()) {
      outcome.unsure.erase(again);
      return true;
    }
    auto again = std::find(outcome.released.begin(), outcome.released.end(), held.lock);
    if (again == outcome.released.end() || held.maybe)
      return false;
    outcome.released.erase(again);
    return true;
  });
  if (!thrown) {
    givesBack_.insert(outcome.released.begin(), outcome.released.end());
    givesBack_.insert(outcome.unsure.begin(), outcome.unsure.end());
  }
  outcome.when = given(state);
  for (auto [where, what] : state.env)
    if (outward(where) != kNone) {
      bool named = outward(what) != kNone || program_.places().asConstant(what);
      outcome.stores.emplace_back(where, named ? what : kNone);
    }
  if (!thrown && state.returned != kNone) {
    PathReader reader = read(state);
    PlaceId value = reader.value(state.returned);
    if (auto number = program_.places().asConstant(value)) {
      outcome.relation = Relation::Eq;
      outcome.constant = *number;
    } else if (reader.test(value, Relation::Eq, 0) == Truth::Yes) {
      outcome.relation = Relation::Eq;
    } else if (reader.test(value, Relation::Ne, 0) == Truth::Yes) {
      outcome.relation = Relation::Ne;
    }
    outcome.value = outward(value);
  }
  std::vector<Outcome> &outcomes = summary_.outcomes;
  // Equal outcomes are one, under the conditions that they share; a few ways to one that have nothing in common stay apart:
  // neither `c == 0` nor `c->shared == 0` is all that keeps a lock from being taken.
  auto weaken = [&](size_t apart) {
    size_t ways = 0;
    Outcome *first = nullptr;
    for (Outcome &known : outcomes) {
      if (!alike(known, outcome))
        continue;
      first = first ? first : &known;
      ++ways;
      if (implies(outcome.when, known.when) || implies(known.when, outcome.when)) {
        join(known, outcome);
        return true;
      }
    }
    if (!first || (ways < apart && outcomes.size() < kOutcomes / 2))
      return false;
    join(*first, outcome);
    return true;
  };
  if (weaken(kApart))
    return;
  // Where what a constructor stores is looked for, those that throw don't crowd out the one that doesn't.
  bool few = thrown && locks_.findingBindings_;
  size_t alike = few ? llvm::count_if(outcomes, [](const Outcome &o) { return o.thrown; }) : outcomes.size();
  size_t most = few ? kThrown : kOutcomes;
  if (alike >= most) {
    // Give up what tells outcomes of equal locks apart before giving up locks.
    outcome.stores.clear();
    outcome.relation = Relation::Always;
    outcome.value = kNone;
    outcome.constant = 0;
    if (weaken(1))
      return;
    if (alike >= 2 * most) {
      cutShort();
      return;
    }
  }
  outcomes.push_back(std::move(outcome));
}

} // namespace heddle
