#include "program/LockOrder.h"
#include "program/CallGraph.h"
#include "program/LockVetoes.h"

#include <algorithm>

namespace heddle {

using namespace facts;

LockOrder::LockOrder(const Program &program) : program_(program) {
  for (BodyId body : program.bodies()) {
    addBody(body);
    addStarts(body);
  }
}

LockNode LockOrder::node(PlaceId lock, BodyId body) const {
  const Places &places = program_.places();
  for (PlaceId id = lock; id != kNone; id = places[id].parent()) {
    const Place &p = places[id];
    switch (p.kind()) {
    case PlaceKind::Field:
      if (p.id() < program_.facts().fields().size())
        return {LockNode::Member, p.id()};
      return {};
    case PlaceKind::Element:
    case PlaceKind::AddressOf:
      continue;
    case PlaceKind::Deref:
      // What a global pointer points at is told apart by the pointer; what a parameter does, not at all.
      if (places[p.parent()].kind() == PlaceKind::Global)
        return {LockNode::Object, id};
      if (places[p.parent()].kind() == PlaceKind::Field)
        continue;
      return {};
    case PlaceKind::Global:
      // A thread's own lock is waited for by nobody else.
      if (has(program_.facts().variables()[p.id()].flags(), VariableFlag::ThreadLocal))
        return {};
      return {LockNode::Object, id};
    case PlaceKind::Local:
      return {LockNode::Local, id, body};
    default:
      return {};
    }
  }
  return {};
}

std::string LockOrder::name(const LockNode &node) const {
  const Facts &f = program_.facts();
  switch (node.kind) {
  case LockNode::Member: {
    const Field &field = f.fields()[node.id];
    llvm::StringRef owner = f.string(f.records()[field.record()].name());
    return (owner.empty() ? "" : owner.str() + "::") + f.string(field.name()).str();
  }
  case LockNode::Local: {
    BodyView body = f.body(node.body);
    return program_.places().text(node.id, &body);
  }
  default:
    return program_.places().text(node.id);
  }
}

// ---- edges -----------------------------------------------------------------------------------------------------------------

void LockOrder::addBody(BodyId body) {
  for (const CriticalPair &pair : program_.locks().summary(body).pairs)
    addPair(body, pair, program_.locks().byCallers(body), kNone);
}

void LockOrder::addPair(BodyId body, const CriticalPair &pair, const HeldSet &callers, EventId start) {
  if (pair.attempt)
    return;
  const LockState &locks = program_.locks();
  PlaceId wanted = locks.lockObject(pair.lock);
  LockNode to = node(wanted, body);
  if (to.kind == LockNode::None)
    return;
  // Taken again by its holder it isn't waited for; where that isn't allowed it is another bug than this one.
  if (llvm::any_of(pair.held, [&](const Held &held) { return locks.lockObject(held.lock) == wanted; }))
    return;
  for (const Held &held : pair.held) {
    PlaceId owned = locks.lockObject(held.lock);
    LockNode from = node(owned, body);
    if (held.maybe || owned == wanted || from.kind == LockNode::None)
      continue;
    OrderEdge &edge = edges_.emplace_back();
    edge.body = body, edge.from = owned, edge.to = wanted;
    edge.fromMode = held.mode, edge.toMode = pair.mode;
    edge.held = held.acquisition, edge.wanted = pair.acquisition;
    edge.fromNode = from, edge.toNode = to, edge.start = start, edge.maybe = pair.maybe;
    auto around = [&](Held other) {
      other.lock = locks.lockObject(other.lock);
      edge.around.push_back(other);
    };
    for (const Held &other : pair.held)
      if (other.lock != held.lock && other.lock != pair.lock && !other.maybe)
        around(other);
    for (const Held &other : callers)
      around(other);
  }
}

void LockOrder::addStarts(BodyId id) {
  // A thread's own pairs, in the names that its starter has for what it was given.
  BodyView body = program_.facts().body(id);
  for (EventId event = 0; event < body.events.size(); ++event) {
    const FunctionModel *model = program_.model(body.events[event].callee());
    if (!model || std::none_of(model->ops.begin(), model->ops.end(), [](const Op &op) { return op.verb == Verb::Start; }))
      continue;
    for (const Op &op : program_.ops(*model, body, event)) {
      if (op.verb != Verb::Start)
        continue;
      for (const Invocation &invocation : program_.calls().run(op, body, event))
        for (BodyId entry : program_.bodiesOf(invocation.function))
          for (const CriticalPair &pair : program_.locks().summary(entry).pairs) {
            CriticalPair here = pair;
            here.lock = program_.translate(pair.lock, invocation, body, event);
            if (here.lock == kNone || node(pair.lock, entry).kind == LockNode::Object)
              continue; // the entry's own frame says it already
            here.held.clear();
            for (Held held : pair.held)
              if (held.lock = program_.translate(held.lock, invocation, body, event); held.lock != kNone)
                here.held.push_back(held);
            addPair(id, here, {}, event);
          }
    }
  }
}

// ---- cycles ----------------------------------------------------------------------------------------------------------------

} // namespace heddle
