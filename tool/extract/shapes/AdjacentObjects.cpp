#include "extract/shapes/AdjacentObjects.h"
#include "extract/BodyScan.h"
#include "extract/shapes/BodyMatch.h"

#include "clang/Lex/Lexer.h"

namespace heddle::extract::shapes {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

struct Built {
  const VarDecl *variable = nullptr;
  const CXXConstructExpr *expr = nullptr;
  const ClassTemplateDecl *pattern = nullptr;
};

Built builtFromOneLvalue(const Stmt *statement) {
  const auto *declaration = dyn_cast<DeclStmt>(statement);
  const auto *variable = declaration && declaration->isSingleDecl() ? dyn_cast<VarDecl>(declaration->getSingleDecl()) : nullptr;
  if (!variable || !variable->getInit() || variable->isStaticLocal())
    return {};
  const auto *expr = dyn_cast<CXXConstructExpr>(BodyScan::core(variable->getInit()));
  if (!expr)
    return {};
  unsigned written = 0;
  for (const Expr *argument : expr->arguments())
    written += !isa<CXXDefaultArgExpr>(argument);
  const auto *record = dyn_cast<ClassTemplateSpecializationDecl>(expr->getConstructor()->getParent());
  if (written != 1 || !expr->getArg(0)->isLValue() || !record || isa<MaterializeTemporaryExpr>(expr->getArg(0)))
    return {};
  return {variable, expr, record->getSpecializedTemplate()};
}

class AdjacentObjects : public BodyMatch {
public:
  using BodyMatch::BodyMatch;

  void run(const MatchFinder::MatchResult &result) override {
    Built last;
    for (const Stmt *statement : result.Nodes.getNodeAs<CompoundStmt>("block")->body()) {
      Built next = builtFromOneLvalue(statement);
      if (last.pattern && next.pattern == last.pattern)
        add(last, next);
      last = next;
    }
  }

private:
  std::string text(const Expr &expr) const {
    return Lexer::getSourceText(CharSourceRange::getTokenRange(expr.getSourceRange()), rows_.context.getSourceManager(),
                                rows_.context.getLangOpts())
        .str();
  }
  void add(const Built &a, const Built &b) {
    auto first = events_.find(a.expr), second = events_.find(b.expr);
    SourceLocation begin = a.variable->getBeginLoc(), end = b.variable->getEndLoc();
    // Text that a macro wrote can't be edited.
    if (first == events_.end() || second == events_.end() || begin.isMacroID() || end.isMacroID())
      return;
    facts::ShapeDraft shape{.kind = facts::ShapeKind::AdjacentObjects, .event = first->second, .other = second->second};
    shape.edit = rows_.string(text(*a.expr->getArg(0)) + ", " + text(*b.expr->getArg(0)));
    shape.location = rows_.location({begin, end});
    found_.push_back(shape);
  }
};

} // namespace

void adjacentObjects(const Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found) {
  auto object = declStmt(containsDeclaration(0, varDecl(hasInitializer(ignoringImplicit(cxxConstructExpr())))));
  AdjacentObjects(body, rows, events, found).match(compoundStmt(has(object)).bind("block"));
}

} // namespace heddle::extract::shapes
