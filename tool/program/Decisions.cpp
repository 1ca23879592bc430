#include "program/Decisions.h"
#include "facts/Relations.h"

namespace heddle {

using namespace facts;

namespace {

/// Whether an expression is a sum with the value, or what is left of it.
bool growsWith(const Places &places, const DerivedValues &value, PlaceId expression) {
  if (expression == kNone)
    return false;
  const Place &p = places[places.canonical(expression)];
  if (p.kind() != PlaceKind::Expr || (p.op() != ExprOp::Add && p.op() != ExprOp::Sub))
    return false;
  bool first = value.is(p.parent()), second = value.is(p.id());
  return first != second && (first || p.op() == ExprOp::Add) && !value.madeFrom(places.canonical(first ? p.id() : p.parent()));
}

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
  bool leftSum = growsWith(places, value, p.parent()), rightSum = growsWith(places, value, p.id());
  if (!left && !right && leftSum != rightSum && !value.madeFrom(places.canonical(leftSum ? p.id() : p.parent()))) {
    made.grows = true;
    Relation relation = leftSum ? *compared : swapped(*compared);
    made.relation = edge.relation() == Relation::Eq ? negated(relation) : relation;
    return made;
  }
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
