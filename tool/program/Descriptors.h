// Descriptor state across fork: which open file descriptions are used through their shared offset on both sides of a fork.
//
// Computes. A fork copies the descriptors of a process but not what they refer to: parent and child share one open file
// description, with one offset, and each has its own copy of a stream's buffer. Every body that forks, or is called by one that
// does, is walked path by path (DescriptorsWalk.h). A path knows which values stand for which description (through variables,
// fields, duplicates and streams), and on which side of which forks it is. Callees come before callers: a callee's summary says
// which descriptions of its caller it uses, opens, stores, returns and closes, and which forks it made, with the uses on both
// sides. A use counts for a fork if the description was open before it and a branch on the fork's result was taken, so that the
// side is known.
//
// Gets wrong, all towards silence: uses in a parent that has waited for the child are taken as ordered; what runs after a
// successful exec is another program; a fork whose result is never tested has no sides; a descriptor that travels through a
// container, a message or memory that the places don't name is lost; processes that synchronise by other means than wait are
// reported.
//
// Source: POSIX.1-2017, fork() and 2.5.1 (interaction of file descriptors and standard I/O streams); path merging after Das,
// Lerner and Seigle, ESP, PLDI 2002.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace heddle {

/// An event of a body.
struct Site {
  facts::BodyId body = kNone;
  facts::EventId event = kNone;
  friend auto operator<=>(const Site &, const Site &) = default;
};

/// The calls that lead to an event, outermost first, and the event itself last.
using Chain = llvm::SmallVector<Site, 3>;

/// How an offset is moved.
enum class Advance : uint8_t { Read, Write, Seek };

struct DescriptorUse {
  Advance how = Advance::Read;
  Chain chain;
  PlaceId place = kNone; // what the last site of the chain calls it
  friend bool operator<(const DescriptorUse &, const DescriptorUse &);
};

/// A file that was open at a fork and is used on both sides of it.
struct SharedDescription {
  Chain opened, forked; // both begin in the function that has them in common
  PlaceId name = kNone; // what holds it in the function of opened.front(); kNone: nothing that has a name
  facts::BodyId nameBody = kNone;
  DescriptorUse child;
  std::optional<DescriptorUse> parent; // none: children of one fork in a loop share it with each other
};

class Descriptors {
public:
  explicit Descriptors(const Program &program);

  /// One for each place that opens and each fork, in order of those.
  std::span<const SharedDescription> shared() const { return shared_; }

private:
  std::vector<SharedDescription> shared_;
};

} // namespace heddle
