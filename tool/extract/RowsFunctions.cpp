// Rows of functions and variables.
#include "extract/Attributes.h"
#include "extract/InitialValues.h"
#include "extract/Rows.h"
#include "extract/Values.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

static bool isNoExcept(const FunctionDecl &function) {
  const auto *type = function.getType()->getAs<FunctionProtoType>();
  if (!type)
    return function.hasAttr<NoThrowAttr>();
  if (isUnresolvedExceptionSpec(type->getExceptionSpecType()))
    return isa<CXXDestructorDecl>(function); // what a destructor is unless something said otherwise
  return function.hasAttr<NoThrowAttr>() || type->canThrow() == CT_Cannot;
}

FunctionFlag Rows::flags(const FunctionDecl &function) {
  FunctionFlag flags = FunctionFlag::NONE;
  auto set = [&](bool on, FunctionFlag flag) { flags |= on ? flag : FunctionFlag::NONE; };
  set(!isProject(function), FunctionFlag::System);
  set(!function.isExternallyVisible(), FunctionFlag::Internal);
  set(function.isDeleted(), FunctionFlag::Deleted);
  set(function.isDefaulted(), FunctionFlag::Defaulted);
  set(function.isImplicit(), FunctionFlag::Implicit);
  set(function.isNoReturn(), FunctionFlag::NoReturn);
  set(function.isVariadic(), FunctionFlag::Variadic);
  set(function.isTemplateInstantiation(), FunctionFlag::Instantiation);
  set(function.isMain(), FunctionFlag::Main);
  set(function.isExternC() || !context.getLangOpts().CPlusPlus, FunctionFlag::C);
  set(function.isOverloadedOperator(), FunctionFlag::Operator);
  set(isNoExcept(function), FunctionFlag::NoExcept);
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (!method)
    return flags;
  set(true, FunctionFlag::Member);
  set(method->isStatic(), FunctionFlag::StaticMember);
  set(method->isVirtual(), FunctionFlag::Virtual);
  set(method->isPureVirtual(), FunctionFlag::Pure);
  set(method->isConst(), FunctionFlag::Const);
  set(method->hasAttr<FinalAttr>(), FunctionFlag::Final);
  set(method->getOverloadedOperator() == OO_Call, FunctionFlag::CallOperator);
  set(method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call, FunctionFlag::Lambda);
  set(method->getOverloadedOperator() == OO_Equal, FunctionFlag::AssignmentOperator);
  set(isa<CXXDestructorDecl>(method), FunctionFlag::Destructor);
  set(isa<CXXConversionDecl>(method), FunctionFlag::Conversion);
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(method)) {
    set(true, FunctionFlag::Constructor);
    set(constructor->isCopyConstructor(), FunctionFlag::CopyConstructor);
    set(constructor->isMoveConstructor(), FunctionFlag::MoveConstructor);
  }
  return flags;
}

FunctionId Rows::function(const FunctionDecl &given) {
  const FunctionDecl *key = given.getCanonicalDecl();
  auto [it, fresh] = ids_.try_emplace(key, kNone);
  if (!fresh)
    return it->second;
  FunctionDraft draft;
  draft.entity = string(naming.entity(*key));
  FunctionId id = builder.function(draft);
  ids_[key] = id;
  pending_.push_back(key);
  return id;
}

void Rows::complete(const FunctionDecl &function, FunctionId id) {
  FunctionDraft draft = builder.functionAt(id);
  draft.name = string(naming.qualified(function));
  draft.display = string(naming.display(function));
  if (std::string pattern = naming.pattern(function); !pattern.empty())
    draft.pattern = string(pattern);
  draft.result = type(function.getReturnType());
  for (const ParmVarDecl *param : function.parameters())
    draft.params.push_back(type(param->getType()));
  if (const TemplateArgumentList *list = function.getTemplateSpecializationArgs())
    draft.args = arguments(list->asArray());
  draft.flags = flags(function);
  if (isProject(function))
    draft.location = location(function.getLocation());
  if (const auto *method = dyn_cast<CXXMethodDecl>(&function)) {
    draft.record = record(*method->getParent());
    if (method->isVirtual())
      for (const CXXMethodDecl *overridden : method->overridden_methods())
        builder.override_(this->function(*overridden), id);
  }
  builder.function(draft);
  Attributes(*this).write(function, id);
}

FunctionId Rows::initializer(const VarDecl &variable) {
  FunctionDraft draft;
  draft.entity = string("<init>@" + naming.entity(variable));
  draft.name = draft.display = string("initializer of " + naming.display(variable));
  draft.result = type(context.VoidTy);
  draft.location = location(variable.getLocation());
  draft.flags = FunctionFlag::Synthetic | FunctionFlag::Internal;
  return builder.function(draft);
}

static VariableFlag flagsOf(const VarDecl &variable, bool project) {
  VariableFlag flags = project ? VariableFlag::NONE : VariableFlag::System;
  auto set = [&](bool on, VariableFlag flag) { flags |= on ? flag : VariableFlag::NONE; };
  set(variable.hasDefinition() != VarDecl::DeclarationOnly, VariableFlag::Defined);
  set(!variable.isExternallyVisible(), VariableFlag::Internal);
  set(variable.isStaticLocal(), VariableFlag::StaticLocal);
  set(variable.isStaticDataMember(), VariableFlag::StaticMember);
  set(variable.getTLSKind() != VarDecl::TLS_None, VariableFlag::ThreadLocal);
  set(variable.getType().isConstQualified(), VariableFlag::Const);
  set(variable.isConstexpr(), VariableFlag::Constexpr);
  return flags;
}

VariableId Rows::variable(const VarDecl &given) {
  const VarDecl *key = given.getCanonicalDecl();
  auto [it, fresh] = ids_.try_emplace(key, kNone);
  if (!fresh)
    return it->second;
  VariableDraft draft;
  draft.entity = string(naming.entity(*key));
  draft.name = string(naming.display(*key));
  draft.type = type(key->getType());
  bool project = isProject(*key);
  draft.flags = flagsOf(*key, project);
  const VarDecl *definition = key->getDefinition();
  if (project)
    draft.location = location((definition ? definition : key)->getLocation());
  if (const auto *owner = dyn_cast<FunctionDecl>(key->getDeclContext()); owner && key->isStaticLocal())
    draft.owner = function(*owner);
  VariableId id = builder.variable(draft);
  ids_[key] = id;
  pending_.push_back(key);
  const VarDecl *with = nullptr;
  const Expr *init = project ? key->getAnyInitializer(with) : nullptr;
  if (!init || init->isValueDependent() || init->containsErrors() || !with->hasConstantInitialization())
    return id;
  QualType type = with->getType();
  if (type->isRecordType() || type->isArrayType()) {
    InitialValues(*this, id).write(*init, type);
  } else {
    draft.initializer = Values(*this).constant(*init, type);
    builder.variable(draft);
  }
  return id;
}

} // namespace heddle::extract
