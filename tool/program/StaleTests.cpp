#include "program/StaleTests.h"
#include "facts/Relations.h"
#include "program/Endings.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

StaleTests::StaleTests(const Program &program, const GuardStory &story)
    : program_(program), story_(story), sections_(program.sections()) {}

std::vector<StaleTest> StaleTests::find() const {
  std::vector<StaleTest> found;
  for (const auto &[body, uses] : sections_.all()) {
    std::set<uint32_t> subjects;
    for (const SectionUse &use : uses)
      subjects.insert(use.subject);
    for (uint32_t subject : subjects)
      if (std::optional<StaleTest> stale = find(uses, subject))
        found.push_back(*stale);
  }
  return found;
}

std::optional<StaleTest> StaleTests::find(llvm::ArrayRef<SectionUse> uses, uint32_t subject) const {
  for (const SectionUse &test : uses) {
    if (test.subject != subject || test.access->write || program_.endings().asserted(test.access->body, test.access->event))
      continue;
    for (const SectionUse &act : uses)
      if (act.subject == subject && act.access->write && act.place == test.place)
        if (std::optional<StaleTest> stale = weigh(test, act))
          return stale;
  }
  return std::nullopt;
}

std::optional<StaleTest> StaleTests::weigh(const SectionUse &test, const SectionUse &act) const {
  const GuardLock &guard = sections_.subjectOf(act).guard;
  bool unlocked = test.section == SectionUse::None;
  if (act.section == SectionUse::None || act.access->initial || act.access->frees ||
      (unlocked ? test.access->anyLock : !llvm::is_contained(test.access->surely, guard)) || !sections_.inOrder(test, act) ||
      !sections_.apart(test, act) || sections_.gated(test, act) || claimed(test) || testedAgain(act))
    return std::nullopt;
  bool direct = true;
  std::optional<DerivedValues> value = valueOf(test, direct);
  if (!value)
    return std::nullopt;
  StaleTest stale{&test, &act, nullptr, false};
  ActKind kind = kindOf(act.access->body, act.access->event, placeAt(*act.access));
  // What was computed from it and is stored again.
  if (act.level == 0 && kind.kind == ActKind::Value && value->usedBy(act.event)) {
    stale.computed = true;
    stale.other = intruder(test, act, [](const ActKind &) { return true; });
    return stale.other ? std::optional(stale) : std::nullopt;
  }
  std::optional<Decision> tested =
      decisionFor(program_, program_.facts().body(act.body), sections_.graph(act.body), *value, test.event, act.event);
  if (tested)
    tested->direct = tested->direct && direct;
  if (!tested || !undoes(kind, *tested) || (kind.kind == ActKind::Constant && !doesMore(act)))
    return std::nullopt;
  // One who looks first and takes later is often the only one who takes.
  bool mine = kind.kind == ActKind::Removes && test.section == SectionUse::Here && act.section == SectionUse::Here;
  if (!program_.hasMain() && (mine || (kind.kind == ActKind::Constant && !unlocked)))
    return std::nullopt;
  stale.other = intruder(
      test, act, [&](const ActKind &other) { return undoes(other, *tested) && (tested->direct || other.kind == kind.kind); });
  return stale.other ? std::optional(stale) : std::nullopt;
}

/// What the body has of the value that was read: it, or what the functions below return of it, `direct` if unchanged.
std::optional<DerivedValues> StaleTests::valueOf(const SectionUse &test, bool &direct) const {
  for (uint32_t i = 0;; ++i) {
    auto [id, event] = test.at(i);
    BodyView body = program_.facts().body(id);
    const Event &row = body.events[event];
    if (i == 0 ? row.kind() != EventKind::Read && row.kind() != EventKind::Call : row.kind() != EventKind::Call)
      return std::nullopt;
    DerivedValues value(program_, body, sections_.graph(id), event, i == 0 ? placeAt(*test.access) : kNone);
    if (i == test.level)
      return value;
    if (!value.returned())
      return std::nullopt;
    direct = direct && value.returnedAsIs();
  }
}

PlaceId StaleTests::placeAt(const GuardedAccess &access) const {
  for (const PlaceAccess &candidate : accessesOf(program_, program_.facts().body(access.body), access.event)) {
    PlaceId place = program_.places().canonical(candidate.place);
    if (candidate.write == access.write && (access.object == kNone || program_.places().within(place, access.object)))
      return place;
  }
  return kNone;
}

ActKind StaleTests::kindOf(BodyId id, EventId event, PlaceId place) const {
  BodyView body = program_.facts().body(id);
  const Event &row = body.events[event];
  const Places &places = program_.places();
  if (row.kind() == EventKind::Call && row.callee() != kNone) {
    MemberCall call = memberCallOf(program_, row);
    return {call.adds ? ActKind::Adds : call.removes ? ActKind::Removes : ActKind::Other};
  }
  if (row.kind() != EventKind::Write || row.operand_count() == 0 || place == kNone)
    return {};
  PlaceId value = places.canonical(body.operands(row)[0]);
  if (std::optional<int64_t> constant = places.asConstant(value))
    return {ActKind::Constant, *constant};
  const Place &p = places[value];
  if (p.kind() == PlaceKind::Expr && (p.op() == ExprOp::Add || p.op() == ExprOp::Sub) && p.parent() != kNone &&
      places.canonical(p.parent()) == place)
    return {(p.op() == ExprOp::Add) == (places.asConstant(p.id()).value_or(1) >= 0) ? ActKind::Raises : ActKind::Lowers};
  return {has(row.flags(), EventFlag::Update) ? ActKind::Other : ActKind::Value};
}

/// Whether the test may be untrue after it.
bool StaleTests::undoes(const ActKind &act, const Decision &test) const {
  bool lower = test.relation == Relation::Gt || test.relation == Relation::Ge;
  bool upper = test.relation == Relation::Lt || test.relation == Relation::Le;
  bool ordered = test.direct || test.grows;
  bool some = test.relation == Relation::Ne && test.constant == 0;
  switch (act.kind) {
  case ActKind::Removes: // 0 says that it isn't empty, too
    return !ordered || lower || some || (test.relation == Relation::Eq && test.constant == 0);
  case ActKind::Adds:
    return upper;
  case ActKind::Lowers:
    return !ordered || lower || some;
  case ActKind::Raises:
    return !ordered || upper || (test.relation == Relation::Ne && test.constant != 0);
  case ActKind::Constant:
    return test.direct && test.constant && !holds(act.constant, test.relation, *test.constant);
  case ActKind::Value: // what was made because there was none
    return test.direct && test.relation == Relation::Eq && test.constant == 0;
  case ActKind::Other:
    return false;
  }
  return false;
}

/// Whether the test's section writes something that the lock guards: then others can tell that this thread is at work.
bool StaleTests::claimed(const SectionUse &test) const {
  return llvm::any_of(sections_.in(test.body), [&](const SectionUse &use) {
    return use.access->write && (use.event == test.event || sections_.together(test, use));
  });
}

/// Whether what the lock guards is looked at in the act's section: by a branch before it, or by the callee that acts.
bool StaleTests::testedAgain(const SectionUse &act) const {
  return llvm::any_of(sections_.in(act.body), [&](const SectionUse &use) {
    bool callee = use.event == act.event && use.level > 0;
    if (use.access->write || sections_.subjectOf(use).guard != sections_.subjectOf(act).guard ||
        (!callee && (!sections_.inOrder(use, act) || !sections_.together(use, act))))
      return false;
    BodyId id = use.access->body;
    DerivedValues value(program_, program_.facts().body(id), sections_.graph(id), use.access->event, placeAt(*use.access));
    return !value.branches().empty() || (value.returned() && id != (callee ? act.access->body : act.body));
  });
}

/// Whether the act's section does more than to set a flag: it changes something else that the lock guards.
bool StaleTests::doesMore(const SectionUse &act) const {
  return llvm::any_of(sections_.in(act.body), [&](const SectionUse &use) {
    return use.access->write && use.subject != act.subject && !use.access->constant &&
           (act.level > 0 ? use.event == act.event : sections_.together(use, act));
  });
}

/// A write by another thread that breaks what was tested; the one that shows it best.
const GuardedAccess *StaleTests::intruder(const SectionUse &test, const SectionUse &act,
                                          llvm::function_ref<bool(const ActKind &)> breaks) const {
  const GuardedAccess *best = nullptr;
  const GuardedSubject &subject = sections_.subjectOf(act);
  // Who keeps to the lock in both steps may be the one who does this; then another function has to write, too.
  bool alone = !program_.hasMain() && test.section == SectionUse::Here && act.level == 0;
  for (const GuardedAccess &other : *subject.accesses)
    if (other.write && !(alone && other.body == act.body) && program_.guards().clear(other) && !other.initial &&
        breaks(kindOf(other.body, other.event, placeAt(other))) && story_.mayMeet(*act.access, other) &&
        (!best || story_.rank(*act.access, other) < story_.rank(*act.access, *best)))
      best = &other;
  return best;
}

} // namespace heddle
