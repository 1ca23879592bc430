// Entries: whose code runs in a thread of its own, found rather than assumed.
//
// Computes. main (or, in a program without one, what outsiders may call and starts threads), and the target of every start, also
// one that happens in a helper, with what it received (Frames). Entries form a tree: each was started by a frame of another. Gets
// wrong: a thread that a library without body or model starts is not seen; how many threads a loop makes is never counted, only
// whether one may still run when the next starts (Phases).
#pragma once

#include "program/Frames.h"

namespace heddle {

class Entries {
public:
  explicit Entries(const Program &program) : program_(program), frames_(program) {}

  llvm::ArrayRef<Entry> all() const { return frames_.entries(); }
  const Entry &operator[](EntryId id) const { return frames_.entries()[id]; }
  Frames &frames() const { return frames_; }

  /// Who started it; kNone for main and what outsiders call.
  EntryId starterOf(EntryId id) const;
  /// Whether `ancestor` is `id` or started it, directly or not.
  bool descends(EntryId id, EntryId ancestor) const;
  /// As a reader names it: "'Server::run'", "a lambda in 'main'".
  std::string nameOf(EntryId id) const;
  std::string nameOfFunction(FrameId id) const;

private:
  const Program &program_;
  mutable Frames frames_; // evaluating a place may name a new object
};

} // namespace heddle
