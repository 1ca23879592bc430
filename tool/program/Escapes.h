// Escapes: names of guarded data that outlive the section in which they were got.
//
// Computes. A *name* of guarded data (Sections.h) is its address or a reference to it; of a container, also a reference, pointer
// or iterator to an element, as its member functions return them. It escapes when a function that takes the lock itself returns
// it, and somebody who doesn't hold the lock gets it (a caller that is seen, or nobody is seen who calls); or when the function
// uses it behind the end of the section. Another function changes the data under the lock meanwhile: of an element, by adding or
// taking away one, which may move or end the others.
//
// Left out: values, among them copies of smart pointers; data that is never changed; objects with a lock of their own; functions
// that are to be called with the lock held; elements of containers of which no function is known to add or take away.
//
// Gets wrong: elements of a list stay where they are when others are added. Source: C++ Core Guidelines, CP.50; escape analysis
// as in Choi et al., OOPSLA 1999, for one function.
#pragma once

#include "program/GuardStory.h"
#include "program/Sections.h"

namespace heddle {

struct Escape {
  facts::BodyId body = facts::kNone;
  facts::EventId got = facts::kNone;    // the call that gave the name of an element; kNone: of the whole
  facts::EventId leaves = facts::kNone; // the return, or the use behind the section
  bool returned = false;
  uint32_t subject = 0; // of Sections
  PlaceId place = kNone;
  std::optional<GuardedAccess::Call> caller; // of one who gets it with no lock
  const GuardedAccess *other = nullptr;      // who changes it
};

class Escapes {
public:
  Escapes(const Program &program, const GuardStory &story);
  /// One for each body and subject, in order.
  std::vector<Escape> find() const;

private:
  std::optional<Escape> returnedBy(const facts::BodyView &body, facts::EventId event) const;
  std::optional<Escape> usedLate(const facts::BodyView &body, facts::EventId got) const;
  std::optional<uint32_t> subjectAt(PlaceId place) const;
  bool lendsElement(const facts::Event &event) const;
  bool heldFor(facts::BodyId body, facts::EventId event, PlaceId place, const GuardLock &guard) const;
  bool namesMemory(facts::TypeId type) const;
  bool complete(Escape &escape) const;
  bool findCaller(Escape &escape) const;

  const Program &program_;
  const GuardStory &story_;
  const Sections &sections_;
  std::map<Subject, uint32_t> subjects_;
};

} // namespace heddle
