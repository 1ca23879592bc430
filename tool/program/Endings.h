// Where the process ends: the blocks of a body from which every way leads to what ends it (exit, abort, the report of a failed
// assertion), and none leaves the body or goes round in it.
//
// Who gets there says why and is gone: nobody waits for its locks any longer, and what others do to the data that it reports
// doesn't matter. The end of a thread alone (a function that doesn't return, and whose model doesn't exit) is no such end: others
// go on.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/BitVector.h"

#include <map>

namespace heddle {

class Endings {
public:
  explicit Endings(const Program &program) : program_(program) {}

  /// Whether the process surely ends behind an event of a body.
  bool behind(facts::BodyId body, facts::EventId event) const;
  /// Whether an event reads what an assertion asks for: where the answer is the wrong one, the process ends. Such a read decides
  /// nothing, and is often made by the one thread that writes what it reads; a build without assertions hasn't got it.
  bool asserted(facts::BodyId body, facts::EventId event) const;

private:
  bool ends(const facts::BodyView &body, const facts::Block &block) const;
  llvm::BitVector find(const facts::BodyView &body) const; // the blocks' events that are

  const Program &program_;
  mutable std::map<facts::BodyId, llvm::BitVector> events_; // by body; empty if none is
};

} // namespace heddle
