// Handshakes: how one thread learns that another is done, other than by joining it.
//
// Computes, for an event of a thread, whether on some way there it waits for another thread (a condition, semaphore, barrier,
// latch or future, or input that may come from it), or leaves a loop by a test of something that the other thread writes. Gets
// wrong: a wait counts whoever it is for, so that a thread which is still running may be taken for done: a miss, never a false
// alarm.
#pragma once

#include "program/Phases.h"

#include <map>
#include <set>

namespace heddle {

class Handshakes {
public:
  Handshakes(const Program &program, Frames &frames) : program_(program), frames_(frames) {}

  /// Whether the thread of `point` may have been told, before it, by threads that it started and that are in `running`.
  bool before(Point point, const EntrySet &running);

private:
  using Memory = std::set<std::pair<PlaceKind, uint32_t>>; // global variables and fields

  bool waits(const facts::BodyView &body, facts::EventId event) const;
  bool waits(FrameId frame);
  bool polls(const facts::BodyView &body, const BlockGraph &graph, facts::EventId until, const Memory &written) const;
  void mentioned(const facts::BodyView &body, PlaceId place, Memory &out, unsigned depth) const;
  const Memory &writtenBy(EntryId entry);

  const Program &program_;
  Frames &frames_;
  std::map<FrameId, bool> waits_;
  std::map<EntryId, Memory> written_;
};

} // namespace heddle
