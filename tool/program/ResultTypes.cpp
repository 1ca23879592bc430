#include "program/ResultTypes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace heddle {

using namespace facts;

TypeId ResultTypes::at(EventId event, const BodyView &body) const {
  const Types &types = of(body);
  if (auto found = types.find(event); found != types.end())
    return found->second;
  if (event >= body.events.size() || body.events[event].callee() == kNone || body.events[event].kind() != EventKind::Call)
    return kNone;
  return facts_.functions()[body.events[event].callee()].result();
}

/// The rows of the facts themselves: canonical places are other bodies' too.
const ResultTypes::Types &ResultTypes::of(const BodyView &body) const {
  std::optional<Types> &types = types_[body.id];
  if (types)
    return *types;
  types.emplace();
  llvm::DenseSet<PlaceId> seen;
  llvm::SmallVector<PlaceId, 16> work;
  auto mention = [&](PlaceId id) {
    if (id != kNone && seen.insert(id).second)
      work.push_back(id);
  };
  for (const Event &event : body.events) {
    mention(event.place());
    mention(event.result());
    for (PlaceId operand : body.operands(event))
      mention(operand);
  }
  for (const Block &block : body.blocks)
    for (const Edge &edge : body.edgesOf(block))
      mention(edge.value());
  for (const Cleanup &cleanup : body.cleanups)
    mention(cleanup.place());
  while (!work.empty()) {
    const facts::Place &row = facts_.places()[work.pop_back_val()];
    if (row.kind() == PlaceKind::Result && row.type() != kNone)
      types->try_emplace(row.id(), row.type());
    mention(row.parent());
    if (row.kind() == PlaceKind::Element || (row.kind() == PlaceKind::Expr && row.op() != ExprOp::Opaque))
      mention(row.id());
  }
  return *types;
}

} // namespace heddle
