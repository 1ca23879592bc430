#include "extract/BodyWriter.h"
#include "extract/BlockGraph.h"
#include "extract/Conditions.h"
#include "extract/shapes/Shapes.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

static CFG::BuildOptions buildOptions() {
  CFG::BuildOptions options;
  options.setAllAlwaysAdd(); // every subexpression is an element, in order of evaluation
  options.PruneTriviallyFalseEdges = true;
  options.AddInitializers = true;
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddCXXNewAllocator = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddStaticInitBranches = true;
  return options;
}

struct BodyWriter::Graph {
  Graph(Rows &rows, const BodyScan &scan, const FunctionDecl *function, std::unique_ptr<CFG> built)
      : cfg(std::move(built)), frame(rows, scan, function), cleanups(scan), events(rows, frame, cleanups),
        conditions(rows, frame, events.values()), order(*cfg, scan), entry(order.blocks().size()) {}

  std::unique_ptr<CFG> cfg;
  Frame frame;
  Cleanups cleanups;
  EventWriter events;
  Conditions conditions;
  BlockOrder order;
  std::vector<std::optional<Cleanups::State>> entry; // what lives where a block starts
  std::vector<BlockDraft> blocks;
  BodyFlag flags = BodyFlag::NONE;
  const VarDecl *variable = nullptr; // initialised at the end
  const Stmt *body = nullptr;
};

void BodyWriter::write(const FunctionDecl &function) {
  FunctionId id = rows_.function(function);
  SourceRange range = function.getSourceRange();
  BodyScan scan(rows_.context);
  scan.scan(function);
  std::unique_ptr<CFG> cfg;
  if (!scan.hasErrors())
    cfg = CFG::buildCFG(&function, function.getBody(), &rows_.context, buildOptions());
  if (!cfg)
    return partial(id, range);
  Graph graph(rows_, scan, &function, std::move(cfg));
  graph.body = function.getBody();
  if (isa<CXXTryStmt>(graph.body))
    graph.flags |= BodyFlag::FunctionTry;
  walk(graph);
  finish(graph, id, range);
}

void BodyWriter::write(const VarDecl &variable, const Expr &initializer) {
  FunctionId id = rows_.initializer(variable);
  BodyScan scan(rows_.context);
  scan.scan(variable, initializer);
  std::unique_ptr<CFG> cfg;
  if (!scan.hasErrors())
    cfg = CFG::buildCFG(&variable, const_cast<Expr *>(&initializer), &rows_.context, buildOptions());
  if (!cfg)
    return partial(id, variable.getSourceRange());
  Graph graph(rows_, scan, nullptr, std::move(cfg));
  graph.variable = &variable;
  walk(graph);
  finish(graph, id, variable.getSourceRange());
}

void BodyWriter::partial(FunctionId function, SourceRange range) {
  BodyDraft draft;
  draft.function = function;
  draft.location = rows_.location(range);
  draft.flags = BodyFlag::Partial;
  draft.blocks.push_back({.flags = BlockFlag::Exit});
  rows_.builder.body(unit_, std::move(draft));
}

void BodyWriter::walk(Graph &graph) {
  graph.blocks.resize(graph.order.blocks().size());
  for (BlockId id = 0; id < graph.blocks.size(); ++id)
    block(graph, id);
}

void BodyWriter::block(Graph &graph, BlockId id) {
  const CFGBlock &block = *graph.order.blocks()[id];
  BlockDraft &draft = graph.blocks[id];
  draft.first = graph.events.events.size();
  graph.events.live = graph.entry[id].value_or(kNone);
  const auto *handler = dyn_cast_or_null<CXXCatchStmt>(block.getLabel());
  if (handler) {
    draft.flags |= BlockFlag::Handler;
    graph.events.handler(*handler);
  }
  bool throws = false;
  for (const CFGElement &element : block) {
    graph.events.element(element);
    if (auto statement = element.getAs<CFGStmt>())
      throws |= isa<CXXThrowExpr>(statement->getStmt());
  }
  bool leaves = llvm::any_of(block.succs(), [&](const CFGBlock::AdjacentBlock &next) {
    return static_cast<const CFGBlock *>(next) == &graph.cfg->getExit();
  });
  if (graph.variable && leaves && &block != &graph.cfg->getEntry())
    graph.events.initialize(*graph.variable);
  draft.count = graph.events.events.size() - draft.first;

  if (&block == &graph.cfg->getExit())
    draft.flags |= BlockFlag::Exit;
  if (block.hasNoReturnElement())
    draft.flags |= BlockFlag::NoReturn;
  auto number = [&](const CFGBlock *to) { return graph.order.of(to); };
  const Stmt *terminator = block.getTerminatorStmt();
  if (terminator && isa<CXXTryStmt>(terminator)) {
    for (const CFGBlock::AdjacentBlock &next : block.succs())
      if (const CFGBlock *to = next; to && isa_and_nonnull<CXXCatchStmt>(to->getLabel()))
        draft.edges.push_back({.to = number(to), .relation = Relation::Default});
    if (draft.edges.size() == 1)
      draft.edges[0].relation = Relation::Always;
  } else if (!throws && !block.hasNoReturnElement()) {
    draft.edges = graph.conditions.edges(block, number);
  }
  Cleanups::State end = graph.events.live;
  for (const EdgeDraft &edge : draft.edges) {
    auto &state = graph.entry[edge.to];
    state = state ? graph.cleanups.meet(*state, end) : end;
  }
  for (unsigned scope : graph.order.triesOf(&block))
    for (; scope != kNoTry; scope = graph.frame.scan.tries()[scope].outer)
      if (BlockId dispatch = graph.order.dispatchOf(scope); dispatch != kNone && !graph.entry[dispatch])
        graph.entry[dispatch] = graph.cleanups.outside(end, scope);
}

void BodyWriter::finish(Graph &graph, FunctionId function, SourceRange range) {
  BodyDraft draft = graph.frame.draft();
  draft.function = function;
  draft.location = rows_.location(range);
  draft.flags = graph.flags;
  draft.blocks = std::move(graph.blocks);
  draft.events = std::move(graph.events.events);
  draft.cleanups = graph.cleanups.bind([&](unsigned scope) { return graph.order.dispatchOf(scope); });
  simplify(draft);
  if (graph.body)
    draft.shapes = shapes::find(*graph.body, rows_, graph.events.eventOf);
  rows_.builder.body(unit_, std::move(draft));
}

} // namespace heddle::extract
