#include "extract/shapes/HidingDeclaration.h"
#include "extract/BodyScan.h"
#include "extract/shapes/BodyMatch.h"
#include "extract/shapes/SourceEdit.h"

#include "clang/AST/CXXInheritance.h"

namespace heddle::extract::shapes {

using namespace clang;
using namespace clang::ast_matchers;

namespace {

bool namesVariable(const DeclContext &scope, DeclarationName name) {
  return llvm::any_of(scope.lookup(name),
                      [](const NamedDecl *found) { return isa<VarDecl, FieldDecl, IndirectFieldDecl>(found); });
}

bool inRecord(const CXXRecordDecl &record, DeclarationName name) {
  const CXXRecordDecl *definition = record.getDefinition();
  if (!definition)
    return false;
  if (namesVariable(*definition, name))
    return true;
  return llvm::any_of(definition->bases(), [&](const CXXBaseSpecifier &base) {
    const CXXRecordDecl *of = base.getType()->getAsCXXRecordDecl();
    return of && inRecord(*of, name);
  });
}

/// Whether the function's parameters, its class or a scope around it has a variable of the name.
bool hides(const VarDecl &variable) {
  DeclarationName name = variable.getDeclName();
  for (const DeclContext *scope = variable.getDeclContext(); scope; scope = scope->getLookupParent()) {
    if (const auto *function = dyn_cast<FunctionDecl>(scope)) {
      for (const Decl *other : function->decls()) // parameters and locals
        if (const auto *named = dyn_cast<VarDecl>(other); named && named != &variable && named->getDeclName() == name)
          return true;
    } else if (const auto *record = dyn_cast<CXXRecordDecl>(scope)) {
      if (inRecord(*record, name))
        return true;
    } else if (namesVariable(*scope, name)) {
      return true;
    }
    if (const auto *method = dyn_cast<CXXMethodDecl>(scope); method && inRecord(*method->getParent(), name))
      return true;
  }
  return false;
}

class HidingDeclaration : public BodyMatch {
public:
  using BodyMatch::BodyMatch;

  void run(const MatchFinder::MatchResult &result) override {
    const auto *variable = result.Nodes.getNodeAs<VarDecl>("variable");
    const TypeSourceInfo *written = variable->getTypeSourceInfo();
    auto parens = written ? written->getTypeLoc().getAs<ParenTypeLoc>() : ParenTypeLoc();
    const auto *expr = dyn_cast_or_null<CXXConstructExpr>(variable->getInit() ? BodyScan::core(variable->getInit()) : nullptr);
    auto event = expr ? events_.find(expr) : events_.end();
    if (!parens || event == events_.end() || expr->getNumArgs() != 0 || variable->isStaticLocal() || !hides(*variable))
      return;
    SourceEdit source(rows_.context);
    std::string type = source.textBefore(variable->getBeginLoc(), parens.getLParenLoc());
    facts::ShapeDraft shape{.kind = facts::ShapeKind::HidingDeclaration, .event = event->second};
    shape.location = rows_.location({variable->getBeginLoc(), parens.getRParenLoc()});
    if (!type.empty())
      shape.edit = rows_.string(type + " " + source.freshName(body_) + "(" + variable->getName().str() + ")");
    found_.push_back(shape);
  }
};

} // namespace

void hidingDeclarations(const Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found) {
  HidingDeclaration(body, rows, events, found).match(declStmt(hasSingleDecl(varDecl(hasLocalStorage()).bind("variable"))));
}

} // namespace heddle::extract::shapes
