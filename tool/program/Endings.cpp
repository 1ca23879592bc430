#include "program/Endings.h"
#include "program/BlockGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

/// Nothing in the block returns, and not only its thread is gone then.
bool Endings::ends(const BodyView &body, const Block &block) const {
  auto doesNotReturn = [&](const Event &event) {
    return has(event.flags(), EventFlag::NoReturn) ||
           (event.callee() != kNone && has(program_.facts().functions()[event.callee()].flags(), FunctionFlag::NoReturn));
  };
  auto onlyLeaves = [&](const Event &event) {
    const FunctionModel *model = doesNotReturn(event) && event.callee() != kNone ? program_.model(event.callee()) : nullptr;
    return model && llvm::none_of(model->ops, [](const Op &op) { return op.verb == Verb::Exit; });
  };
  std::span<const Event> events = body.eventsOf(block);
  return (has(block.flags(), BlockFlag::NoReturn) || llvm::any_of(events, doesNotReturn)) && llvm::none_of(events, onlyLeaves);
}

/// From the blocks that end it backwards: a block is one if all that follow it are. One on a cycle never gets there.
llvm::BitVector Endings::find(const BodyView &body) const {
  llvm::BitVector blocks(body.blocks.size()), result;
  std::vector<BlockId> todo;
  for (BlockId id = 0; id < body.blocks.size(); ++id)
    if (ends(body, body.blocks[id])) {
      blocks.set(id);
      todo.push_back(id);
    }
  if (todo.empty())
    return result;
  std::vector<llvm::SmallVector<BlockId, 2>> before(body.blocks.size());
  std::vector<uint32_t> open(body.blocks.size()); // edges to blocks that aren't known to be one
  for (BlockId id = 0; id < body.blocks.size(); ++id)
    for (const Edge &edge : body.edgesOf(body.blocks[id])) {
      before[edge.to()].push_back(id);
      ++open[id];
    }
  while (!todo.empty()) {
    BlockId id = todo.back();
    todo.pop_back();
    for (BlockId from : before[id])
      if (--open[from] == 0 && !blocks.test(from)) {
        blocks.set(from);
        todo.push_back(from);
      }
  }
  result.resize(body.events.size());
  for (unsigned id : blocks.set_bits())
    for (const Event &event : body.eventsOf(body.blocks[id]))
      result.set(body.idOf(event));
  return result;
}

bool Endings::behind(BodyId body, EventId event) const {
  auto [at, isNew] = events_.try_emplace(body);
  if (isNew)
    at->second = find(program_.facts().body(body));
  return !at->second.empty() && at->second.test(event);
}

bool Endings::asserted(BodyId id, EventId event) const {
  BodyView body = program_.facts().body(id);
  if (body.events[event].kind() != EventKind::Read)
    return false;
  const Places &places = program_.places();
  PlaceId read = places.canonical(body.events[event].place());
  // exit(1) is a decision; an assertion gives up at once.
  auto givesUp = [&](const Block &block) {
    return std::ranges::any_of(body.eventsOf(block), [&](const Event &last) {
      const FunctionModel *model = last.callee() == kNone ? nullptr : program_.model(last.callee());
      bool exits = model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Exit && op.flushing; });
      return has(last.flags(), EventFlag::NoReturn) && !exits && behind(id, body.idOf(last));
    });
  };
  auto edges = body.edgesOf(body.blocks[program_.graph(id).blockOf(event)]);
  return edges.size() > 1 && std::ranges::any_of(edges, [&](const Edge &edge) {
           return edge.value() != kNone && places.mentions(places.canonical(edge.value()), read) &&
                  givesUp(body.blocks[edge.to()]);
         });
}

} // namespace heddle
