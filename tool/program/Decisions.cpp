#include "program/Decisions.h"
#include "facts/Relations.h"

namespace heddle {

using namespace facts;

namespace {

/// What taking an edge says of the value.
std::optional<Decision> decisionOf(const Program &program, const DerivedValues &value, const Edge &edge) {
  const Places &places = program.places();
  Decision decision{edge.relation(), edge.constant()}, made{Relation::Always, std::nullopt, false};
  if (edge.relation() == Relation::Always || edge.relation() == Relation::Default)
    return std::nullopt;
  PlaceId tested = places.canonical(edge.value());
  if (value.is(tested))
    return decision;
  const Place &p = places[tested];
  std::optional<Relation> compared = p.kind() == PlaceKind::Expr ? relationOf(p.op()) : std::nullopt;
  if (!compared || edge.constant() != 0 || (edge.relation() != Relation::Ne && edge.relation() != Relation::Eq))
    return made;
  bool left = value.is(p.parent()), right = value.is(p.id());
  if (left == right)
    return made;
  PlaceId other = places.canonical(left ? p.id() : p.parent());
  if (other == kNone || value.madeFrom(other))
    return made;
  decision.constant = places.asConstant(other);
  Relation relation = left ? *compared : swapped(*compared);
  decision.relation = edge.relation() == Relation::Eq ? negated(relation) : relation;
  return decision;
}

} // namespace

std::optional<Decision> decisionFor(const Program &program, const BodyView &body, const BlockGraph &graph,
                                    const DerivedValues &value, EventId from, EventId to) {
  BlockId start = graph.blockOf(from), goal = graph.blockOf(to);
  std::optional<Decision> found;
  for (BlockId block : value.branches()) {
    if (block == goal || !graph.reachesForward(start, block) || !graph.reachesForward(block, goal))
      continue;
    const Edge *taken = nullptr;
    unsigned ways = 0;
    for (const Edge &edge : body.edgesOf(body.blocks[block]))
      if (graph.reachesForward(edge.to(), goal)) {
        taken = &edge;
        ++ways;
      }
    if (ways != 1 || !value.decides(block, *taken))
      continue;
    if (std::optional<Decision> decision = decisionOf(program, value, *taken)) {
      decision->block = block;
      found = decision;
    }
  }
  return found;
}

} // namespace heddle
