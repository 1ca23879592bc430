// Uses: which events and branches of one body mention a place, and what kind of storage it is.
//
// Computes, for an object or value of a body, every event whose object or operands name it or a part of it, and whether a branch
// tests it. Gets wrong: a use through another name (an address that was stored before) is no use of this one.
#pragma once

#include "program/Program.h"

namespace heddle {

class Uses {
public:
  Uses(const Program &program, const facts::BodyView &body) : program_(program), body_(body) {}

  /// Events that mention `place`, in order of id.
  std::vector<facts::EventId> of(PlaceId place) const;
  bool mentions(facts::EventId event, PlaceId place) const;
  /// Whether the edge of a branch, or the value that is returned, depends on it.
  bool tested(PlaceId value) const;
  /// Whether anybody looks at the result of an event: a branch, an operand, or a variable that is looked at.
  bool resultUsed(facts::EventId event) const;
  /// Variables of the body that are written but once, with the result of the event.
  std::vector<PlaceId> namesOfResult(facts::EventId event) const;
  /// The end of an object's life that the compiler wrote: the last, in order of events; kNone if there is none.
  facts::EventId endOf(PlaceId object) const;

private:
  const Program &program_;
  const facts::BodyView &body_;
};

/// Whether others than this run of the function can see `place`: a variable with static storage, a member of `this`, or what a
/// parameter or capture points at. A thread's own and constants aren't.
bool outlivesCall(const Program &program, PlaceId place);

/// The type of what a place of `body` names; kNone if that isn't known.
facts::TypeId typeAt(const Program &program, const facts::BodyView &body, PlaceId place);
/// The class of the object that a place of `body` is, if it is one by value; kNone otherwise.
facts::RecordId classAt(const Program &program, const facts::BodyView &body, PlaceId place);
/// The same of a type.
facts::RecordId classOf(const Program &program, facts::TypeId type);

/// The model of an object's class, when it is of that kind (`is:`); null otherwise.
const ClassModel *kindAt(const Program &program, const facts::BodyView &body, PlaceId place, llvm::StringRef kind);
const ClassModel *kindOf(const Program &program, facts::TypeId type, llvm::StringRef kind);

} // namespace heddle
