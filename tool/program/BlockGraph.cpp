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

bool BlockGraph::reaches(EventId from, EventId to) const {
  BlockId a = blockOf_[from], b = blockOf_[to];
  if (a == b && (from < to || cyclic(a)))
    return true;
  if (a == b)
    return false;
  std::vector<char> seen(after_.size());
  std::vector<BlockId> todo{a};
  for (size_t i = 0; i < todo.size(); ++i)
    for (BlockId next : after_[todo[i]]) {
      if (next == b)
        return true;
      if (!seen[next]) {
        seen[next] = 1;
        todo.push_back(next);
      }
    }
  return false;
}

bool BlockGraph::reachesForward(BlockId from, BlockId to) const {
  if (from == to)
    return true;
  std::vector<char> seen(after_.size());
  std::vector<BlockId> todo{from};
  for (size_t i = 0; i < todo.size(); ++i)
    for (BlockId next : after_[todo[i]]) {
      if (order_[next] <= order_[todo[i]])
        continue; // back to a loop's head
      if (next == to)
        return true;
      if (!seen[next]) {
        seen[next] = 1;
        todo.push_back(next);
      }
    }
  return false;
}

} // namespace heddle
