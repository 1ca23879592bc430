// What each frame does to threads, with all that it calls: which it starts and leaves running, and which it ends (Phases.h).
#include "program/Phases.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

void Phases::merge(Effect &into, const Effect &other) {
  for (EntryId id : other.started)
    add(into.started, id);
  // Ended on both ways; what one way never saw running and the other ended is not running either.
  EntrySet both;
  for (EntryId id : into.ended)
    if (other.endsAll || contains(other.ended, id))
      add(both, id);
  for (EntryId id : other.ended)
    if (into.endsAll)
      add(both, id);
  into.ended = both;
  into.endsAll = into.endsAll && other.endsAll;
}

void Phases::then(Effect &first, const Effect &second) {
  if (second.endsAll) {
    first.started.clear();
    first.endsAll = true;
  }
  for (EntryId id : second.ended) {
    remove(first.started, id);
    add(first.ended, id);
  }
  for (EntryId id : second.started) {
    add(first.started, id);
    remove(first.ended, id);
  }
}

EntrySet Phases::after(const EntrySet &running, const Effect &effect) {
  EntrySet result = effect.started;
  if (!effect.endsAll)
    for (EntryId id : running)
      if (!contains(effect.ended, id))
        add(result, id);
  return result;
}

/// Frames in which, or below which, a thread starts or ends; nearly all do neither.
void Phases::findActive() {
  FrameId count = 0;
  for (FrameId id : frames_.reached())
    count = std::max(count, id + 1);
  active_.assign(count, false);
  std::vector<FrameId> todo;
  for (FrameId id : frames_.reached())
    if (!frames_[id].effects.empty()) {
      active_[id] = true;
      todo.push_back(id);
    }
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Frame::Edge &edge : frames_[todo[i]].callers)
      if (!active_[edge.caller]) {
        active_[edge.caller] = true;
        todo.push_back(edge.caller);
      }
}

Phases::Effect Phases::through(FrameId id, BlockId block) const {
  BodyView body = frames_.body(id);
  Effect effect;
  for (const Event &event : body.eventsOf(body.blocks[block]))
    then(effect, effectOf(id, body.idOf(event)));
  return effect;
}

/// What a function that is called has started and left running where its result passes a test.
EntrySet Phases::startedOn(FrameId callee, Relation relation, int64_t constant) const {
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
    PlaceId value = valueAt(callee, graph.blockOf(body.idOf(event)), places.canonical(body.operands(event)[0]));
    if (std::optional<int64_t> number = places.asConstant(value); number && !holds(*number, relation, constant))
      continue;
    BlockId block = graph.blockOf(body.idOf(event));
    Effect now = known->second.blocks[block];
    then(now, through(callee, block));
    for (const ThreadEffect &start : frames_[callee].effects)
      if (start.kind == ThreadEffect::Starts && start.success &&
          value == program_.places().make(PlaceKind::Result, start.event) &&
          implied(relation, constant, start.success->first, start.success->second) == std::optional(false))
        remove(now.started, start.entry);
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
  const Places &places = program_.places();
  // Of the edges that lead there: the one test that they make of a call's result.
  const Edge *told = nullptr;
  for (const Edge &edge : body.edgesOf(body.blocks[block]))
    if (edge.to() == next) {
      if (told || edge.value() == kNone)
        return;
      told = &edge;
    }
  if (!told)
    return;
  PlaceId value = valueAt(id, block, places.canonical(told->value()));
  for (const ThreadEffect &start : frames_[id].effects)
    if (start.kind == ThreadEffect::Starts && start.success && value == program_.places().make(PlaceKind::Result, start.event) &&
        implied(told->relation(), told->constant(), start.success->first, start.success->second) == std::optional(false))
      remove(effect.started, start.entry);
  if (places[value].kind() != PlaceKind::Result)
    return;
  EntrySet all, left;
  for (const Frame::Call &call : frames_[id].calls)
    if (call.event == places[value].id() && call.callee < active_.size() && active_[call.callee]) {
      if (auto at = states_.find(call.callee); at != states_.end())
        for (EntryId entry : at->second.whole.started)
          add(all, entry);
      for (EntryId entry : startedOn(call.callee, told->relation(), told->constant()))
        add(left, entry);
    }
  for (EntryId entry : all)
    if (!contains(left, entry))
      remove(effect.started, entry);
}

Phases::Effect Phases::effectOf(FrameId id, EventId event) const {
  Effect result;
  const Frame &frame = frames_[id];
  bool first = true;
  auto call = std::lower_bound(frame.calls.begin(), frame.calls.end(), event,
                               [](const Frame::Call &call, EventId id) { return call.event < id; });
  for (; call != frame.calls.end() && call->event == event; ++call) {
    if (call->callee >= active_.size())
      continue;
    Effect one;
    if (auto at = states_.find(call->callee); at != states_.end())
      one = at->second.whole;
    if (first)
      result = one;
    else
      merge(result, one);
    first = false;
  }
  for (const ThreadEffect &effect : frame.effects) {
    if (effect.event != event)
      continue;
    Effect one;
    if (effect.kind == ThreadEffect::Starts)
      add(one.started, effect.entry);
    else if (effect.kind == ThreadEffect::Joins)
      add(one.ended, effect.entry);
    else if (effect.kind == ThreadEffect::JoinsUnknown)
      one.endsAll = true;
    then(result, one);
  }
  return result;
}

bool Phases::summarise(FrameId id) {
  State &state = states_[id];
  const BlockGraph &graph = this->graph(id);
  BodyView body = frames_.body(id);
  findCalledJoins(id);
  std::vector<Effect> in(graph.size());
  std::vector<bool> known(graph.size());
  known[0] = true;
  std::vector<BlockId> todo{0};
  Effect whole;
  bool ends = false;
  for (size_t i = 0; i < todo.size() && i < 64 * graph.size(); ++i) {
    BlockId block = todo[i];
    Effect now = in[block];
    if (auto at = state.early.find(block); at != state.early.end())
      then(now, at->second);
    in[block] = now;
    then(now, through(id, block));
    if (graph.after(block).empty() && !has(body.blocks[block].flags(), BlockFlag::NoReturn)) {
      if (ends)
        merge(whole, now);
      else
        whole = now;
      ends = true;
    }
    for (BlockId next : graph.after(block)) {
      Effect passed = now, merged = in[next];
      if (graph.after(block).size() > 1) {
        undoFailed(id, block, next, passed);
        then(passed, skippedJoins(id, block, next));
      }
      if (known[next])
        merge(merged, passed);
      else
        merged = std::move(passed);
      if (known[next] && merged == in[next])
        continue;
      known[next] = true;
      in[next] = merged;
      todo.push_back(next);
    }
  }
  // The last pass over an exit block saw the most: redo what merging lost on the way.
  bool changed = !state.reached || !(whole == state.whole) || !(in == state.blocks);
  state.blocks = std::move(in);
  state.whole = whole;
  state.reached = true;
  return changed;
}

void Phases::summarise() {
  std::vector<FrameId> order;
  for (FrameId id : frames_.reached())
    if (active_[id])
      order.push_back(id);
  for (FrameId id : order)
    findJoins(id);
  // Callees are reached after their callers; recursion needs more than one pass.
  bool changed = true;
  for (unsigned pass = 0; changed && pass < 6; ++pass) {
    changed = false;
    for (auto id = order.rbegin(); id != order.rend(); ++id)
      changed |= summarise(*id);
  }
}

const Phases::Effect &Phases::at(FrameId id, EventId event) const {
  auto [known, isNew] = effects_.try_emplace(uint64_t(id) << 32 | event);
  auto state = states_.find(id);
  if (!isNew || state == states_.end() || !state->second.reached)
    return known->second;
  BodyView body = frames_.body(id);
  BlockId block = graph(id).blockOf(event);
  Effect now = state->second.blocks[block];
  for (const Event &before : body.eventsOf(body.blocks[block])) {
    if (body.idOf(before) == event)
      break;
    then(now, effectOf(id, body.idOf(before)));
  }
  return known->second = std::move(now);
}

} // namespace heddle
