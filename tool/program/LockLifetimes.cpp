#include "program/LockLifetimes.h"
#include "program/Uses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDeep = 3; // calls down to what ends a lock

/// Whether every way from a block to where the body is left comes by an event.
bool alwaysComesBy(const BodyView &body, const BlockGraph &graph, BlockId from, EventId event) {
  auto left = [&](BlockId block) { return graph.after(block).empty() && !has(body.blocks[block].flags(), BlockFlag::NoReturn); };
  return !graph.leads(from, left, [&](BlockId block) { return block == graph.blockOf(event); });
}

} // namespace

/// Whether the name says which lock it is for as long as no pointer in it is written.
bool LockLifetimes::named(const BodyView &body, PlaceId lock) const {
  const Places &places = program_.places();
  for (PlaceId at = lock; at != kNone; at = places[at].parent())
    switch (places[at].kind()) {
    case PlaceKind::Field:
    case PlaceKind::Deref:
      continue;
    case PlaceKind::Result: { // another one in each turn of a loop
      const BlockGraph &graph = program_.graph(body.id);
      return places[at].id() < body.events.size() && !graph.cyclic(graph.blockOf(places[at].id()));
    }
    default:
      return places[at].parent() == kNone && places[at].kind() != PlaceKind::Unknown;
    }
  return false;
}

const std::vector<LockLifetimes::End> &LockLifetimes::endsOf(BodyId id, unsigned depth) {
  static const std::vector<End> kNobody;
  if (auto known = ends_.find(id); known != ends_.end())
    return known->second;
  if (depth > kDeep)
    return kNobody;
  ends_.try_emplace(id);
  std::vector<End> ends;
  Places &places = program_.places();
  BodyView body = program_.facts().body(id);
  Uses uses(program_, body);
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    if (row.kind() != EventKind::Call || row.callee() == kNone)
      continue;
    if (const FunctionModel *model = program_.model(row.callee())) {
      if (model->ops.size() != 1 || model->ops[0].verb != Verb::End)
        continue;
      if (uses.resultUsed(event))
        continue; // who looks at the result knows that it may have failed
      for (const Op &op : program_.ops(*model, body, event))
        if (PlaceId lock = program_.value(op.operands[0], body, event);
            lock != kNone && named(body, places.canonical(lock)) && kindAt(program_, body, places.canonical(lock), "lock"))
          ends.push_back({event, places.canonical(lock)});
      continue;
    }
    for (const Invocation &invocation : program_.calls().invocations(body, event))
      for (BodyId callee : program_.bodiesOf(invocation.function)) {
        BodyView inner = program_.facts().body(callee);
        for (const End &end : endsOf(callee, depth + 1)) {
          // On every way, or else the caller may know that it didn't.
          if (invocation.certainty != Invocation::Exact || !alwaysComesBy(inner, program_.graph(callee), 0, end.event))
            continue;
          PlaceId lock = program_.translate(end.lock, invocation, body, event);
          if (lock != kNone && named(body, places.canonical(lock)))
            ends.push_back({event, places.canonical(lock)});
        }
      }
  }
  return ends_[id] = std::move(ends);
}

/// Whether an event waits for the lock, by itself or by what it calls whatever that finds.
bool LockLifetimes::takes(const BodyView &body, EventId event, PlaceId lock) const {
  const Event &row = body.events[event];
  Places &places = program_.places();
  if (row.kind() != EventKind::Call || row.callee() == kNone)
    return false;
  if (const FunctionModel *model = program_.model(row.callee())) {
    for (const Op &op : program_.ops(*model, body, event))
      if (op.verb == Verb::Acquire && !op.operands.empty())
        if (PlaceId taken = program_.value(op.operands[0], body, event); taken != kNone && places.canonical(taken) == lock)
          return true;
    return false;
  }
  for (const Invocation &invocation : program_.calls().invocations(body, event))
    for (BodyId callee : program_.bodiesOf(invocation.function))
      for (const CriticalPair &pair : program_.locks().summary(callee).pairs) {
        if (!pair.when.empty() || pair.maybe || invocation.certainty != Invocation::Exact)
          continue;
        PlaceId taken = program_.translate(pair.lock, invocation, body, event);
        if (taken != kNone && places.canonical(taken) == lock)
          return true;
      }
  return false;
}

/// Whether an event may make the lock anew, or give its name to another one.
bool LockLifetimes::mayRemake(const BodyView &body, EventId event, PlaceId lock) const {
  const Places &places = program_.places();
  const Event &row = body.events[event];
  if (row.kind() == EventKind::Write) {
    PlaceId written = places.canonical(row.place());
    return places.within(lock, written) || places.within(written, lock) || places.mentions(lock, written);
  }
  if (row.kind() != EventKind::Call && row.kind() != EventKind::Construct)
    return false;
  const FunctionModel *model = row.callee() == kNone ? nullptr : program_.model(row.callee());
  bool gives = llvm::any_of(body.operands(row), [&](PlaceId operand) {
    return operand != kNone && (places.mentions(places.canonical(operand), places.root(lock)) ||
                                places.root(places.canonical(operand)) == places.root(lock));
  });
  if (!model)
    return gives || places.rootKind(lock) == PlaceKind::Global || row.place() != kNone;
  return gives && llvm::any_of(model->ops, [](const Op &op) {
           return op.verb == Verb::Set || op.verb == Verb::Write || op.verb == Verb::Copy || op.verb == Verb::Construct;
         });
}

bool LockLifetimes::follows(const BodyView &body, EventId first, EventId second) const {
  const BlockGraph &graph = program_.graph(body.id);
  if (!graph.inOrder(first, second))
    return false;
  return graph.blockOf(first) == graph.blockOf(second) || alwaysComesBy(body, graph, graph.blockOf(first), second) ||
         graph.passes(first, second);
}

std::vector<LockAfterEnd> LockLifetimes::usesAfterEnd(BodyId id) {
  std::vector<LockAfterEnd> found;
  std::vector<End> ends = endsOf(id);
  if (ends.empty())
    return found;
  BodyView body = program_.facts().body(id);
  const BlockGraph &graph = program_.graph(id);
  for (const End &end : ends) {
    auto remade = [&](EventId use) {
      for (EventId event = 0; event < body.events.size(); ++event)
        if (event != end.event && event != use && graph.inOrder(end.event, event) && graph.inOrder(event, use) &&
            mayRemake(body, event, end.lock))
          return true;
      return false;
    };
    for (EventId use = 0; use < body.events.size(); ++use) {
      if (use == end.event)
        continue;
      bool again = llvm::any_of(ends, [&](const End &other) { return other.event == use && other.lock == end.lock; });
      if ((again || takes(body, use, end.lock)) && follows(body, end.event, use) && !remade(use)) {
        found.push_back({id, end.event, use, end.lock, again});
        break; // what comes then comes of it
      }
    }
  }
  return found;
}

} // namespace heddle
