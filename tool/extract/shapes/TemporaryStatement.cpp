#include "extract/shapes/TemporaryStatement.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"

namespace heddle::extract::shapes {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

class Callback : public MatchFinder::MatchCallback {
public:
  Callback(Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found)
      : rows_(rows), events_(events), found_(found) {}

  void run(const MatchFinder::MatchResult &result) override {
    const auto *expr = result.Nodes.getNodeAs<CXXConstructExpr>("construct");
    const auto *statement = result.Nodes.getNodeAs<Stmt>("statement");
    auto event = events_.find(expr);
    if (event == events_.end() || !Rows::destructor(expr->getType()))
      return;
    found_.push_back({.kind = facts::ShapeKind::TemporaryStatement,
                      .event = event->second,
                      .location = rows_.location(statement->getSourceRange())});
  }

private:
  Rows &rows_;
  const EventMap &events_;
  std::vector<facts::ShapeDraft> &found_;
};

} // namespace

void temporaryStatements(const Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found) {
  Callback callback(rows, events, found);
  MatchFinder finder;
  auto made = expr(ignoringImplicit(
      anyOf(cxxConstructExpr().bind("construct"),
            cxxFunctionalCastExpr(hasSourceExpression(ignoringImplicit(cxxConstructExpr().bind("construct")))))));
  auto statement = expr(made, hasParent(stmt(anyOf(compoundStmt(), ifStmt(), whileStmt(), forStmt(), switchCase(), labelStmt()))))
                       .bind("statement");
  finder.addMatcher(stmt(findAll(statement)), &callback);
  finder.match(body, rows.context);
}

} // namespace heddle::extract::shapes
