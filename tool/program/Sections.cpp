#include "program/Sections.h"
#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Sections::Sections(const Program &program) : program_(program), locks_(program.locks()) {
  for (const auto &[subject, accesses] : program.guards().all()) {
    std::optional<GuardLock> guard = guardOf(accesses);
    if (!guard)
      continue;
    subjects_.push_back({&subject, &accesses, *guard});
    for (const GuardedAccess &access : accesses)
      add(subjects_.size() - 1, access);
  }
  for (auto &[body, uses] : uses_) {
    auto key = [](const SectionUse &use) { return std::tuple(use.event, use.subject, use.level, use.place, !use.access->write); };
    std::stable_sort(uses.begin(), uses.end(), [&](const SectionUse &a, const SectionUse &b) { return key(a) < key(b); });
    auto same = [&](const SectionUse &a, const SectionUse &b) {
      return key(a) == key(b) && a.access->body == b.access->body && a.access->event == b.access->event && a.section == b.section;
    };
    uses.erase(std::unique(uses.begin(), uses.end(), same), uses.end());
  }
}

/// The lock that every write holds; of several, the first.
std::optional<GuardLock> Sections::guardOf(const std::vector<GuardedAccess> &accesses) const {
  std::optional<llvm::SmallVector<GuardLock, 2>> common;
  for (const GuardedAccess &access : accesses) {
    if (!access.write || !program_.guards().clear(access))
      continue;
    if (!common) {
      common = access.surely;
      continue;
    }
    llvm::SmallVector<GuardLock, 2> both;
    std::set_intersection(common->begin(), common->end(), access.surely.begin(), access.surely.end(), std::back_inserter(both));
    common = both;
  }
  return common && !common->empty() ? std::optional(common->front()) : std::nullopt;
}

bool Sections::holds(BodyId body, EventId event, const GuardLock &guard) const {
  auto is = [&](const Held &held) { return program_.guards().lockNames().is(held, guard); };
  return llvm::any_of(locks_.at(body, event), is) || llvm::any_of(locks_.declared(body, event), is);
}

bool Sections::lockedAt(const GuardedAccess::Call &call) const {
  return !locks_.known(call.body, call.event) || !locks_.at(call.body, call.event).empty() ||
         !locks_.declared(call.body, call.event).empty();
}

/// Whether a function beyond `level` holds a lock, or may.
bool Sections::lockedAbove(const GuardedAccess &access, uint32_t level) const {
  for (uint32_t i = level; i < access.calls.size(); ++i)
    if (lockedAt(access.calls[i]))
      return true;
  BodyId top = access.calls.empty() ? access.body : access.calls.back().body;
  return !locks_.byCallers(top).empty() || llvm::any_of(program_.calls().callers(top), [&](const CallGraph::Caller &caller) {
    return !locks_.at(caller.body, caller.event).empty();
  });
}

/// The place that the access is of, in its own body; kNone if it isn't one alone, or an element.
PlaceId Sections::placeOf(const Subject &subject, const GuardedAccess &access) const {
  const Places &places = program_.places();
  PlaceId found = kNone;
  for (const PlaceAccess &candidate : accessesOf(program_, program_.facts().body(access.body), access.event)) {
    PlaceId place = places.canonical(candidate.place);
    if (candidate.write != access.write || (access.object != kNone && !places.within(place, access.object)))
      continue;
    if (access.object != kNone &&
        (subject.fields.empty() ? place != access.object
                                : places[place].kind() != PlaceKind::Field || places[place].id() != subject.fields.back()))
      continue;
    if (found != kNone && found != place)
      return kNone;
    found = place;
  }
  for (PlaceId step = found; step != kNone; step = places[step].parent())
    if (places[step].kind() == PlaceKind::Element)
      return kNone;
  return found;
}

PlaceId Sections::outward(PlaceId place, BodyId callee, const GuardedAccess::Call &call) const {
  BodyView from = program_.facts().body(call.body);
  FunctionId function = program_.facts().bodies()[callee].function();
  for (const Invocation &invocation : program_.calls().reached(from, call.event))
    if (invocation.function == function) {
      // What a library runs for others meanwhile is nothing that this body does.
      const Event &event = from.events[call.event];
      if (invocation.closure == kNone && event.callee() != kNone && event.callee() != function &&
          !has(event.flags(), EventFlag::Virtual))
        return kNone;
      if (program_.places().rootKind(place) == PlaceKind::Global)
        return place;
      PlaceId there = program_.translate(place, invocation, from, call.event);
      return there == kNone ? kNone : program_.places().canonical(there);
    }
  return kNone;
}

void Sections::add(uint32_t subject, const GuardedAccess &access) {
  if (!program_.guards().clear(access) || access.somehow.others)
    return;
  SectionUse use;
  use.access = &access;
  use.subject = subject;
  use.place = placeOf(*subjects_[subject].subject, access);
  bool below = false;
  for (uint32_t level = 0; level <= access.calls.size() && use.place != kNone; ++level) {
    auto [body, event] = use.at(level);
    if (level > 0)
      use.place = outward(use.place, use.at(level - 1).body, access.calls[level - 1]);
    if (use.place == kNone || !locks_.known(body, event))
      return;
    use.level = level;
    use.body = body;
    use.event = event;
    bool here = holds(body, event, subjects_[subject].guard);
    use.section = here ? SectionUse::Here : below ? SectionUse::Callee : SectionUse::None;
    below = below || here;
    if (!lockedAbove(access, level))
      uses_[body].push_back(use);
  }
}

llvm::ArrayRef<SectionUse> Sections::in(BodyId body) const {
  auto at = uses_.find(body);
  return at == uses_.end() ? llvm::ArrayRef<SectionUse>() : llvm::ArrayRef<SectionUse>(at->second);
}

bool Sections::inOrder(const SectionUse &first, const SectionUse &second) const {
  return graph(first.body).inOrder(first.event, second.event);
}

bool Sections::apart(const SectionUse &first, const SectionUse &second) const {
  if (first.section == SectionUse::None || second.section != SectionUse::Here)
    return first.event != second.event;
  // Is there a way from the first to the second on which the lock is held all the time? A callee may leave with it.
  EventId from = first.section == SectionUse::Here ? first.event : first.event + 1;
  const BlockGraph &graph = this->graph(first.body);
  BodyView body = program_.facts().body(first.body);
  const GuardLock &guard = subjectOf(first).guard;
  auto passes = [&](EventId from, EventId to) {
    for (EventId event = from; event < to; ++event)
      if (!holds(first.body, event, guard))
        return false;
    return true;
  };
  auto begin = [&](BlockId block) { return body.blocks[block].events(); };
  auto end = [&](BlockId block) { return body.blocks[block].events() + body.blocks[block].event_count(); };
  BlockId start = graph.blockOf(first.event), goal = graph.blockOf(second.event);
  if (start == goal && first.event <= second.event)
    return !passes(from, second.event);
  if (!passes(from, end(start)))
    return true;
  std::vector<BlockId> work{start};
  llvm::BitVector seen(body.blocks.size());
  while (!work.empty()) {
    BlockId block = work.back();
    work.pop_back();
    for (BlockId next : graph.after(block)) {
      if (next == goal && passes(begin(goal), second.event))
        return false;
      if (seen.test(next) || next == goal || !passes(begin(next), end(next)))
        continue;
      seen.set(next);
      work.push_back(next);
    }
  }
  return true;
}

bool Sections::together(const SectionUse &a, const SectionUse &b) const {
  if (a.section == SectionUse::None || b.section == SectionUse::None)
    return false;
  return (inOrder(a, b) && !apart(a, b)) || (inOrder(b, a) && !apart(b, a));
}

bool Sections::gated(const SectionUse &a, const SectionUse &b) const {
  const HeldSet &first = locks_.at(a.body, a.event), &second = locks_.at(b.body, b.event);
  const Places &places = program_.places();
  return llvm::any_of(first, [&](const Held &held) {
    PlaceId lock = places.canonical(locks_.lockObject(held.lock));
    const GuardLock &guard = subjectOf(a).guard;
    if (lock == guard.global || (places[lock].kind() == PlaceKind::Field && places[lock].id() == guard.field))
      return false;
    return llvm::any_of(second, [&](const Held &other) { return other.lock == held.lock; });
  });
}

} // namespace heddle
