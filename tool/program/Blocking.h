// Who is kept waiting by whom: a lock is held across a wait, and another holder of that lock, who has nothing to do with what is
// waited for, can't go on meanwhile.
//
// Computes, from the waits and the held sets of LockState, the *sections* of the program (a body, a lock that it takes, all
// events at which it has it) and the *stalls*: a section that may block, beside one of the same lock that doesn't. A section that
// waits stalls nobody when
// * no other section of the lock can run at the same time (Phases: before the start, after the join; a constructor or destructor
//   of the object that has the lock, or the function that allocates it), or both take it shared;
// * all others do the same kind of wait, or use the descriptor that is waited on: the lock is there to serialise that;
// * it happens once: in a branch that is taken while a pointer is null, which is set there;
// * the others are empty: who takes a lock and gives it back at once wants to wait for its holder;
// * the lock is a thread's *turn*: its function takes it before its loop, and lets others in when it waits for work. They take it
//   to stop the thread, and expect to wait.
//
// Gets wrong: objects of one class are not told apart, so two sections may belong to two objects; how long a wait is, and how
// often, isn't known.
//
// Source: "starvation" of Infer (Blackshear et al., OOPSLA 2018, for the summaries), with contention asked as for a race.
#pragma once

#include "program/Frames.h"
#include "program/LockOrder.h"
#include "program/LockState.h"

#include <set>

namespace heddle {

/// A body with a lock that it takes.
struct Section {
  facts::BodyId body = kNone;
  AcquisitionId acquisition = kNone; // in `body`
  LockNode node;
  bool attempt = false; // taken by a try: never waits
  Mode mode = Mode::Exclusive;
  std::vector<facts::EventId> events; // at which it is held, maybe
  uint32_t kinds = 0;                 // of BlockKind: bits of what it waits for meanwhile
};

/// `holder` waits, and `other` waits for its lock as long.
struct Stall {
  const Section *holder = nullptr, *other = nullptr;
  WaitId wait = kNone;
  std::string why; // the two can run at the same time
};

class Blocking {
public:
  explicit Blocking(const Program &program);

  std::span<const Section> sections() const { return sections_; }
  /// One stall for each lock and place that waits, and for each lock and function that holds it: the shortest chain.
  std::vector<Stall> stalls() const;
  /// A section of the same lock that can run beside `holder`, surely doesn't need what `wait` is about, and isn't its own kind.
  const Section *kept(const Section &holder, WaitId wait, std::string *why) const;
  /// The chain from `wait` down to the event that blocks.
  std::vector<WaitId> chain(WaitId wait) const;

private:
  void findSections(facts::BodyId body);
  bool ownPhase(const Section &section) const;
  bool once(facts::BodyId body, facts::EventId event) const;
  bool empty(const Section &section) const;
  bool isTurn(const Section &section) const;
  void findTurns();
  bool parallel(const Section &a, facts::EventId at, const Section &b, std::string *why) const;
  bool uses(const Section &section, WaitId wait) const;
  std::span<const FrameId> framesOf(facts::BodyId body) const;
  const Section *sectionOf(facts::BodyId body, AcquisitionId acquisition) const;

  const Program &program_;
  std::vector<Section> sections_; // by body
  std::map<LockNode, std::vector<uint32_t>> byNode_;
  std::set<LockNode> turns_;
  std::set<facts::FieldId> inner_; // locks of wrappers, which methods take for their callers
  mutable std::vector<std::vector<FrameId>> frames_;
};

} // namespace heddle
