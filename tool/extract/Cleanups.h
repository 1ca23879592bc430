// What runs when an exception leaves an event: the objects that live there, innermost first, and the handlers around it.
//
// Clang's graph sends exceptional edges past destructors, so live objects are followed here: a persistent list, pushed when an
// object is complete, cut when it is destroyed, met where paths join. Handlers are put between objects by the try blocks in
// which these were declared.
// Gets wrong: a temporary that only one arm of a conditional makes doesn't live after the arms join, for unwinding.
#pragma once

#include "extract/BodyScan.h"
#include "facts/Builder.h"

#include <map>
#include <optional>

namespace heddle::extract {

class Cleanups {
public:
  using State = uint32_t; // kNone: nothing lives

  struct Object {
    facts::PlaceId place;
    facts::FunctionId destructor;
    unsigned tryScope;
    friend auto operator<=>(const Object &, const Object &) = default;
  };

  explicit Cleanups(const BodyScan &scan) : scan_(scan) {}

  State push(State state, Object object);
  State remove(State state, facts::PlaceId place);
  /// What lives on both paths.
  State meet(State a, State b);
  /// What was alive before a try block was entered.
  State outside(State state, unsigned tryScope);

  /// The chain for an event within `tryScope`; its Handler links name try scopes until `bind`.
  facts::CleanupId chain(State state, unsigned tryScope, bool terminates);
  /// What lived at the first event in a try block that may throw; none if nothing there may, as far as chains were asked for.
  std::optional<State> thrownIn(unsigned tryScope) const {
    auto at = thrownIn_.find(tryScope);
    return at == thrownIn_.end() ? std::nullopt : std::optional(at->second);
  }
  std::vector<facts::CleanupDraft> bind(llvm::function_ref<facts::BlockId(unsigned tryScope)> dispatch) const;

private:
  bool encloses(unsigned outer, unsigned inner) const;
  bool catchesAll(unsigned tryScope) const;
  facts::CleanupId link(facts::CleanupDraft draft);

  struct Node {
    Object object;
    State next;
  };
  const BodyScan &scan_;
  std::vector<Node> nodes_;
  std::map<std::pair<Object, State>, State> nodeIds_;
  std::map<unsigned, State> thrownIn_; // by try scope
  std::vector<facts::CleanupDraft> drafts_;
  std::map<std::tuple<facts::CleanupKind, facts::CleanupId, facts::PlaceId, facts::BlockId>, facts::CleanupId> ids_;
};

} // namespace heddle::extract
