#include "extract/shapes/TemporaryStatement.h"
#include "extract/shapes/BodyMatch.h"
#include "extract/shapes/SourceEdit.h"

#include "clang/AST/ParentMapContext.h"

namespace heddle::extract::shapes {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

class TemporaryStatement : public BodyMatch {
public:
  using BodyMatch::BodyMatch;

  void run(const MatchFinder::MatchResult &result) override {
    const auto *expr = result.Nodes.getNodeAs<CXXConstructExpr>("construct");
    const auto *statement = result.Nodes.getNodeAs<Stmt>("statement");
    auto event = events_.find(expr);
    if (event == events_.end() || !Rows::destructor(expr->getType()))
      return;
    facts::ShapeDraft shape{.kind = facts::ShapeKind::TemporaryStatement, .event = event->second};
    shape.other = eventAfter(*statement);
    shape.location = rows_.location(statement->getSourceRange());
    if (std::string text = named(*statement, *expr, result.Nodes.getNodeAs<CXXFunctionalCastExpr>("cast")); !text.empty())
      shape.edit = rows_.string(text);
    found_.push_back(shape);
  }

private:
  /// The first event of the statements that follow in the same block.
  facts::EventId eventAfter(const Stmt &statement) const {
    const Stmt *child = &statement, *parent = nullptr;
    while (true) {
      auto parents = rows_.context.getParents(*child);
      parent = parents.empty() ? nullptr : parents[0].get<Stmt>();
      if (!parent || !(isa<SwitchCase>(parent) || isa<LabelStmt>(parent)))
        break;
      child = parent;
    }
    const auto *block = llvm::dyn_cast_or_null<CompoundStmt>(parent);
    if (!block)
      return facts::kNone;
    bool passed = false;
    for (const Stmt *next : block->body()) {
      if (facts::EventId id = passed ? firstEvent(*next) : facts::kNone; id != facts::kNone)
        return id;
      passed = passed || next == child;
    }
    return facts::kNone;
  }

  facts::EventId firstEvent(const Stmt &statement) const {
    facts::EventId first = facts::kNone;
    if (auto event = events_.find(&statement); event != events_.end())
      first = event->second;
    for (const Stmt *child : statement.children())
      if (child)
        first = std::min(first, firstEvent(*child));
    return first;
  }

  /// The statement as a declaration: the type as it is written, a name, and the arguments as they are written.
  std::string named(const Stmt &statement, const CXXConstructExpr &expr, const CXXFunctionalCastExpr *cast) const {
    SourceLocation open = expr.getParenOrBraceRange().getBegin();
    if (cast)
      open = cast->getLParenLoc().isValid() ? cast->getLParenLoc() : cast->getSubExpr()->getBeginLoc();
    SourceEdit source(rows_.context);
    std::string type = source.textBefore(statement.getBeginLoc(), open);
    std::string arguments = source.textOf({open, statement.getEndLoc()});
    return type.empty() || arguments.empty() ? "" : type + " " + source.freshName(body_) + arguments;
  }
};

} // namespace

void temporaryStatements(const Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found) {
  auto made = expr(ignoringImplicit(
      anyOf(cxxConstructExpr().bind("construct"),
            cxxFunctionalCastExpr(hasSourceExpression(ignoringImplicit(cxxConstructExpr().bind("construct")))).bind("cast"))));
  auto statement = expr(made, hasParent(stmt(anyOf(compoundStmt(), ifStmt(), whileStmt(), forStmt(), switchCase(), labelStmt()))))
                       .bind("statement");
  TemporaryStatement(body, rows, events, found).match(statement);
}

} // namespace heddle::extract::shapes
