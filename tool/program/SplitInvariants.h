// Split invariants: values that belong together under one lock, read or written in two sections of it.
//
// Computes. Two subjects of Sections.h with one guard are *bound* when every section that writes one of them writes the other one
// of the same object, and one of these writes gives both what isn't constant: then they mean something together, and each section
// keeps that. Split is a bound pair that a function
// * reads in two sections of one run, of one object, and uses together: in one expression, branch or call; or
// * alone of all writes in two sections, while some function reads both in one.
// A reader between or a writer between sees, or leaves, one new value and one old.
//
// Counters (only ever updated) and flags (only ever given constants) are bound to nothing. Text that a variadic function prints
// isn't used together. Left out: what Sections.h leaves out, and values under another lock that is held around both.
//
// Gets wrong: values that are by chance always written in one section. Source: multi-variable atomicity violations, Lu et al.,
// "MUVI", SOSP 2007.
#pragma once

#include "program/DerivedValues.h"
#include "program/GuardStory.h"
#include "program/Sections.h"

namespace heddle {

struct SplitInvariant {
  const SectionUse *first = nullptr, *second = nullptr; // of one body, apart
  const SectionUse *one = nullptr, *other = nullptr;    // of the same two subjects, in one section elsewhere
};

class SplitInvariants {
public:
  SplitInvariants(const Program &program, const GuardStory &story);
  /// One for each body and pair of subjects, in order.
  std::vector<SplitInvariant> find() const;

private:
  using Pair = std::pair<const SectionUse *, const SectionUse *>;
  using Subjects = std::pair<uint32_t, uint32_t>;

  bool tells(uint32_t subject) const;
  bool oneObject(const SectionUse &a, const SectionUse &b) const;
  PlaceId ownerOf(const SectionUse &use) const;
  std::optional<Pair> companions(const Subjects &pair, bool writes) const;
  bool alwaysTogether(const Subjects &pair, const Pair *but) const;
  std::optional<SplitInvariant> find(llvm::ArrayRef<SectionUse> uses, const Subjects &pair) const;
  std::optional<SplitInvariant> weigh(const SectionUse &first, const SectionUse &second, const Subjects &pair) const;
  bool usedTogether(const SectionUse &a, const SectionUse &b) const;
  std::optional<DerivedValues> valueOf(const SectionUse &use) const;

  const Program &program_;
  const GuardStory &story_;
  const Sections &sections_;
  std::vector<std::vector<const SectionUse *>> here_; // by subject: uses in sections that their body takes
};

} // namespace heddle
