#include "program/LockVetoes.h"
#include "program/Sharing.h"

#include <algorithm>

namespace heddle {

using namespace facts;

PlaceId ownerOf(const Places &places, PlaceId lock) {
  while (lock != kNone && places[lock].kind() != PlaceKind::Field && places[lock].parent() != kNone)
    lock = places[lock].parent();
  return lock == kNone || places[lock].kind() != PlaceKind::Field ? lock : places[lock].parent();
}

bool exact(const Places &places, PlaceId place) {
  for (PlaceId id = place; id != kNone; id = places[id].parent()) {
    const Place &p = places[id];
    if (p.kind() == PlaceKind::Global)
      return true;
    // What a pointer points at, or an index names, may be another object the next time.
    if (p.kind() != PlaceKind::Field && !(p.kind() == PlaceKind::Element && places.asConstant(p.id())))
      return false;
  }
  return false;
}

bool gateLock(const Program &program, const OrderEdge &a, const OrderEdge &b) {
  const Places &places = program.places();
  auto member = [&](PlaceId lock) { return places[lock].kind() == PlaceKind::Field ? places[lock].id() : kNone; };
  for (PlaceId x : a.around)
    for (PlaceId y : b.around)
      if (x == y ? exact(places, x) : member(x) != kNone && member(x) == member(y) && !(exact(places, x) && exact(places, y)))
        return true;
  // The member of `this` of one class, in two of its methods: taken to be the same object, as the cycle itself is.
  for (PlaceId x : a.around)
    for (PlaceId y : b.around)
      if (x == y)
        return true;
  return false;
}

namespace {

/// Where an acquisition is, in every way that a known entry gets there.
std::vector<Point> pointsOf(const Program &program, AcquisitionId id) {
  const Acquisition &acquisition = program.locks().acquisition(id);
  const Frames &frames = program.sharing().frames();
  std::vector<Point> result;
  for (FrameId frame : frames.reached())
    if (frames[frame].body == acquisition.body)
      result.push_back({frame, acquisition.event});
  return result;
}

/// Whether two acquisitions may be waited for at the same time, by different threads. What no known entry reaches may be reached
/// in ways that aren't known.
bool maybeParallel(const Program &program, AcquisitionId a, AcquisitionId b) {
  std::vector<Point> as = pointsOf(program, a), bs = pointsOf(program, b);
  if (as.empty() || bs.empty())
    return true;
  return llvm::any_of(
      as, [&](Point x) { return llvm::any_of(bs, [&](Point y) { return program.sharing().phases().parallel(x, y); }); });
}

} // namespace

bool notParallel(const Program &program, const OrderEdge &a, const OrderEdge &b) {
  if (!program.hasMain())
    return false; // anybody may call anything, from any thread
  // Both the calls that lead there and the waits themselves: a join may come in between.
  return !maybeParallel(program, a.wanted, b.wanted) ||
         !maybeParallel(program, program.locks().chain(a.wanted).back(), program.locks().chain(b.wanted).back());
}

bool modesAgree(const OrderEdge &waiting, const OrderEdge &holding) {
  return waiting.toMode == Mode::Shared && holding.fromMode == Mode::Shared;
}

bool distinctObjects(const Program &program, const OrderEdge &waiting, const OrderEdge &holding) {
  const Places &places = program.places();
  return exact(places, waiting.to) && exact(places, holding.from) && waiting.to != holding.from;
}

bool derivedObjects(const Program &program, const OrderEdge &edge) {
  const Places &places = program.places();
  PlaceId a = ownerOf(places, edge.from), b = ownerOf(places, edge.to);
  if (a == kNone || b == kNone)
    return false;
  auto reached = [&](PlaceId from, PlaceId to) {
    return from != to && places.depth(to) > places.depth(from) && places.within(to, from);
  };
  return reached(a, b) || reached(b, a);
}

namespace {

bool comparison(ExprOp op) { return op == ExprOp::Lt || op == ExprOp::Le || op == ExprOp::Gt || op == ExprOp::Ge; }

/// Whether `value` compares something of `a` with something of `b`.
bool compares(const Places &places, PlaceId value, PlaceId a, PlaceId b) {
  if (value == kNone)
    return false;
  const Place &p = places[value];
  if (p.kind() != PlaceKind::Expr || p.parent() == kNone || p.op() == ExprOp::Opaque || p.id() == kNone)
    return p.kind() == PlaceKind::Expr && p.parent() != kNone && p.op() != ExprOp::Pair && compares(places, p.parent(), a, b);
  if (!comparison(p.op()))
    return compares(places, p.parent(), a, b) || compares(places, p.id(), a, b);
  PlaceId left = places.root(p.parent()), right = places.root(p.id());
  return (left == a && right == b) || (left == b && right == a);
}

/// Whether `body` compares the objects that places rooted at `a` and `b` belong to, or asks something that orders them.
bool comparesIn(const Program &program, BodyId id, PlaceId a, PlaceId b) {
  const Places &places = program.places();
  BodyView body = program.facts().body(id);
  for (const Block &block : body.blocks)
    for (const Edge &edge : body.edgesOf(block))
      if (compares(places, places.canonical(edge.value()), a, b))
        return true;
  for (EventId event = 0; event < body.events.size(); ++event) {
    for (PlaceId operand : body.operands(body.events[event]))
      if (compares(places, places.canonical(operand), a, b))
        return true;
    if (const FunctionModel *model = program.model(body.events[event].callee()))
      if (std::any_of(model->ops.begin(), model->ops.end(), [](const Op &op) { return op.verb == Verb::Order; }))
        return true;
  }
  return false;
}

} // namespace

bool ordered(const Program &program, const OrderEdge &edge) {
  const Places &places = program.places();
  // In every frame from the edge's down to the acquisitions, with the names that the two have there.
  std::vector<AcquisitionId> held = program.locks().chain(edge.held), wanted = program.locks().chain(edge.wanted);
  for (AcquisitionId h : held)
    for (AcquisitionId w : wanted) {
      const Acquisition &x = program.locks().acquisition(h), &y = program.locks().acquisition(w);
      if (x.body == y.body && comparesIn(program, x.body, places.root(x.lock), places.root(y.lock)))
        return true;
    }
  return false;
}

} // namespace heddle
