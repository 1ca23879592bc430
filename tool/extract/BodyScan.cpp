#include "extract/BodyScan.h"

namespace heddle::extract {

using namespace clang;

const Usage &BodyScan::usage(const VarDecl &variable) const {
  static const Usage none;
  auto it = usages_.find(&variable);
  return it == usages_.end() ? none : it->second;
}

const Destination *BodyScan::destination(const Expr &expr) const {
  auto it = destinations_.find(&expr);
  return it == destinations_.end() ? nullptr : &it->second;
}

unsigned BodyScan::tryOf(const Stmt &statement) const {
  auto it = tryOf_.find(&statement);
  return it == tryOf_.end() ? kNoTry : it->second;
}

unsigned BodyScan::tryOf(const VarDecl &variable) const {
  auto it = tryOfVariable_.find(&variable);
  return it == tryOfVariable_.end() ? kNoTry : it->second;
}

const Expr *BodyScan::core(const Expr *expr) {
  for (;;) {
    if (const auto *paren = dyn_cast<ParenExpr>(expr))
      expr = paren->getSubExpr();
    else if (const auto *full = dyn_cast<FullExpr>(expr))
      expr = full->getSubExpr();
    else if (const auto *bound = dyn_cast<CXXBindTemporaryExpr>(expr))
      expr = bound->getSubExpr();
    else if (const auto *made = dyn_cast<MaterializeTemporaryExpr>(expr))
      expr = made->getSubExpr();
    else if (const auto *parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expr))
      expr = parameter->getReplacement();
    else
      return expr;
  }
}

void BodyScan::push(const Stmt *statement, Role role, unsigned tryScope) {
  if (statement)
    stack_.push_back({statement, role, tryScope});
}

void BodyScan::scan(const FunctionDecl &function) {
  const Stmt *body = function.getBody();
  const auto *whole = dyn_cast_or_null<CXXTryStmt>(body);
  if (whole) {
    functionTry_ = 0;
    tries_.push_back({whole, kNoTry});
  }
  push(body, Role::Ignored, kNoTry);
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&function))
    for (const CXXCtorInitializer *init : constructor->inits()) {
      const Expr *value = init->getInit();
      if (!value)
        continue;
      push(value, Role::Other, functionTry_);
      build(value, {Destination::Initializer, init});
    }
  run();
}

void BodyScan::scan(const VarDecl &variable, const Expr &initializer) {
  push(&initializer, Role::Other, kNoTry);
  build(&initializer, {Destination::Variable, &variable});
  run();
}

void BodyScan::run() {
  while (!stack_.empty()) {
    Item item = stack_.back();
    stack_.pop_back();
    visit(item);
  }
}

void BodyScan::visit(const Item &item) {
  if (item.tryScope != kNoTry)
    tryOf_[item.statement] = item.tryScope;
  if (isa<RecoveryExpr>(item.statement))
    hasErrors_ = true;
  if (visitStatement(item) || visitOperator(item) || visitExpression(item))
    return;
  for (const Stmt *child : item.statement->children())
    push(child, Role::Other, item.tryScope);
}

void BodyScan::discard(const Stmt *statement) {
  if (const auto *expr = dyn_cast_or_null<Expr>(statement))
    discarded_.insert(core(expr));
}

/// Statements; true when their children were pushed.
bool BodyScan::visitStatement(const Item &item) {
  const Stmt *s = item.statement;
  if (const auto *block = dyn_cast<CompoundStmt>(s)) {
    for (const Stmt *child : block->body())
      discard(child), push(child, Role::Ignored, item.tryScope);
    return true;
  }
  if (const auto *declarations = dyn_cast<DeclStmt>(s))
    return visitDeclarations(*declarations, item.tryScope), true;
  if (const auto *attempt = dyn_cast<CXXTryStmt>(s))
    return visitTry(*attempt, item.tryScope), true;
  if (const auto *result = dyn_cast<ReturnStmt>(s)) {
    if (const Expr *value = result->getRetValue()) {
      build(value, {Destination::Return, result});
      push(value, Role::Other, item.tryScope);
      if (const auto *variable = dyn_cast_or_null<VarDecl>(result->getNRVOCandidate()))
        usages_[variable].returned = true;
    }
    return true;
  }
  if (const auto *branch = dyn_cast<IfStmt>(s))
    discard(branch->getThen()), discard(branch->getElse());
  else if (const auto *loop = dyn_cast<WhileStmt>(s))
    discard(loop->getBody());
  else if (const auto *loop = dyn_cast<DoStmt>(s))
    discard(loop->getBody());
  else if (const auto *loop = dyn_cast<ForStmt>(s))
    discard(loop->getBody()), discard(loop->getInc()), discard(loop->getInit());
  else if (const auto *loop = dyn_cast<CXXForRangeStmt>(s))
    discard(loop->getBody());
  else if (const auto *label = dyn_cast<SwitchCase>(s))
    discard(label->getSubStmt());
  else if (const auto *label = dyn_cast<LabelStmt>(s))
    discard(label->getSubStmt());
  return false;
}

void BodyScan::visitTry(const CXXTryStmt &statement, unsigned tryScope) {
  unsigned inner = 0;
  if (functionTry_ == kNoTry || tries_[0].statement != &statement) {
    inner = tries_.size();
    tries_.push_back({&statement, tryScope});
  }
  push(statement.getTryBlock(), Role::Ignored, inner);
  for (unsigned i = 0; i < statement.getNumHandlers(); ++i) {
    const CXXCatchStmt *handler = statement.getHandler(i);
    if (const VarDecl *variable = handler->getExceptionDecl())
      tryOfVariable_[variable] = tryScope;
    push(handler->getHandlerBlock(), Role::Ignored, tryScope);
  }
}

void BodyScan::visitDeclarations(const DeclStmt &statement, unsigned tryScope) {
  auto variable = [&](const VarDecl &declared) {
    tryOfVariable_[&declared] = tryScope;
    if (const Expr *init = declared.getInit()) {
      const auto *lambda = dyn_cast<LambdaExpr>(core(init));
      if (!lambda || declared.isStaticLocal())
        build(init, {Destination::Variable, &declared});
      push(init, Role::Other, tryScope);
    }
  };
  for (const Decl *decl : statement.decls()) {
    if (const auto *declared = dyn_cast<VarDecl>(decl))
      variable(*declared);
    if (const auto *tuple = dyn_cast<DecompositionDecl>(decl))
      for (const BindingDecl *binding : tuple->bindings())
        if (const VarDecl *holder = binding->getHoldingVar())
          variable(*holder);
  }
  // Sizes of variable arrays are among the children.
  for (const Stmt *child : statement.children())
    if (child && !isa<LambdaExpr>(child) && tryOf_.find(child) == tryOf_.end())
      if (llvm::none_of(statement.decls(),
                        [&](const Decl *d) { return isa<VarDecl>(d) && cast<VarDecl>(d)->getInit() == child; }))
        push(child, Role::Other, tryScope);
}

void BodyScan::use(const DeclRefExpr &reference, Role role) {
  const auto *variable = dyn_cast<VarDecl>(reference.getDecl());
  if (!variable || variable->getType()->isReferenceType())
    return;
  Usage &usage = usages_[variable];
  if (role == Role::Written)
    ++usage.writes;
  else if (role == Role::Other)
    usage.addressTaken = true;
}

void BodyScan::visitLambda(const LambdaExpr &lambda, unsigned tryScope) {
  auto init = lambda.capture_init_begin();
  for (const LambdaCapture &capture : lambda.captures()) {
    const Expr *value = *init++;
    bool reference = capture.capturesVariable() && capture.getCaptureKind() == LCK_ByRef;
    if (reference && isa<VarDecl>(capture.getCapturedVar()))
      usages_[cast<VarDecl>(capture.getCapturedVar())].captured = true;
    push(value, reference ? Role::Ignored : Role::Other, tryScope);
  }
}

} // namespace heddle::extract
