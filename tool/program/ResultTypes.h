// The types of the results of events, each in its body.
//
// Computes. Places are hash-consed over the program, whatever their type: `Result 3` is another value in every body. So a result
// has the type of that row of the facts by which the body itself mentions it.
//
// Gets wrong. A result that its body never mentions has the type that its callee returns.
#pragma once

#include "program/Places.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace heddle {

class ResultTypes {
public:
  explicit ResultTypes(const facts::Facts &facts) : facts_(facts), types_(facts.bodies().size()) {}

  /// kNone if it isn't known.
  facts::TypeId at(facts::EventId event, const facts::BodyView &body) const;

private:
  using Types = llvm::DenseMap<facts::EventId, facts::TypeId>;
  const Types &of(const facts::BodyView &body) const;

  const facts::Facts &facts_;
  mutable std::vector<std::optional<Types>> types_; // by body
};

} // namespace heddle
