#include "extract/UnitWriter.h"
#include "extract/BodyWriter.h"

#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/DenseSet.h"

namespace heddle::extract {

using namespace clang;

namespace {

/// Finds every definition of the project by way of declaration contexts: closures and local classes are declarations of the
/// function that holds them, instantiations hang on their templates. Patterns of templates are no definitions.
class Definitions {
public:
  Definitions(Rows &rows, BodyWriter &bodies) : rows_(rows), bodies_(bodies) {}

  void run(const DeclContext &unit) {
    work_.push_back(&unit);
    while (!work_.empty()) {
      const DeclContext *context = work_.front();
      work_.pop_front();
      for (const Decl *decl : context->decls())
        visit(*decl);
    }
  }

  uint32_t functions = 0;

private:
  void open(const DeclContext &context) {
    if (seen_.insert(&context).second)
      work_.push_back(&context);
  }

  void visit(const Decl &decl) {
    if (decl.isInvalidDecl() && !isa<DeclContext>(decl))
      return;
    if (const auto *function = dyn_cast<FunctionDecl>(&decl))
      define(*function);
    else if (const auto *made = dyn_cast<FunctionTemplateDecl>(&decl))
      for (const FunctionDecl *special : made->specializations())
        define(*special);
    else if (const auto *made = dyn_cast<ClassTemplateDecl>(&decl))
      for (const ClassTemplateSpecializationDecl *special : made->specializations())
        record(*special);
    else if (const auto *made = dyn_cast<VarTemplateDecl>(&decl))
      for (const VarTemplateSpecializationDecl *special : made->specializations())
        variable(*special);
    else if (const auto *type = dyn_cast<CXXRecordDecl>(&decl))
      record(*type);
    else if (const auto *befriended = dyn_cast<FriendDecl>(&decl)) {
      if (const NamedDecl *named = befriended->getFriendDecl(); named && !isa<RecordDecl>(named))
        visit(*named);
    } else if (const auto *global = dyn_cast<VarDecl>(&decl))
      variable(*global);
    else if (isa<NamespaceDecl>(decl) || isa<LinkageSpecDecl>(decl) || isa<ExportDecl>(decl))
      open(*cast<DeclContext>(&decl));
  }

  void record(const CXXRecordDecl &type) {
    if (type.isDependentContext() || !type.isThisDeclarationADefinition())
      return;
    if (rows_.isProject(type) && !type.isInvalidDecl())
      rows_.record(type);
    open(type);
  }

  void define(const FunctionDecl &function) {
    if (function.isDependentContext() || !seenFunctions_.insert(&function).second)
      return;
    if (!function.doesThisDeclarationHaveABody() || !rows_.isProject(function))
      return;
    open(function); // local classes and closures
    const auto *constructor = dyn_cast<CXXConstructorDecl>(&function);
    bool inherited = constructor && constructor->isInheritingConstructor();
    // Members that the compiler writes follow from the class; a lambda's conversion and static invoker only pass a call on.
    bool written = !function.isImplicit() && !function.isDefaulted() && !function.isDeleted();
    const auto *method = dyn_cast<CXXMethodDecl>(&function);
    bool callOperator = method && method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call;
    if (!(written || inherited || callOperator) || function.isInvalidDecl() || !function.getBody())
      return;
    if (function.getReturnType()->isUndeducedType() || (method && method->isLambdaStaticInvoker()))
      return;
    ++functions;
    bodies_.write(function);
  }

  void variable(const VarDecl &variable) {
    if (variable.isInvalidDecl() || !variable.hasGlobalStorage() || variable.isStaticLocal() || isa<ParmVarDecl>(variable) ||
        variable.getDeclContext()->isDependentContext() || variable.getType()->isDependentType() || !rows_.isProject(variable))
      return;
    if (isa<VarTemplatePartialSpecializationDecl>(variable) || variable.getDescribedVarTemplate())
      return;
    rows_.variable(variable);
    const VarDecl *definition = variable.getInitializingDeclaration();
    const Expr *init = variable.getInit();
    if (definition != &variable || !init || init->isValueDependent() || init->containsErrors() ||
        variable.hasConstantInitialization())
      return;
    ++functions;
    bodies_.write(variable, *init);
  }

  Rows &rows_;
  BodyWriter &bodies_;
  std::deque<const DeclContext *> work_;
  llvm::DenseSet<const DeclContext *> seen_;
  llvm::DenseSet<const FunctionDecl *> seenFunctions_;
};

} // namespace

UnitWriter::UnitWriter(ASTContext &context, facts::Builder &builder, const PathMap &paths, facts::UnitId unit, Sema *sema)
    : context_(context), builder_(builder), paths_(paths), unit_(unit), sema_(sema) {}

void UnitWriter::write() {
  Rows rows(context_, builder_, paths_, sema_);
  BodyWriter bodies(rows, unit_);
  Definitions definitions(rows, bodies);
  definitions.run(*context_.getTranslationUnitDecl());
  rows.drain();
  functions_ = definitions.functions;
}

} // namespace heddle::extract
