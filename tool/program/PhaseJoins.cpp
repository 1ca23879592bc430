// Joins that count elsewhere than where they stand: in all of a loop, and on the way past a test (Phases.h).
#include "program/Phases.h"
#include "program/Uses.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

/// Joins that count elsewhere than where they stand: in all of the loop that joins many, and past the test that skips one.
void Phases::findJoins(FrameId id) {
  State &state = states_[id];
  const BlockGraph &graph = this->graph(id);
  for (const ThreadEffect &effect : frames_[id].effects) {
    if (effect.kind != ThreadEffect::Joins && effect.kind != ThreadEffect::JoinsUnknown)
      continue;
    Effect join;
    if (effect.kind == ThreadEffect::Joins)
      addEnded(join, effect.entry);
    else
      join.endsAll = true;
    BlockId block = graph.blockOf(effect.event);
    if (joinsInTurn(id, effect))
      for (BlockId other = 0; other < graph.size(); ++other)
        if (graph.component(other) == graph.component(block)) {
          auto [at, isNew] = state.early.try_emplace(other, join);
          if (!isNew)
            then(at->second, join);
        }
  }
}

/// The same, of joins by functions that a loop calls and that starts nothing it joins.
void Phases::findCalledJoins(FrameId id) {
  State &state = states_[id];
  const BlockGraph &graph = this->graph(id);
  for (const Frame::Call &call : frames_[id].calls) {
    BlockId block = graph.blockOf(call.event);
    const Effect *whole = wholeOf(call);
    if (!whole || whole->ended.empty() || !graph.cyclic(block))
      continue;
    auto startedHere = [&](EntryId entry) {
      return llvm::any_of(frames_[id].effects,
                          [&](const ThreadEffect &start) {
                            return start.kind == ThreadEffect::Starts && start.entry == entry &&
                                   graph.component(graph.blockOf(start.event)) == graph.component(block);
                          }) ||
             llvm::any_of(frames_[id].calls, [&](const Frame::Call &other) {
               const Effect *starts = wholeOf(other);
               return starts && contains(starts->started, entry) &&
                      graph.component(graph.blockOf(other.event)) == graph.component(block);
             });
    };
    Effect join;
    for (EntryId entry : whole->ended)
      if (!startedHere(entry))
        add(join.ended, entry);
    for (BlockId other = 0; other < graph.size() && !join.ended.empty(); ++other)
      if (graph.component(other) == graph.component(block))
        if (auto [at, isNew] = state.early.try_emplace(other, join); !isNew)
          then(at->second, join);
  }
}

/// Whether a join in a loop joins one thread a turn, of those that were started before the loop. Of one handle it would be a
/// mistake in the second turn, so that the handle is another one each time, whatever is known of it.
bool Phases::joinsInTurn(FrameId id, const ThreadEffect &join) const {
  const BlockGraph &graph = this->graph(id);
  BlockId block = graph.blockOf(join.event);
  return graph.cyclic(block) && llvm::none_of(frames_[id].effects, [&](const ThreadEffect &start) {
           return start.kind == ThreadEffect::Starts && (join.kind == ThreadEffect::JoinsUnknown || start.entry == join.entry) &&
                  graph.component(graph.blockOf(start.event)) == graph.component(block);
         });
}

/// What has surely happened on every way from a block to `skip`, if only `test` leads there and no way goes elsewhere; nothing
/// else.
std::optional<Phases::Effect> Phases::between(FrameId id, BlockId test, BlockId first, BlockId skip, unsigned nested) const {
  constexpr size_t kBlocks = 24;
  const BlockGraph &graph = this->graph(id);
  std::map<BlockId, std::optional<Effect>> in{{first, Effect()}};
  std::optional<Effect> out;
  auto flow = [&](std::optional<Effect> &into, const Effect &effect) {
    if (!into) {
      into = effect;
      return true;
    }
    Effect before = *into;
    merge(*into, effect);
    return !(before == *into);
  };
  std::vector<BlockId> todo{first};
  for (size_t i = 0; i < todo.size(); ++i) {
    if (in.size() > kBlocks || i > 4 * kBlocks)
      return std::nullopt;
    BlockId block = todo[i];
    Effect now = *in[block];
    then(now, through(id, block));
    if (graph.after(block).empty() && !has(frames_.body(id).blocks[block].flags(), BlockFlag::NoReturn))
      return std::nullopt;
    for (BlockId next : graph.after(block)) {
      Effect passed = now;
      if (graph.after(block).size() > 1)
        then(passed, skippedJoins(id, block, next, nested + 1));
      if (next == skip)
        flow(out, passed);
      else if (next == test)
        return std::nullopt;
      else if (flow(in[next], passed))
        todo.push_back(next);
    }
  }
  for (const auto &[block, effect] : in)
    for (BlockId before : graph.before(block))
      if (!in.count(before) && !(block == first && before == test))
        return std::nullopt;
  return out;
}

/// Whether a value was settled before an event, whatever that does: of a parameter or a local that nothing was stored in since,
/// but what a function gives that knows nothing of the program.
bool Phases::settledBefore(FrameId id, EventId event, PlaceId value, unsigned depth) const {
  const Places &places = program_.places();
  BodyView body = frames_.body(id);
  const facts::Place &row = places[value];
  auto foreign = [&](EventId call) {
    const Event &at = body.events[call];
    return at.kind() == EventKind::Call && at.callee() != kNone && at.operand_count() == 0 && at.place() == kNone &&
           program_.bodiesOf(at.callee()).empty();
  };
  if (depth > 4)
    return false;
  switch (row.kind()) {
  case PlaceKind::Constant:
    return true;
  case PlaceKind::Result:
    return foreign(row.id()) || this->graph(id).passes(row.id(), event);
  case PlaceKind::Expr:
    return settledBefore(id, event, row.parent(), depth + 1) &&
           (row.id() == kNone || settledBefore(id, event, row.id(), depth + 1));
  case PlaceKind::Param:
  case PlaceKind::Local:
    break;
  default:
    return false;
  }
  PlaceId address = program_.places().addressOf(value);
  return llvm::none_of(body.events, [&](const Event &at) {
    if (llvm::is_contained(body.operands(at), address))
      return true; // who has its address may store in it at any time
    if (at.kind() != EventKind::Write || at.place() == kNone || places.canonical(at.place()) != value)
      return false;
    PlaceId given = at.operand_count() == 0 ? kNone : places.canonical(body.operands(at)[0]);
    return graph(id).inOrder(event, body.idOf(at)) && (given == kNone || has(at.flags(), EventFlag::Update) ||
                                                       places[given].kind() != PlaceKind::Result || !foreign(places[given].id()));
  });
}

/// Takes away the threads that are there whatever the test says: each way to it starts them, and what it asks was settled before.
void Phases::dropCertain(FrameId id, BlockId test, BlockId skip, EntrySet &ended) const {
  BodyView body = frames_.body(id);
  const BlockGraph &graph = this->graph(id);
  auto certain = [&](EventId start) { // the test is a block's last act
    BlockId by = graph.blockOf(start);
    return by == test || !graph.leads(0, [&](BlockId at) { return at == test; }, [&](BlockId at) { return at == by; });
  };
  llvm::erase_if(ended, [&](EntryId entry) {
    return llvm::any_of(frames_[id].effects, [&](const ThreadEffect &start) {
      return start.kind == ThreadEffect::Starts && start.entry == entry && certain(start.event) &&
             llvm::all_of(body.edgesOf(body.blocks[test]), [&](const Edge &edge) {
               return edge.to() != skip ||
                      (edge.value() != kNone && settledBefore(id, start.event, program_.places().canonical(edge.value())));
             });
    });
  });
}

/// What a way that passes a join by knows to have ended all the same. `if (…) { … join … }`: all that is done between the test
/// and where the other way leads, and the test is taken to ask whether there is a thread, unless it can't (dropCertain); so with
/// what a function called there joins. And `if (stopped) return; stopped = true; … join`: who finds what this function leaves
/// behind comes after the join.
Phases::Effect Phases::skippedJoins(FrameId id, BlockId test, BlockId skip, unsigned nested) const {
  constexpr unsigned kNested = 2;
  Effect joins;
  llvm::SmallVector<BlockId, 4> skipped = states_.at(id).joins;
  if (nested > kNested || skipped.empty())
    return joins;
  const BlockGraph &graph = this->graph(id);
  auto leadsTo = [&](BlockId from, BlockId to) { return from == to || graph.reachesForward(from, to); };
  llvm::erase_if(skipped, [&](BlockId join) { return leadsTo(skip, join) || !leadsTo(test, join); });
  if (skipped.empty())
    return joins;
  for (BlockId block : graph.after(test)) {
    if (block == skip)
      continue;
    if (llvm::none_of(skipped, [&](BlockId join) { return leadsTo(block, join); }))
      continue;
    if (std::optional<Effect> all = between(id, test, block, skip, nested)) {
      all->started.clear();
      dropCertain(id, test, skip, all->ended);
      then(joins, *all);
      continue;
    }
    PlaceId handle = kNone;
    if (!leftBehind(id, test, skip, block, handle))
      continue;
    if (handle != kNone) { // of its own thread alone
      ObjectSet objects = program_.entries().frames().storage(id, handle);
      for (const ThreadEffect &effect : frames_[id].effects)
        if (effect.kind == ThreadEffect::Joins && effect.handle != kNone &&
            llvm::any_of(objects, [&](ObjectId object) { return frames_.objects().within(effect.handle, object); }))
          add(joins.ended, effect.entry);
    } else {
      for (BlockId after = 0; after < graph.size(); ++after)
        if (after == block || graph.reachesForward(block, after))
          if (Effect all = through(id, after); all.endsAll || !all.ended.empty()) {
            all.started.clear();
            then(joins, all);
          }
    }
  }
  return joins;
}

/// The blocks in which the frame, or what it calls there, joins something.
llvm::SmallVector<BlockId, 4> Phases::joinsIn(FrameId id) const {
  llvm::SmallVector<BlockId, 4> blocks;
  auto add = [&](EventId event) {
    if (BlockId block = graph(id).blockOf(event); !llvm::is_contained(blocks, block))
      blocks.push_back(block);
  };
  for (const ThreadEffect &effect : frames_[id].effects)
    if (effect.kind != ThreadEffect::Starts)
      add(effect.event);
  for (const Frame::Call &call : frames_[id].calls)
    if (const Effect *whole = wholeOf(call); whole && (whole->endsAll || !whole->ended.empty()))
      add(call.event);
  return blocks;
}

/// What a called frame does in all, as far as that is known by now; null: nothing to threads.
const Phases::Effect *Phases::wholeOf(const Frame::Call &call) const {
  auto at = call.callee < active_.size() && active_[call.callee] ? states_.find(call.callee) : states_.end();
  return at == states_.end() ? nullptr : &at->second.whole;
}

/// Every write of a global or a field by the program, by its variable or field.
const std::vector<Phases::FlagWrite> &Phases::writesOf(PlaceId flag) const {
  const Places &places = program_.places();
  if (!flagsKnown_) {
    flagsKnown_ = true;
    for (BodyId id : program_.bodies()) {
      BodyView body = program_.facts().body(id);
      for (const Event &event : body.events) {
        PlaceId place = event.kind() == EventKind::Write ? places.canonical(event.place()) : kNone;
        if (place == kNone || (places[place].kind() != PlaceKind::Field && places[place].kind() != PlaceKind::Global))
          continue;
        std::optional<int64_t> value =
            event.operand_count() == 0 ? std::nullopt : places.asConstant(places.canonical(body.operands(event)[0]));
        flagWrites_[{places[place].kind(), places[place].id()}].push_back({id, value, has(event.flags(), EventFlag::Initial)});
      }
    }
  }
  static const std::vector<FlagWrite> none;
  auto found = flagWrites_.find({places[flag].kind(), places[flag].id()});
  return found == flagWrites_.end() ? none : found->second;
}

/// Whether nobody but `body` gives a flag a value that passes the test, and it hasn't one from the start that nobody changes.
bool Phases::setByAlone(BodyId body, PlaceId flag, const Edge &edge) const {
  bool initial = false, passesFirst = false, opposite = false;
  for (const FlagWrite &write : writesOf(flag)) {
    bool passes = !write.value || holds(*write.value, edge.relation(), edge.constant());
    if (write.initial) {
      initial = true;
      passesFirst = passesFirst || passes;
    } else if (write.body != body) {
      if (passes)
        return false;
      opposite = true;
    }
  }
  return opposite || !(initial ? passesFirst : holds(0, edge.relation(), edge.constant()));
}

/// Whether the way from `test` to `skip` is taken for a value that the function itself, and it alone, writes on the other way; or
/// because a handle, which is told, has no thread.
bool Phases::leftBehind(FrameId id, BlockId test, BlockId skip, BlockId other, PlaceId &handle) const {
  const BlockGraph &graph = this->graph(id);
  const Places &places = program_.places();
  BodyView body = frames_.body(id);
  for (const Edge &edge : body.edgesOf(body.blocks[test])) {
    if (edge.to() != skip || edge.value() == kNone)
      continue;
    PlaceId flag = places.canonical(edge.value());
    if (places[flag].kind() == PlaceKind::Result) {
      const Event &asked = body.events[places[flag].id()];
      if (asked.kind() == EventKind::Call && asked.place() != kNone &&
          kindAt(program_, body, places.canonical(asked.place()), "thread")) {
        handle = places.canonical(asked.place());
        return true;
      }
      continue;
    }
    if (places[flag].kind() != PlaceKind::Field && places[flag].kind() != PlaceKind::Global)
      continue;
    for (const Event &event : body.events) {
      if (event.kind() != EventKind::Write || places.canonical(event.place()) != flag || event.operand_count() == 0)
        continue;
      std::optional<int64_t> left = places.asConstant(places.canonical(body.operands(event)[0]));
      BlockId at = graph.blockOf(body.idOf(event));
      if (left && holds(*left, edge.relation(), edge.constant()) && (at == other || graph.reachesForward(other, at)) &&
          setByAlone(frames_[id].body, flag, edge))
        return true;
    }
  }
  return false;
}

} // namespace heddle
