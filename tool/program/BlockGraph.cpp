#include "program/BlockGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

BlockGraph::BlockGraph(const BodyView &body) {
  blockOf_.resize(body.events.size());
  before_.resize(body.blocks.size());
  after_.resize(body.blocks.size());
  for (BlockId block = 0; block < body.blocks.size(); ++block) {
    for (const Event &event : body.eventsOf(body.blocks[block]))
      blockOf_[body.idOf(event)] = block;
    for (const Edge &edge : body.edgesOf(body.blocks[block])) {
      if (std::find(after_[block].begin(), after_[block].end(), edge.to()) != after_[block].end())
        continue;
      after_[block].push_back(edge.to());
      before_[edge.to()].push_back(block);
    }
  }
  findComponents();
}

/// Kosaraju's algorithm: postorder forwards, then components backwards.
void BlockGraph::findComponents() {
  size_t n = after_.size();
  std::vector<BlockId> post;
  std::vector<char> seen(n);
  for (BlockId start = 0; start < n; ++start) {
    if (seen[start])
      continue;
    std::vector<std::pair<BlockId, size_t>> stack{{start, 0}};
    seen[start] = 1;
    while (!stack.empty()) {
      auto &[block, next] = stack.back();
      if (next < after_[block].size()) {
        BlockId to = after_[block][next++];
        if (!seen[to]) {
          seen[to] = 1;
          stack.emplace_back(to, 0);
        }
        continue;
      }
      post.push_back(block);
      stack.pop_back();
    }
  }
  order_.assign(n, 0);
  for (size_t i = 0; i < post.size(); ++i)
    order_[post[i]] = post.size() - i;
  component_.assign(n, kNone);
  for (auto start = post.rbegin(); start != post.rend(); ++start) {
    if (component_[*start] != kNone)
      continue;
    uint32_t id = cyclic_.size();
    cyclic_.push_back(false);
    std::vector<BlockId> todo{*start};
    component_[*start] = id;
    for (size_t i = 0; i < todo.size(); ++i)
      for (BlockId from : before_[todo[i]]) {
        if (component_[from] == id)
          cyclic_[id] = cyclic_[id] || from == todo[i];
        if (component_[from] != kNone)
          continue;
        component_[from] = id;
        todo.push_back(from);
      }
    cyclic_[id] = cyclic_[id] || todo.size() > 1;
  }
}

/// Blocks that come after each by one edge or more; without `loops`, by edges that lead forward.
void BlockGraph::findReach(Reach &reach, bool loops) const {
  size_t n = after_.size();
  reach.assign(n, llvm::BitVector(n));
  std::vector<BlockId> backwards(n);
  for (BlockId block = 0; block < n; ++block)
    backwards[n - order_[block]] = block;
  for (bool changed = true; changed;) {
    changed = false;
    for (BlockId block : backwards) {
      llvm::BitVector mine = reach[block];
      for (BlockId next : after_[block])
        if (loops || order_[next] > order_[block]) {
          mine |= reach[next];
          mine.set(next);
        }
      if (mine == reach[block])
        continue;
      reach[block] = std::move(mine);
      changed = loops; // forward, those behind are done already
    }
  }
}

bool BlockGraph::reaches(EventId from, EventId to) const {
  BlockId a = blockOf_[from], b = blockOf_[to];
  if (a == b)
    return from < to || cyclic(a);
  if (reach_.empty())
    findReach(reach_, true);
  return reach_[a].test(b);
}

bool BlockGraph::reachesWithout(EventId from, EventId to, EventId without,
                                llvm::function_ref<bool(BlockId, BlockId)> passes) const {
  BlockId first = blockOf_[from], last = blockOf_[to], avoided = blockOf_[without];
  if (first == last && from < to && !(avoided == first && from < without && without <= to))
    return true;
  bool leaves = first != avoided || without <= from, arrives = last != avoided || without > to;
  llvm::BitVector seen(size());
  std::vector<BlockId> todo;
  if (leaves)
    todo.push_back(first);
  while (!todo.empty()) {
    BlockId block = todo.back();
    todo.pop_back();
    for (BlockId next : after_[block]) {
      if (!passes(block, next))
        continue;
      if (next == last && arrives)
        return true;
      if (next != avoided && !seen[next]) {
        seen.set(next);
        todo.push_back(next);
      }
    }
  }
  return false;
}

bool BlockGraph::leads(BlockId from, llvm::function_ref<bool(BlockId)> goal, llvm::function_ref<bool(BlockId)> avoided) const {
  llvm::BitVector seen(size());
  for (std::vector<BlockId> todo{from}; !todo.empty();) {
    BlockId block = todo.back();
    todo.pop_back();
    if (seen[block] || avoided(block))
      continue;
    if (goal(block))
      return true;
    seen.set(block);
    todo.insert(todo.end(), after_[block].begin(), after_[block].end());
  }
  return false;
}

bool BlockGraph::passes(EventId first, EventId event) const {
  BlockId by = blockOf_[first], to = blockOf_[event];
  if (by == to)
    return first < event;
  return !leads(0, [&](BlockId block) { return block == to; }, [&](BlockId block) { return block == by; });
}

bool BlockGraph::reachesForward(BlockId from, BlockId to) const {
  if (from == to)
    return true;
  if (forward_.empty())
    findReach(forward_, false);
  return forward_[from].test(to);
}

} // namespace heddle
