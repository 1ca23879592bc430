// Where a test of a result says that a thread couldn't be started, it doesn't run: by what the function that starts threads gave,
// or what a wrapper made of it (Phases.h).
#include "program/BlockGraph.h"
#include "program/Phases.h"
#include "program/Program.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDeep = 6;   // wrappers of wrappers
constexpr unsigned kNested = 4; // expressions

/// A test of a comparison is one of what is compared: `!x` isn't 0 where x is.
ValueTest simplified(const Places &places, ValueTest test) {
  for (unsigned depth = 0; depth < kNested && test.value != kNone; ++depth) {
    const facts::Place &row = places[test.value];
    if (row.kind() != PlaceKind::Expr || (row.op() != ExprOp::Not && row.op() != ExprOp::Eq && row.op() != ExprOp::Ne))
      break;
    std::optional<bool> isTrue;
    if (holds(1, test.relation, test.constant) != holds(0, test.relation, test.constant))
      isTrue = holds(1, test.relation, test.constant);
    std::optional<int64_t> other = row.op() == ExprOp::Not ? std::optional<int64_t>(0) : places.asConstant(row.id());
    if (!isTrue || !other)
      break;
    bool equal = (row.op() != ExprOp::Ne) == *isTrue;
    test = {row.parent(), equal ? Relation::Eq : Relation::Ne, *other};
  }
  return test;
}

} // namespace

/// Whether a place has, wherever control comes from an event to a block, the result of that event: it is the result, or a local
/// that was given it and nothing else since.
bool Phases::keepsResult(FrameId id, EventId event, PlaceId value, BlockId block) const {
  Places &places = program_.places();
  if (places[value].kind() == PlaceKind::Result)
    return places[value].id() == event;
  if (places[value].kind() != PlaceKind::Local)
    return false;
  BodyView body = frames_.body(id);
  const BlockGraph &graph = this->graph(id);
  PlaceId result = places.make(PlaceKind::Result, event), address = places.addressOf(value);
  bool given = false;
  for (EventId other = 0; other < body.events.size(); ++other) {
    const Event &row = body.events[other];
    if (row.kind() == EventKind::Write && row.place() != kNone && places.canonical(row.place()) == value) {
      bool its =
          row.operand_count() > 0 && !has(row.flags(), EventFlag::Update) && places.canonical(body.operands(row)[0]) == result;
      given |= its && graph.blockOf(other) == graph.blockOf(event);
      if (!its && graph.inOrder(event, other) && graph.reachesForward(graph.blockOf(other), block))
        return false;
    }
    if (row.kind() == EventKind::Call && llvm::is_contained(body.operands(row), address))
      return false;
  }
  return given;
}

/// Takes away what a test in a frame's block says not to have been started by the frame itself, or by what it calls.
void Phases::dropUnstarted(FrameId id, BlockId block, ValueTest test, EntrySet &started, unsigned depth) const {
  test = simplified(program_.places(), test);
  if (test.value == kNone || depth > kDeep)
    return;
  PlaceKind kind = program_.places()[test.value].kind();
  if (kind != PlaceKind::Result && kind != PlaceKind::Local)
    return;
  llvm::erase_if(started, [&](EntryId entry) {
    bool any = false;
    for (const ThreadEffect &start : frames_[id].effects)
      if (start.kind == ThreadEffect::Starts && start.entry == entry) {
        any = true;
        if (!start.success || !keepsResult(id, start.event, test.value, block) ||
            implied(test.relation, test.constant, start.success->first, start.success->second) != std::optional(false))
          return false;
      }
    for (const Frame::Call &call : frames_[id].calls) {
      const Effect *whole = wholeOf(call);
      if (!whole || !contains(whole->started, entry))
        continue;
      any = true;
      if (!keepsResult(id, call.event, test.value, block) ||
          contains(startedOn(call.callee, test.relation, test.constant, depth + 1), entry))
        return false;
    }
    return any;
  });
}

/// What a function that is called has started and left running where its result passes a test.
EntrySet Phases::startedOn(FrameId callee, Relation relation, int64_t constant, unsigned depth) const {
  auto known = states_.find(callee);
  if (known == states_.end() || !known->second.reached)
    return {};
  const BlockGraph &graph = this->graph(callee);
  const Places &places = program_.places();
  BodyView body = frames_.body(callee);
  EntrySet result;
  for (const Event &event : body.events) {
    if (event.kind() != EventKind::Return || event.operand_count() == 0)
      continue;
    BlockId block = graph.blockOf(body.idOf(event));
    PlaceId value = places.canonical(body.operands(event)[0]);
    if (std::optional<int64_t> number = places.asConstant(valueAt(callee, block, value));
        number && !holds(*number, relation, constant))
      continue;
    Effect now = known->second.blocks[block];
    then(now, through(callee, block));
    dropUnstarted(callee, block, {value, relation, constant}, now.started, depth);
    for (EntryId entry : now.started)
      add(result, entry);
  }
  return result;
}

/// What a local has where a block tests it, as long as one way leads there: what was last stored in it.
PlaceId Phases::valueAt(FrameId id, BlockId block, PlaceId local) const {
  constexpr unsigned kBack = 8; // blocks
  const BlockGraph &graph = this->graph(id);
  const Places &places = program_.places();
  BodyView body = frames_.body(id);
  for (unsigned steps = 0; steps < kBack && places[local].kind() == PlaceKind::Local; ++steps) {
    auto events = body.eventsOf(body.blocks[block]);
    for (size_t i = events.size(); i-- > 0;)
      if (events[i].kind() == EventKind::Write && events[i].place() != kNone && places.canonical(events[i].place()) == local)
        return events[i].operand_count() > 0 && !has(events[i].flags(), EventFlag::Update)
                   ? places.canonical(body.operands(events[i])[0])
                   : local;
    if (graph.before(block).size() != 1)
      break;
    block = graph.before(block)[0];
  }
  return local;
}

/// Where the result says that a thread couldn't be started, it doesn't run.
void Phases::undoFailed(FrameId id, BlockId block, BlockId next, Effect &effect) const {
  if (effect.started.empty())
    return;
  BodyView body = frames_.body(id);
  // Of the edges that lead there: the one test that they make of a call's result.
  const Edge *told = nullptr;
  for (const Edge &edge : body.edgesOf(body.blocks[block]))
    if (edge.to() == next) {
      if (told || edge.value() == kNone)
        return;
      told = &edge;
    }
  if (told)
    dropUnstarted(id, block, {program_.places().canonical(told->value()), told->relation(), told->constant()}, effect.started, 0);
}

} // namespace heddle
