#include "extract/BodyWriter.h"
#include "extract/BlockGraph.h"
#include "extract/Conditions.h"
#include "extract/shapes/Shapes.h"
#include "facts/Relations.h"

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
  llvm::DenseMap<const CFGBlock *, const BinaryOperator *> logicals; // where the operands of a value's `&&` or `||` join
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
  BodyScan scan(rows_.context);
  scan.scan(variable, initializer);
  std::unique_ptr<CFG> cfg;
  if (!scan.hasErrors())
    cfg = CFG::buildCFG(&variable, const_cast<Expr *>(&initializer), &rows_.context, buildOptions());
  if (!cfg)
    return partial(rows_.initializer(variable), variable.getSourceRange());
  Graph graph(rows_, scan, nullptr, std::move(cfg));
  graph.variable = &variable;
  walk(graph);
  if (!graph.events.events.empty())
    finish(graph, rows_.initializer(variable), variable.getSourceRange());
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
  for (const CFGBlock *block : graph.order.blocks())
    for (const CFGElement &element : *block)
      if (auto statement = element.getAs<CFGStmt>())
        if (const auto *logical = dyn_cast<BinaryOperator>(statement->getStmt()); logical && logical->isLogicalOp()) {
          graph.logicals[block] = logical;
          graph.events.carryLogical(*logical);
        }
  for (BlockId id = 0; id < graph.blocks.size(); ++id)
    block(graph, id);
  thread(graph);
}

/// An operand of `&&` or `||` that decides: the value is known before the branch that skips the other operands.
void BodyWriter::decide(Graph &graph, const CFGBlock &block) {
  const auto *operation = dyn_cast_or_null<BinaryOperator>(block.getTerminatorStmt());
  if (!operation || !operation->isLogicalOp() || !block.getTerminator().isStmtBranch() || block.succ_size() != 2)
    return;
  bool truth = true;
  for (const CFGBlock::AdjacentBlock &next : block.succs()) {
    if (const CFGBlock *to = next)
      if (const BinaryOperator *whole = graph.logicals.lookup(to))
        graph.events.decide(*whole, truth, *operation->getLHS());
    truth = false;
  }
}

/// A block that holds nothing and tests what its predecessors have just written: each predecessor goes where the test sends it.
void BodyWriter::thread(Graph &graph) {
  Builder &builder = rows_.builder;
  std::vector<std::vector<BlockId>> predecessors(graph.blocks.size());
  for (BlockId id = 0; id < graph.blocks.size(); ++id)
    for (const EdgeDraft &edge : graph.blocks[id].edges)
      predecessors[edge.to].push_back(id);
  for (BlockId id = 0; id < graph.blocks.size(); ++id) {
    const BlockDraft &test = graph.blocks[id];
    if (test.count != 0 || test.edges.size() != 2 || test.edges[0].constant != 0 || test.edges[0].value == kNone ||
        (test.edges[0].relation != Relation::Ne && test.edges[0].relation != Relation::Eq))
      continue;
    bool first = test.edges[0].relation == Relation::Ne;
    BlockId whenTrue = test.edges[first ? 0 : 1].to, whenFalse = test.edges[first ? 1 : 0].to;
    for (BlockId from : predecessors[id]) {
      BlockDraft &block = graph.blocks[from];
      if (block.count == 0)
        continue;
      const EventDraft &last = graph.events.events[block.first + block.count - 1];
      if (last.kind != EventKind::Write || last.place != test.edges[0].value || last.operands.size() != 1)
        continue;
      const Place &held = builder.place(last.operands[0]);
      if (held.kind() == PlaceKind::Constant) {
        for (EdgeDraft &edge : block.edges)
          if (edge.to == id)
            edge.to = builder.constantAt(held.id()) != 0 ? whenTrue : whenFalse;
      } else if (block.edges.size() == 1 && held.kind() != PlaceKind::Unknown) {
        Test decision = graph.conditions.test(last.operands[0]);
        block.edges = {{whenTrue, decision.relation, decision.value, decision.constant},
                       {whenFalse, negated(decision.relation), decision.value, decision.constant}};
      }
    }
  }
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
  decide(graph, block);
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
  // A handler begins with what lived where something in its block may throw; who leaves the function has destroyed that at the
  // end.
  for (unsigned scope : graph.order.triesOf(&block))
    for (; scope != kNoTry; scope = graph.frame.scan.tries()[scope].outer)
      if (BlockId dispatch = graph.order.dispatchOf(scope); dispatch != kNone && !graph.entry[dispatch]) {
        std::optional<Cleanups::State> thrown = graph.cleanups.thrownIn(scope);
        if (thrown || !leaves)
          graph.entry[dispatch] = graph.cleanups.outside(thrown.value_or(end), scope);
      }
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
