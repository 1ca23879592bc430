#include "extract/BlockGraph.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

BlockOrder::BlockOrder(const CFG &graph, const BodyScan &scan) {
  for (auto it = graph.try_blocks_begin(); it != graph.try_blocks_end(); ++it)
    for (unsigned i = 0; i < scan.tries().size(); ++i)
      if ((*it)->getTerminatorStmt() == scan.tries()[i].statement)
        dispatch_[i] = *it;
  for (const CFGBlock *block : graph) {
    std::vector<unsigned> &list = tries_[block];
    auto add = [&](unsigned scope) {
      if (scope != kNoTry && !llvm::is_contained(list, scope))
        list.push_back(scope);
    };
    for (const CFGElement &element : *block) {
      if (auto statement = element.getAs<CFGStmt>())
        add(scan.tryOf(*statement->getStmt()));
      else if (element.getAs<CFGInitializer>())
        add(scan.functionTry());
    }
    if (const Stmt *terminator = block->getTerminatorStmt(); terminator && isa<CXXTryStmt>(terminator)) {
      list.clear();
      for (unsigned i = 0; i < scan.tries().size(); ++i)
        if (scan.tries()[i].statement == terminator)
          add(scan.tries()[i].outer);
    }
  }
  // Depth first without recursion: bodies may be long.
  struct Frame {
    const CFGBlock *block;
    std::vector<const CFGBlock *> rest;
  };
  llvm::DenseSet<const CFGBlock *> seen{&graph.getEntry()};
  std::vector<Frame> stack{{&graph.getEntry(), successors(graph.getEntry())}};
  while (!stack.empty()) {
    if (stack.back().rest.empty()) {
      blocks_.push_back(stack.back().block);
      stack.pop_back();
      continue;
    }
    const CFGBlock *next = stack.back().rest.back();
    stack.back().rest.pop_back();
    if (seen.insert(next).second)
      stack.push_back({next, successors(*next)});
  }
  std::reverse(blocks_.begin(), blocks_.end());
  for (BlockId id = 0; id < blocks_.size(); ++id)
    ids_[blocks_[id]] = id;
}

/// Taken from the back: the handlers first, so that they come last in the order.
std::vector<const CFGBlock *> BlockOrder::successors(const CFGBlock &block) const {
  std::vector<const CFGBlock *> list;
  for (const CFGBlock::AdjacentBlock &next : block.succs())
    if (const CFGBlock *to = next)
      list.push_back(to);
  for (unsigned scope : triesOf(&block))
    if (const CFGBlock *dispatch = dispatch_.lookup(scope))
      list.push_back(dispatch);
  return list;
}

BlockId BlockOrder::of(const CFGBlock *block) const {
  auto it = ids_.find(block);
  return it == ids_.end() ? kNone : it->second;
}

BlockId BlockOrder::dispatchOf(unsigned tryScope) const {
  const CFGBlock *block = dispatch_.lookup(tryScope);
  return block ? of(block) : kNone;
}

const std::vector<unsigned> &BlockOrder::triesOf(const CFGBlock *block) const {
  auto it = tries_.find(block);
  return it == tries_.end() ? none_ : it->second;
}

namespace {

class Folding {
public:
  explicit Folding(BodyDraft &body) : body_(body), target_(body.blocks.size()), kept_(body.blocks.size(), true) {
    for (BlockId i = 0; i < target_.size(); ++i)
      target_[i] = i;
    for (const CleanupDraft &cleanup : body.cleanups)
      if (cleanup.block != kNone)
        pinned_.insert(cleanup.block);
  }

  void run() {
    for (BlockDraft &block : body_.blocks)
      dropEqualEdges(block);
    skipEmpty();
    joinChains();
    renumber();
  }

private:
  static void dropEqualEdges(BlockDraft &block) {
    if (block.edges.size() < 2 || has(block.flags, BlockFlag::Handler))
      return;
    for (const EdgeDraft &edge : block.edges)
      if (edge.to != block.edges[0].to)
        return;
    EdgeDraft only{.to = block.edges[0].to};
    block.edges.assign(1, only);
  }

  bool isEmpty(BlockId id) const {
    const BlockDraft &block = body_.blocks[id];
    return id != 0 && block.count == 0 && block.flags == BlockFlag::NONE && block.edges.size() == 1 &&
           block.edges[0].relation == Relation::Always && block.edges[0].to != id && !pinned_.contains(id);
  }

  void skipEmpty() {
    for (BlockId id = 0; id < body_.blocks.size(); ++id) {
      // A cycle of empty blocks is a loop that does nothing: it stays one.
      BlockId to = id;
      for (size_t steps = 0; isEmpty(to) && steps < body_.blocks.size(); ++steps)
        to = body_.blocks[to].edges[0].to;
      target_[id] = isEmpty(to) ? id : to;
    }
    for (BlockDraft &block : body_.blocks) {
      for (EdgeDraft &edge : block.edges)
        edge.to = target_[edge.to];
      dropEqualEdges(block);
    }
    dropUnreached();
  }

  void dropUnreached() {
    std::vector<BlockId> work{0};
    std::vector<bool> reached(body_.blocks.size());
    reached[0] = true;
    auto reach = [&](BlockId id) {
      if (!reached[id])
        reached[id] = true, work.push_back(id);
    };
    for (BlockId id : pinned_)
      reach(id);
    // What has events stays, reached or not (the handler of what can't throw), and so does what it leads to.
    for (BlockId id = 0; id < body_.blocks.size(); ++id)
      if (body_.blocks[id].count > 0)
        reach(id);
    while (!work.empty()) {
      BlockId id = work.back();
      work.pop_back();
      for (const EdgeDraft &edge : body_.blocks[id].edges)
        reach(edge.to);
    }
    for (BlockId id = 0; id < kept_.size(); ++id)
      kept_[id] = kept_[id] && reached[id];
  }

  /// A block that is followed by one block only, whose only predecessor it is, is one block with it.
  void joinChains() {
    std::vector<unsigned> predecessors(body_.blocks.size());
    for (BlockId id = 0; id < body_.blocks.size(); ++id)
      if (kept_[id])
        for (const EdgeDraft &edge : body_.blocks[id].edges)
          ++predecessors[edge.to];
    for (BlockId id = 0; id < body_.blocks.size(); ++id) {
      if (!kept_[id])
        continue;
      BlockDraft &block = body_.blocks[id];
      for (BlockId next = id + 1;; ++next) {
        while (next < body_.blocks.size() && !kept_[next] && body_.blocks[next].count == 0)
          ++next;
        bool joins = next < body_.blocks.size() && kept_[next] && block.edges.size() == 1 && block.edges[0].to == next &&
                     block.edges[0].relation == Relation::Always && predecessors[next] == 1 && !pinned_.contains(next) &&
                     !pinned_.contains(id) && !has(body_.blocks[next].flags, BlockFlag::Exit | BlockFlag::Handler);
        if (!joins)
          break;
        BlockDraft &other = body_.blocks[next];
        block.count += other.count;
        block.flags |= other.flags;
        block.edges = std::move(other.edges);
        other.edges.clear();
        kept_[next] = false, other.count = 0;
      }
    }
  }

  void renumber() {
    std::vector<BlockId> ids(body_.blocks.size(), kNone);
    std::vector<BlockDraft> blocks;
    EventId first = 0;
    for (BlockId id = 0; id < body_.blocks.size(); ++id)
      if (kept_[id]) {
        ids[id] = blocks.size();
        blocks.push_back(std::move(body_.blocks[id]));
        blocks.back().first = first;
        first += blocks.back().count;
      }
    for (BlockId id = 0; id < blocks.size(); ++id)
      for (EdgeDraft &edge : blocks[id].edges) {
        edge.to = ids[edge.to];
        if (edge.to <= id)
          blocks[edge.to].flags |= BlockFlag::LoopHead;
      }
    for (CleanupDraft &cleanup : body_.cleanups)
      if (cleanup.block != kNone)
        cleanup.block = ids[cleanup.block];
    body_.blocks = std::move(blocks);
  }

  BodyDraft &body_;
  std::vector<BlockId> target_;
  std::vector<bool> kept_;
  std::set<BlockId> pinned_; // dispatch blocks: cleanups name them
};

} // namespace

void simplify(BodyDraft &body) { Folding(body).run(); }

} // namespace heddle::extract
