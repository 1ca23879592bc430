#include "extract/SkipPolicy.h"
#include "extract/PathMap.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

namespace heddle::extract {

using namespace clang;

void SkipPolicy::InitializeSema(Sema &sema) {
  sema_ = &sema;
  reach_ = std::make_unique<ProjectReach>(sema.getASTContext());
}

void SkipPolicy::ForgetSema() {
  sema_ = nullptr;
  reach_.reset();
}

// Clang can keep a template's body as tokens until it is instantiated, for the sake of Windows headers. The option is read at
// each definition, so it can hold in system headers alone; the project's templates mean what the standard says.
void SkipPolicy::enterFile(bool isSystem) {
  language_.DelayedTemplateParsing = delaysAlways_ || (isSystem && language_.CPlusPlus);
}

bool SkipPolicy::skipsBody(const Decl *decl) {
  if (!reach_ || reach_->isOpen() || PathMap::isProject(sema_->getSourceManager(), decl->getLocation()))
    return false;
  const FunctionDecl *function = decl->getAsFunction();
  return function && !function->isDependentContext() && !function->isTemplated();
}

void SkipPolicy::observe(DeclGroupRef decls) {
  if (reach_)
    for (const Decl *decl : decls)
      reach_->observe(decl);
}

// Sema empties its queue by recursion, in which nothing can be left out; here it is emptied item by item. As in
// Sema::PerformPendingInstantiations, the classes whose vtables were used come when the queue is empty.
void SkipPolicy::ReadPendingInstantiations(llvm::SmallVectorImpl<Instantiation> &pending) {
  do {
    while (!sema_->PendingInstantiations.empty()) {
      Instantiation next = sema_->PendingInstantiations.front();
      sema_->PendingInstantiations.pop_front();
      if (reach_->reaches(next.first))
        instantiate(next);
    }
    sema_->DefineUsedVTables();
  } while (!sema_->PendingInstantiations.empty());
}

void SkipPolicy::instantiate(const Instantiation &next) {
  if (auto *function = dyn_cast<FunctionDecl>(next.first)) {
    if (function->isMultiVersion())
      sema_->getASTContext().forEachMultiversionedFunctionVersion(
          function, [&](FunctionDecl *version) { instantiateFunction(version, next.second); });
    else
      instantiateFunction(function, next.second);
  } else {
    instantiateVariable(cast<VarDecl>(next.first), next.second);
  }
}

void SkipPolicy::instantiateFunction(FunctionDecl *function, SourceLocation point) {
  bool required = function->getTemplateSpecializationKind() == TSK_ExplicitInstantiationDefinition;
  sema_->InstantiateFunctionDefinition(point, function, /*Recursive=*/false, required, /*AtEndOfTU=*/true);
  if (function->isDefined())
    function->setInstantiationIsPending(false);
}

void SkipPolicy::instantiateVariable(VarDecl *variable, SourceLocation point) {
  if (variable->getMostRecentDecl()->isInvalidDecl())
    return;
  TemplateSpecializationKind kind = variable->getTemplateSpecializationKindForInstantiation();
  // Only now may an extern template stand for its definition.
  if (kind == TSK_ExplicitInstantiationDeclaration)
    return;
  bool required = kind == TSK_ExplicitInstantiationDefinition;
  sema_->InstantiateVariableDefinition(point, variable, /*Recursive=*/false, required, /*AtEndOfTU=*/true);
}

} // namespace heddle::extract
