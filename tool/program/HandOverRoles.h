// What the events of a body do to the objects by which threads wait for each other, told from models: wait on them, or tell
// others.
//
// An event on the way to a static local's first value waits and tells through that variable: who comes later waits for the first
// thread (C++ standard, [stmt.dcl]).
#pragma once

#include "program/Program.h"

#include <map>

namespace heddle {

/// Nothing, if neither `waits` nor `tells`, nor a fence.
struct HandOverRole {
  bool waits = false, tells = false, atomic = false, once = false;
  bool fence = false;
  bool stores = false;                          // to an atomic, the first operand
  bool releases = true, acquires = true;        // of an atomic; else it neither waits nor tells without
  bool condition = false;                       // waits for what others say of their own accord, not for input
  bool channel = false;                         // by what is written to one end of a pipe or socket and read from the other
  facts::VariableId initialises = facts::kNone; // a static local, on the way of the first thread that gets there
};

/// Whether a call runs what it is given under a lock that is taken for it alone: once, and who comes later waits for the first
/// one.
bool runsOnce(const Program &program, const facts::Event &event);

class HandOverRoles {
public:
  using Acting = std::vector<std::pair<facts::EventId, HandOverRole>>;

  explicit HandOverRoles(const Program &program) : program_(program) {}
  /// The events of a body that have a role, in order.
  const Acting &of(facts::BodyId body);
  HandOverRole at(facts::BodyId body, facts::EventId event);

private:
  const Program &program_;
  std::map<facts::BodyId, Acting> acting_;
};

} // namespace heddle
