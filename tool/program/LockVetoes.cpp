#include "program/LockVetoes.h"
#include "program/Sharing.h"

#include <algorithm>
#include <set>

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
  // The same name, or the same member of objects that can't be told apart, as the cycle's own are; shared holders don't exclude.
  auto same = [&](PlaceId x, PlaceId y) {
    return x == y || (member(x) != kNone && member(x) == member(y) && !(exact(places, x) && exact(places, y)));
  };
  for (const Held &x : a.around)
    for (const Held &y : b.around)
      if (same(x.lock, y.lock) && !(x.mode == Mode::Shared && y.mode == Mode::Shared))
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
/// in ways that aren't known. `call`: the first one only leads to a wait, and may start the other thread on its way.
bool maybeParallel(const Program &program, AcquisitionId a, AcquisitionId b, bool call = false) {
  std::vector<Point> as = pointsOf(program, a), bs = pointsOf(program, b);
  if (as.empty() || bs.empty())
    return true;
  const Phases &phases = program.sharing().phases();
  return llvm::any_of(as, [&](Point x) {
    if (call)
      for (EntryId after : phases.runningAfter(x))
        if (!contains(phases.running(x), after))
          return true;
    return llvm::any_of(bs, [&](Point y) { return phases.parallel(x, y); });
  });
}

/// Whether a call between the first and the last of the ways to two waits comes before the start or after the join of the other
/// thread: a function that is called from elsewhere, too, may itself be run at any time.
bool apartBetween(const Program &program, AcquisitionId a, AcquisitionId b) {
  auto steps = program.locks().chain(a);
  AcquisitionId wait = program.locks().chain(b).back();
  for (size_t i = 1; i + 1 < steps.size(); ++i)
    if (!maybeParallel(program, steps[i], wait, /*call=*/true))
      return true;
  return false;
}

} // namespace

bool notParallel(const Program &program, const OrderEdge &a, const OrderEdge &b) {
  if (!program.hasMain())
    return false; // anybody may call anything, from any thread
  // Both the calls that lead there and the waits themselves: a join may come in between.
  return !maybeParallel(program, a.wanted, b.wanted) ||
         !maybeParallel(program, program.locks().chain(a.wanted).back(), program.locks().chain(b.wanted).back()) ||
         apartBetween(program, a.wanted, b.wanted) || apartBetween(program, b.wanted, a.wanted);
}

bool tooFewThreads(const Program &program, llvm::ArrayRef<const OrderEdge *> cycle) {
  if (!program.hasMain() || cycle.size() < 3)
    return false; // two are told apart by notParallel()
  std::set<EntryId> threads;
  for (const OrderEdge *edge : cycle) {
    std::vector<Point> points = pointsOf(program, edge->wanted);
    if (points.empty())
      return false;
    for (Point point : points) {
      EntryId entry = program.sharing().frames()[point.frame].entry;
      if (program.sharing().phases().beside(entry))
        return false; // as many as one likes
      threads.insert(entry);
    }
  }
  return threads.size() < cycle.size();
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

/// The roots that a place's object may have in a body: its own, and those of what was written to a local that it goes through.
std::set<PlaceId> rootsOf(const Program &program, const BodyView &body, PlaceId place) {
  const Places &places = program.places();
  std::set<PlaceId> roots;
  std::vector<PlaceId> todo{place};
  while (!todo.empty() && roots.size() < 16) {
    PlaceId root = places.root(todo.back());
    todo.pop_back();
    if (!roots.insert(root).second || places[root].kind() != PlaceKind::Local)
      continue;
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && event.operand_count() > 0 && places.canonical(event.place()) == root)
        if (PlaceId value = places.canonical(body.operands(event)[0]); value != kNone)
          todo.push_back(value);
  }
  return roots;
}

/// Compares the objects that places rooted at `a` and `b` belong to, in one body.
class Comparison {
public:
  Comparison(const Program &program, BodyId id, PlaceId a, PlaceId b)
      : program_(program), body_(program.facts().body(id)), a_(a), b_(b) {}

  bool found() const {
    const Places &places = program_.places();
    for (const Block &block : body_.blocks)
      for (const Edge &edge : body_.edgesOf(block))
        if (compares(places.canonical(edge.value())))
          return true;
    for (EventId event = 0; event < body_.events.size(); ++event) {
      for (PlaceId operand : body_.operands(body_.events[event]))
        if (compares(places.canonical(operand)))
          return true;
      if (asks(event))
        return true;
    }
    return false;
  }

private:
  bool both(const std::set<PlaceId> &left, const std::set<PlaceId> &right) const {
    return (left.count(a_) && right.count(b_)) || (left.count(b_) && right.count(a_));
  }

  bool compares(PlaceId value) const {
    if (value == kNone)
      return false;
    const Place &p = program_.places()[value];
    if (p.kind() != PlaceKind::Expr || p.parent() == kNone || p.op() == ExprOp::Opaque || p.id() == kNone)
      return p.kind() == PlaceKind::Expr && p.parent() != kNone && p.op() != ExprOp::Pair && compares(p.parent());
    if (!comparison(p.op()))
      return compares(p.parent()) || compares(p.id());
    return both(rootsOf(program_, body_, p.parent()), rootsOf(program_, body_, p.id()));
  }

  /// A call that is given both and whose answer a branch takes: `std::less()(a, b)`, `a->before(*b)`, `*a < *b`.
  bool asks(EventId id) const {
    const Event &event = body_.events[id];
    const Places &places = program_.places();
    if (event.kind() != EventKind::Call)
      return false;
    std::vector<std::set<PlaceId>> given;
    if (event.place() != kNone)
      given.push_back(rootsOf(program_, body_, places.canonical(event.place())));
    for (PlaceId operand : body_.operands(event))
      if (operand != kNone)
        given.push_back(rootsOf(program_, body_, places.canonical(operand)));
    bool asked = false;
    for (size_t i = 0; i < given.size(); ++i)
      for (size_t k = i + 1; k < given.size(); ++k)
        asked = asked || both(given[i], given[k]);
    if (!asked)
      return false;
    PlaceId answer = program_.places().make(PlaceKind::Result, id);
    for (const Block &block : body_.blocks)
      for (const Edge &edge : body_.edgesOf(block))
        if (places.mentions(places.canonical(edge.value()), answer))
          return true;
    return false;
  }

  const Program &program_;
  BodyView body_;
  PlaceId a_, b_;
};

} // namespace

bool ordered(const Program &program, const OrderEdge &edge) {
  const Places &places = program.places();
  // In every frame from the edge's down to the acquisitions, with the names that the two have there.
  std::vector<AcquisitionId> held = program.locks().chain(edge.held), wanted = program.locks().chain(edge.wanted);
  for (AcquisitionId h : held)
    for (AcquisitionId w : wanted) {
      const Acquisition &x = program.locks().acquisition(h), &y = program.locks().acquisition(w);
      if (x.body == y.body && Comparison(program, x.body, places.root(x.lock), places.root(y.lock)).found())
        return true;
    }
  return false;
}

} // namespace heddle
