#include "program/SplitInvariants.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

SplitInvariants::SplitInvariants(const Program &program, const GuardStory &story)
    : program_(program), story_(story), sections_(program.sections()) {
  here_.resize(sections_.subjects().size());
  for (const auto &[body, uses] : sections_.all())
    for (const SectionUse &use : uses)
      if (use.section == SectionUse::Here)
        here_[use.subject].push_back(&use);
}

/// Whether its values mean something beside another's, and all of its writes are known: it is no counter and no flag.
bool SplitInvariants::tells(uint32_t subject) const {
  const std::vector<GuardedAccess> &accesses = *sections_.subjects()[subject].accesses;
  return llvm::any_of(
             accesses,
             [](const GuardedAccess &access) { return access.write && !access.initial && !access.update && !access.constant; }) &&
         llvm::none_of(accesses, [&](const GuardedAccess &access) {
           return access.write && (!program_.guards().clear(access) || access.somehow.others);
         });
}

/// What the subject's first field is a member of.
PlaceId SplitInvariants::ownerOf(const SectionUse &use) const {
  PlaceId owner = use.place;
  for (size_t i = 0; i < sections_.subjectOf(use).subject->fields.size() && owner != kNone; ++i)
    owner = program_.places()[owner].parent();
  return owner;
}

bool SplitInvariants::oneObject(const SectionUse &a, const SectionUse &b) const {
  bool globals =
      program_.places()[ownerOf(a)].kind() == PlaceKind::Global && program_.places()[ownerOf(b)].kind() == PlaceKind::Global;
  return globals || ownerOf(a) == ownerOf(b);
}

/// Two uses of the pair in one section; of writes, such that give both what isn't constant.
std::optional<SplitInvariants::Pair> SplitInvariants::companions(const Subjects &pair, bool writes) const {
  auto fits = [&](const SectionUse &use) {
    return use.access->write == writes && (!writes || (!use.access->constant && !use.access->update));
  };
  for (const SectionUse *a : here_[pair.first])
    for (const SectionUse *b : here_[pair.second])
      if (a->body == b->body && fits(*a) && fits(*b) && oneObject(*a, *b) && sections_.together(*a, *b) &&
          (writes || usedTogether(*a, *b)))
        return Pair(a, b);
  return std::nullopt;
}

/// Whether every section that writes one writes the other. What the accesses of `but` do isn't asked.
bool SplitInvariants::alwaysTogether(const Subjects &pair, const Pair *but) const {
  auto accompanied = [&](uint32_t one, uint32_t other) {
    return llvm::all_of(here_[one], [&](const SectionUse *use) {
      if (!use->access->write || (but && (use->access->body == but->first->access->body)))
        return true;
      return llvm::any_of(here_[other], [&](const SectionUse *beside) {
        return beside->body == use->body && beside->access->write && oneObject(*use, *beside) &&
               (use->event == beside->event || sections_.together(*use, *beside));
      });
    });
  };
  return accompanied(pair.first, pair.second) && accompanied(pair.second, pair.first);
}

std::optional<DerivedValues> SplitInvariants::valueOf(const SectionUse &use) const {
  PlaceId place = use.place;
  for (uint32_t level = 0;; ++level) {
    auto [id, event] = use.at(level);
    BodyView body = program_.facts().body(id);
    const Event &row = body.events[event];
    if (row.kind() != EventKind::Call && (level > 0 || row.kind() != EventKind::Read))
      return std::nullopt;
    PlaceId read = level == 0 && row.kind() == EventKind::Read ? program_.places().canonical(row.place()) : place;
    DerivedValues value(program_, body, sections_.graph(id), event, read);
    if (level == use.level)
      return value;
    if (!value.returned())
      return std::nullopt;
  }
}

/// Whether one expression, call or branch depends on both.
bool SplitInvariants::usedTogether(const SectionUse &a, const SectionUse &b) const {
  std::optional<DerivedValues> first = valueOf(a), second = valueOf(b);
  if (!first || !second)
    return false;
  BodyView body = program_.facts().body(a.body);
  for (BlockId block : first->branches())
    if (llvm::any_of(body.edgesOf(body.blocks[block]),
                     [&](const Edge &edge) { return first->decides(block, edge) && second->decides(block, edge); }))
      return true;
  for (EventId id = 0; id < body.events.size(); ++id) {
    const Event &row = body.events[id];
    bool prints = row.callee() != kNone && has(program_.facts().functions()[row.callee()].flags(), FunctionFlag::Variadic);
    if (!prints && id != a.event && id != b.event && first->usedBy(id) && second->usedBy(id))
      return true;
  }
  return false;
}

std::optional<SplitInvariant> SplitInvariants::weigh(const SectionUse &first, const SectionUse &second,
                                                     const Subjects &pair) const {
  bool writes = first.access->write;
  if (second.access->write != writes || first.section == SectionUse::None || second.section == SectionUse::None ||
      !oneObject(first, second) || !sections_.inOrder(first, second) || !sections_.apart(first, second) ||
      sections_.gated(first, second))
    return std::nullopt;
  if (writes && (first.level > 0 || second.level > 0 || (first.access->constant && second.access->constant)))
    return std::nullopt;
  if (!writes && !usedTogether(first, second))
    return std::nullopt;
  Pair suspects(&first, &second);
  std::optional<Pair> written = companions(pair, true);
  if (!written || !alwaysTogether(pair, writes ? &suspects : nullptr))
    return std::nullopt;
  std::optional<Pair> there = writes ? companions(pair, false) : written;
  if (!there || (writes && written->first->access->body == first.access->body) ||
      !story_.mayMeet(*first.access, *there->first->access))
    return std::nullopt;
  return SplitInvariant{&first, &second, there->first, there->second};
}

std::optional<SplitInvariant> SplitInvariants::find(llvm::ArrayRef<SectionUse> uses, const Subjects &pair) const {
  for (const SectionUse &first : uses)
    for (const SectionUse &second : uses)
      if ((first.subject == pair.first && second.subject == pair.second) ||
          (first.subject == pair.second && second.subject == pair.first))
        if (std::optional<SplitInvariant> split = weigh(first, second, pair))
          return split;
  return std::nullopt;
}

std::vector<SplitInvariant> SplitInvariants::find() const {
  std::vector<SplitInvariant> found;
  std::map<Subjects, bool> bound;
  for (const auto &[body, uses] : sections_.all()) {
    std::set<uint32_t> subjects;
    for (const SectionUse &use : uses)
      if (use.section != SectionUse::None)
        subjects.insert(use.subject);
    for (uint32_t a : subjects)
      for (auto b = std::next(subjects.find(a)); b != subjects.end(); ++b) {
        if (sections_.subjects()[a].guard != sections_.subjects()[*b].guard)
          continue;
        auto [known, isNew] = bound.try_emplace({a, *b}, false);
        if (isNew)
          known->second = tells(a) && tells(*b) && companions({a, *b}, true);
        if (!known->second)
          continue;
        if (std::optional<SplitInvariant> split = find(uses, {a, *b}))
          found.push_back(*split);
      }
  }
  return found;
}

} // namespace heddle
