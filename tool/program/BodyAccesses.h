// What one event of a body reads and writes, by place.
//
// Computes. Reads and writes as facts have them; copying or assigning a class by what the compiler wrote reads or writes all of
// it; a library's function reads what it takes by reference to const; a member function of a library's container, string, pointer
// or callable writes its object, unless it is const or its class's model says that it only reads (the standard,
// [res.on.data.races]). Gets wrong: what a library's function does through a pointer is no access here.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

namespace heddle {

struct AccessKind {
  bool write = false;
  bool atomic = false;
  bool isVolatile = false;
  bool update = false;   // ++, +=
  bool initial = false;  // the first write of its object
  bool constant = false; // writes a constant
  bool whole = false;    // of a whole class
  bool frees = false;    // ends the object
};

struct PlaceAccess : AccessKind {
  PlaceId place = kNone;
};

/// A call of a member function of a class that has a model: what it does to its object by that.
struct MemberCall {
  const ClassModel *model = nullptr;  // none: it is something else
  bool reads = false;                 // changes nothing
  bool adds = false, removes = false; // an element
};
MemberCall memberCallOf(const Program &program, const facts::Event &event);

llvm::SmallVector<PlaceAccess, 2> accessesOf(const Program &program, const facts::BodyView &body, facts::EventId event);

} // namespace heddle
