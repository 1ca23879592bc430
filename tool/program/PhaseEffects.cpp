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

/// A thread that has ended, and those that it joined: of its own those that it surely joined, of others' all. Whoever leaves that
/// to another thread relies on it; where that gives up early, it was never set to work.
void Phases::addEnded(Effect &effect, EntryId entry) const {
  add(effect.ended, entry);
  if (auto at = states_.find(entries_[entry].frame); at != states_.end() && at->second.reached)
    for (EntryId below : at->second.whole.ended)
      add(effect.ended, below);
  if (auto at = joinedBy_.find(entry); at != joinedBy_.end())
    for (EntryId other : at->second)
      add(effect.ended, other);
}

/// What the threads of each entry join that others have started.
void Phases::findJoined() {
  for (FrameId id : frames_.reached())
    for (const ThreadEffect &effect : frames_[id].effects)
      if (EntryId entry = frames_[id].entry;
          effect.kind == ThreadEffect::Joins && effect.entry != entry && !entries_.descends(effect.entry, entry))
        add(joinedBy_[entry], effect.entry);
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
      addEnded(one, effect.entry);
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
  findJoins(id);
  findCalledJoins(id);
  state.joins = joinsIn(id);
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
  findJoined();
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
