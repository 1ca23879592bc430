// Cycles of the lock order, each with one edge a hop to which no veto applies (LockOrder.h).
#include "program/CallGraph.h"
#include "program/LockOrder.h"
#include "program/LockVetoes.h"

#include <algorithm>
#include <deque>
#include <set>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kEdgesTried = 16; // edges between two vertices that are tried for one cycle
constexpr size_t kEdgesOfBody = 2; // of them in one function

/// Tries to choose one edge a hop so that no veto applies. Hops are few and so are the edges tried.
class Chooser {
public:
  Chooser(const Program &program, std::vector<std::vector<const OrderEdge *>> hops) : program_(program), hops_(std::move(hops)) {}

  std::optional<LockCycle> choose() {
    chosen_.clear();
    if (!extend())
      return std::nullopt;
    LockCycle cycle;
    cycle.edges = chosen_;
    cycle.sameObjects = true;
    const Places &places = program_.places();
    for (size_t i = 0; i < chosen_.size(); ++i) {
      const OrderEdge &waiting = *chosen_[i], &holding = *chosen_[(i + 1) % chosen_.size()];
      bool sameLocal = waiting.toNode.kind == LockNode::Local;
      cycle.sameObjects = cycle.sameObjects && (sameLocal || (exact(places, waiting.to) && waiting.to == holding.from));
    }
    cycle.considered = {"lock order: a cycle of " + std::to_string(chosen_.size()) + " edges",
                        "gate lock: none is held around both", "phases: nothing keeps the two from running at the same time",
                        "modes: at least one side of each lock is exclusive", "objects: not shown to be distinct"};
    return cycle;
  }

private:
  bool compatible(const OrderEdge &waiting, const OrderEdge &holding) const {
    return !modesAgree(waiting, holding) && !distinctObjects(program_, waiting, holding);
  }

  bool extend() {
    size_t hop = chosen_.size();
    if (hop == hops_.size())
      return compatible(*chosen_.back(), *chosen_.front()) && !tooFewThreads(program_, chosen_);
    for (const OrderEdge *edge : hops_[hop]) {
      if (hop > 0 && !compatible(*chosen_.back(), *edge))
        continue;
      if (edge->maybe && llvm::any_of(chosen_, [](const OrderEdge *other) { return other->maybe; }))
        continue;
      if (std::any_of(chosen_.begin(), chosen_.end(), [&](const OrderEdge *other) {
            return gateLock(program_, *other, *edge) || notParallel(program_, *other, *edge);
          }))
        continue;
      chosen_.push_back(edge);
      if (extend())
        return true;
      chosen_.pop_back();
    }
    return false;
  }

  const Program &program_;
  std::vector<std::vector<const OrderEdge *>> hops_;
  std::vector<const OrderEdge *> chosen_;
};

/// The edges that are the strongest evidence first: names that hold everywhere, then the shortest chain of calls.
void rank(const Program &program, std::vector<const OrderEdge *> &edges) {
  const Places &places = program.places();
  auto weight = [&](const OrderEdge *e) {
    return std::tuple(e->maybe, !(exact(places, e->from) && exact(places, e->to)), e->around.size(),
                      program.locks().chain(e->held).size() + program.locks().chain(e->wanted).size(), e->body, e->held,
                      e->wanted);
  };
  std::sort(edges.begin(), edges.end(), [&](auto *a, auto *b) { return weight(a) < weight(b); });
}

/// Whether the two objects of an edge can't be told from each other by how they are named: both are given from outside.
bool interchangeable(const Program &program, const OrderEdge &edge) {
  const Places &places = program.places();
  auto given = [&](PlaceId lock) {
    PlaceId owner = ownerOf(places, lock);
    if (owner == kNone || places[owner].kind() != PlaceKind::Deref)
      return false;
    PlaceKind kind = places[places[owner].parent()].kind();
    return kind == PlaceKind::This || kind == PlaceKind::Param;
  };
  return given(edge.from) && given(edge.to) && ownerOf(places, edge.from) != ownerOf(places, edge.to);
}

/// Whether somebody that can't be seen may call the function of `body` with any two objects.
bool openToAll(const Program &program, BodyId body) {
  const Function &function = program.facts().functions()[program.facts().bodies()[body].function()];
  return !program.hasMain() && !has(function.flags(), FunctionFlag::Internal | FunctionFlag::Lambda);
}

/// A member of two objects, taken both ways round: by two edges that name the same two objects in opposite order, or in a
/// function whose two objects are given by callers that can't all be seen.
std::optional<LockCycle> swapped(const Program &program, std::vector<const OrderEdge *> edges) {
  llvm::erase_if(edges, [&](const OrderEdge *e) {
    return e->maybe || derivedObjects(program, *e) || ordered(program, *e) || modesAgree(*e, *e);
  });
  rank(program, edges);
  const Places &places = program.places();
  LockCycle cycle;
  cycle.swapped = true;
  cycle.considered = {"objects: neither is reached from the other", "order: the two are not compared before they are locked"};
  for (const OrderEdge *a : edges)
    for (const OrderEdge *b : edges) {
      bool named = (exact(places, a->from) && exact(places, a->to)) || (a->body == b->body && a != b);
      if (named && a->from == b->to && a->to == b->from && !gateLock(program, *a, *b) && !notParallel(program, *a, *b)) {
        cycle.edges = {a, b};
        cycle.sameObjects = true;
        return cycle;
      }
    }
  for (const OrderEdge *e : edges)
    if (e->around.empty() && interchangeable(program, *e) && openToAll(program, e->body)) {
      cycle.edges = {e, e};
      return cycle;
    }
  return std::nullopt;
}

} // namespace

using Graph = std::map<LockNode, std::map<LockNode, std::vector<const OrderEdge *>>>;

/// The shortest way round that starts with from → to, breadth first; empty if there is none.
static std::vector<LockNode> shortestCycle(const Graph &graph, LockNode from, LockNode to) {
  std::map<LockNode, LockNode> parent{{to, to}};
  std::deque<LockNode> queue{to};
  while (!queue.empty() && !parent.count(from)) {
    LockNode at = queue.front();
    queue.pop_front();
    if (auto next = graph.find(at); next != graph.end())
      for (auto &[node, unused] : next->second)
        if (node != at && parent.try_emplace(node, at).second)
          queue.push_back(node);
  }
  if (!parent.count(from))
    return {};
  std::vector<LockNode> path{from};
  for (LockNode at = from; at != to;) {
    at = parent[at];
    path.push_back(at);
  }
  std::reverse(path.begin() + 1, path.end());
  return path; // from, to, …
}

std::vector<LockCycle> LockOrder::cycles() const {
  Graph graph;
  for (const OrderEdge &edge : edges_)
    graph[edge.fromNode][edge.toNode].push_back(&edge);
  std::vector<LockCycle> result;
  std::set<std::pair<size_t, std::vector<LockNode>>> paths; // short ones first
  for (auto &[from, targets] : graph)
    for (auto &[to, edges] : targets) {
      if (from != to) {
        if (std::vector<LockNode> path = shortestCycle(graph, from, to); !path.empty())
          paths.emplace(path.size(), std::move(path));
      } else {
        if (auto cycle = swapped(program_, edges))
          result.push_back(std::move(*cycle));
      }
    }
  // A longer cycle over an order that a shorter one reports already is the same defect: one change mends both.
  std::set<std::pair<LockNode, LockNode>> reported;
  for (const auto &[length, path] : paths) {
    std::vector<std::vector<const OrderEdge *>> hops;
    bool known = false;
    for (size_t i = 0; i < path.size(); ++i) {
      std::pair hop(path[i], path[(i + 1) % path.size()]);
      known = known || reported.count(hop);
      std::vector<const OrderEdge *> edges = graph[hop.first][hop.second];
      rank(program_, edges);
      // The best of each function: many of one would crowd out the one that another thread takes.
      std::map<BodyId, size_t> tried;
      llvm::erase_if(edges, [&](const OrderEdge *edge) { return ++tried[edge->body] > kEdgesOfBody; });
      if (edges.size() > kEdgesTried) {
        edges.resize(kEdgesTried);
        ++program_.cut().paths;
      }
      hops.push_back(std::move(edges));
    }
    if (known)
      continue;
    if (auto cycle = Chooser(program_, std::move(hops)).choose()) {
      for (size_t i = 0; i < path.size(); ++i)
        reported.emplace(path[i], path[(i + 1) % path.size()]);
      result.push_back(std::move(*cycle));
    }
  }
  return result;
}

} // namespace heddle
