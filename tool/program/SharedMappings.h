// Shared mappings: memory that other processes see.
//
// Computes, for a place, the call that mapped its memory shared between processes (`set result.mapping` in a model), followed
// back through what a function returns, what callers gave, and pointers that the program stores once: globals and members. Gets
// wrong: a pointer that is stored in several ways isn't known; what isn't known is no mapping.
#pragma once

#include "program/Program.h"

#include <map>

namespace heddle {

class SharedMappings {
public:
  explicit SharedMappings(const Program &program);

  struct Mapping {
    facts::BodyId body = facts::kNone;
    facts::EventId event = facts::kNone;
    explicit operator bool() const { return body != facts::kNone; }
  };
  /// Where the memory of `place` was mapped, for all processes that share it.
  Mapping mappingOf(const facts::BodyView &body, PlaceId place) const { return objectMapping(body, place, 0); }

private:
  Mapping objectMapping(const facts::BodyView &body, PlaceId place, unsigned depth) const;
  Mapping valueMapping(const facts::BodyView &body, PlaceId value, unsigned depth) const;
  bool maps(const facts::BodyView &body, facts::EventId event) const;

  const Program &program_;
  struct Stored {
    facts::BodyId body;
    PlaceId value;
  };
  std::map<std::pair<PlaceKind, uint32_t>, std::vector<Stored>> stored_; // values of global variables and of fields
};

} // namespace heddle
