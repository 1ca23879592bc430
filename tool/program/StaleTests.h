// Stale tests: what was learnt of guarded data in one section, and acted on in another.
//
// Computes, for each body and each subject of Sections.h, a *test* and an *act* on one object, apart from each other: a read
// whose value decides a branch, with the lock held or with no lock at all, and a write under the lock that this branch alone
// leads to; or a write of what was computed from the read. It counts when another thread can, in between, do what makes the test
// untrue (take away an element that had to be there, lower what had to be enough, set what had to be unset) or, of a computed
// value, write at all; where the threads of the program are known, at the same time (GuardStory.h).
//
// Not stale is what is looked at again: a branch, in the act's section and before it, on anything that the lock guards, or a
// callee that reads such; nor what was claimed: a write, in the test's section, of anything that the lock guards. Harmless is an
// act that may be done twice: a constant that is stored with no other work in its section, an element put in place of another,
// a value that is stored where it wasn't.
//
// Where threads aren't known, a class or program that locks is taken to mean it, but who looks and then takes in two sections of
// one function may well be the only one who takes: nothing is said of that, nor of flags that were tested under the lock, nor
// where no other function writes.
//
// Source: stale-value errors, Burrows and Leino, "Finding Stale-Value Errors in Concurrent Programs", CCPE 2004; atomicity
// violations, Lu, Tucek, Qin and Zhou, "AVIO", ASPLOS 2006.
#pragma once

#include "program/Decisions.h"
#include "program/GuardStory.h"
#include "program/Sections.h"

namespace heddle {

struct StaleTest {
  const SectionUse *test = nullptr, *act = nullptr;
  const GuardedAccess *other = nullptr; // what makes the test untrue
  bool computed = false;                // the act stores what was computed from the value
};

/// What a write does to its object.
struct ActKind {
  enum Kind : uint8_t { Other, Adds, Removes, Raises, Lowers, Constant, Value } kind = Other;
  int64_t constant = 0;
};

class StaleTests {
public:
  StaleTests(const Program &program, const GuardStory &story);
  /// One for each body and subject, in order.
  std::vector<StaleTest> find() const;

private:
  std::optional<StaleTest> find(llvm::ArrayRef<SectionUse> uses, uint32_t subject) const;
  std::optional<StaleTest> weigh(const SectionUse &test, const SectionUse &act) const;
  std::optional<DerivedValues> valueOf(const SectionUse &test, bool &direct) const;
  ActKind kindOf(facts::BodyId body, facts::EventId event, PlaceId place) const;
  bool undoes(const ActKind &act, const Decision &test) const;
  bool claimed(const SectionUse &test) const;
  bool testedAgain(const SectionUse &act) const;
  bool doesMore(const SectionUse &act) const;
  const GuardedAccess *intruder(const SectionUse &test, const SectionUse &act,
                                llvm::function_ref<bool(const ActKind &)> breaks) const;
  PlaceId placeAt(const GuardedAccess &access) const;

  const Program &program_;
  const GuardStory &story_;
  const Sections &sections_;
};

} // namespace heddle
