#include "extract/SkipReach.h"
#include "extract/PathMap.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Type.h"

namespace heddle::extract {

using namespace clang;

bool ProjectReach::isProject(const Decl *decl) const {
  const SourceManager &sources = context_.getSourceManager();
  for (const Decl *redecl : decl->redecls())
    if (PathMap::isProject(sources, redecl->getLocation()))
      return true;
  return false;
}

bool ProjectReach::isGlobalClass(const Decl *decl) const {
  return isa<TagDecl>(decl) && decl->getDeclContext()->getEnclosingNamespaceContext()->isTranslationUnit();
}

// ---- what arguments name ---------------------------------------------------------------------------------------------------

bool ProjectReach::reaches(const NamedDecl *decl) { return open_ || names(static_cast<const Decl *>(decl)); }

/// Of a declaration count itself, its template arguments, and the same of all that encloses it.
bool ProjectReach::names(const Decl *decl) {
  for (; decl; decl = Decl::castFromDeclContext(decl->getDeclContext())) {
    if (isa<TranslationUnitDecl, NamespaceDecl>(decl))
      return false;
    // A specialisation lies where its template does, also when an argument is the project's.
    if (isProject(decl) || (globalTemplates_ && isGlobalClass(decl)))
      return true;
    if (const auto *record = dyn_cast<ClassTemplateSpecializationDecl>(decl)) {
      if (names(record->getTemplateArgs().asArray()))
        return true;
    } else if (const auto *variable = dyn_cast<VarTemplateSpecializationDecl>(decl)) {
      if (names(variable->getTemplateArgs().asArray()))
        return true;
    } else if (const auto *function = dyn_cast<FunctionDecl>(decl)) {
      if (const TemplateArgumentList *arguments = function->getTemplateSpecializationArgs())
        if (names(arguments->asArray()))
          return true;
    }
  }
  return false;
}

bool ProjectReach::names(llvm::ArrayRef<TemplateArgument> arguments) {
  return llvm::any_of(arguments, [&](const TemplateArgument &argument) { return names(argument); });
}

bool ProjectReach::names(const TemplateArgument &argument) {
  switch (argument.getKind()) {
  case TemplateArgument::Null:
  case TemplateArgument::NullPtr:
    return false;
  case TemplateArgument::Type:
    return names(argument.getAsType());
  case TemplateArgument::Declaration:
    return names(argument.getAsDecl()) || names(argument.getParamTypeForDecl());
  case TemplateArgument::Integral:
    return names(argument.getIntegralType());
  case TemplateArgument::Pack:
    return names(argument.getPackAsArray());
  case TemplateArgument::Template:
    if (const TemplateDecl *decl = argument.getAsTemplate().getAsTemplateDecl())
      return names(decl);
    return true;
  case TemplateArgument::TemplateExpansion:
  case TemplateArgument::Expression:
  case TemplateArgument::StructuralValue:
    return true; // not looked into
  }
  return true;
}

bool ProjectReach::names(QualType type) {
  if (type.isNull())
    return false;
  const Type *canonical = context_.getCanonicalType(type).getTypePtr();
  auto known = types_.find(canonical);
  if (known != types_.end())
    return known->second;
  types_[canonical] = false; // a type can't name the project only through itself
  bool result = namesUncached(canonical);
  types_[canonical] = result;
  return result;
}

bool ProjectReach::namesUncached(const Type *type) {
  switch (type->getTypeClass()) {
  case Type::Builtin:
    return false;
  case Type::Pointer:
  case Type::LValueReference:
  case Type::RValueReference:
  case Type::BlockPointer:
    return names(type->getPointeeType());
  case Type::MemberPointer:
    return names(type->getPointeeType()) || names(QualType(cast<MemberPointerType>(type)->getClass(), 0));
  case Type::ConstantArray:
  case Type::IncompleteArray:
    return names(cast<ArrayType>(type)->getElementType());
  case Type::Complex:
    return names(cast<ComplexType>(type)->getElementType());
  case Type::Vector:
  case Type::ExtVector:
    return names(cast<VectorType>(type)->getElementType());
  case Type::Atomic:
    return names(cast<AtomicType>(type)->getValueType());
  case Type::FunctionNoProto:
    return names(cast<FunctionType>(type)->getReturnType());
  case Type::FunctionProto: {
    const auto *function = cast<FunctionProtoType>(type);
    return names(function->getReturnType()) ||
           llvm::any_of(function->param_types(), [&](QualType parameter) { return names(parameter); });
  }
  case Type::Record:
  case Type::Enum:
    return names(static_cast<const Decl *>(cast<TagType>(type)->getDecl()));
  case Type::BitInt:
    return false;
  default:
    return true; // dependent, deduced, Objective-C, …: not looked into
  }
}

// ---- what system code finds without naming it ------------------------------------------------------------------------------

namespace {

/// Whether a dependent signature is tied to the project: a parameter's class template or class is declared there.
bool tiedToProject(const ProjectReach &reach, QualType type) {
  type = type.getNonReferenceType();
  while (type->isPointerType())
    type = type->getPointeeType();
  if (const auto *specialization = type->getAs<TemplateSpecializationType>())
    if (const TemplateDecl *decl = specialization->getTemplateName().getAsTemplateDecl())
      if (reach.isProject(decl) && !isa<TypeAliasTemplateDecl>(decl))
        return true;
  const TagDecl *tag = type->getAsTagDecl();
  return tag && reach.isProject(tag);
}

} // namespace

void ProjectReach::observeTemplate(const FunctionDecl *pattern) {
  for (const ParmVarDecl *parameter : pattern->parameters())
    if (tiedToProject(*this, parameter->getType()))
      return;
  const DeclContext *space = pattern->getDeclContext()->getEnclosingNamespaceContext();
  open_ |= !space->isTranslationUnit();
  globalTemplates_ = true;
  types_.clear(); // what was no project type may be one now
}

void ProjectReach::observe(const Decl *decl) {
  const SourceManager &sources = context_.getSourceManager();
  if (open_ || !PathMap::isProject(sources, decl->getLocation()))
    return;
  if (const auto *space = dyn_cast<NamespaceDecl>(decl)) {
    if (!PathMap::isProject(sources, space->getFirstDecl()->getLocation()))
      for (const Decl *inner : space->decls())
        observe(inner);
  } else if (const auto *linkage = dyn_cast<LinkageSpecDecl>(decl)) {
    for (const Decl *inner : linkage->decls())
      observe(inner);
  } else if (const auto *function = dyn_cast<FunctionTemplateDecl>(decl)) {
    observeTemplate(function->getTemplatedDecl());
  } else if (const auto *partial = dyn_cast<ClassTemplatePartialSpecializationDecl>(decl)) {
    bool tied = llvm::any_of(partial->getTemplateArgs().asArray(), [&](const TemplateArgument &argument) {
      return argument.getKind() == TemplateArgument::Type && tiedToProject(*this, argument.getAsType());
    });
    open_ |= !tied && !isProject(partial->getSpecializedTemplate());
  } else if (const auto *record = dyn_cast<ClassTemplateSpecializationDecl>(decl)) {
    open_ |= record->isExplicitSpecialization() && !isProject(record->getSpecializedTemplate()) &&
             !names(record->getTemplateArgs().asArray());
  } else if (const auto *variable = dyn_cast<VarTemplateSpecializationDecl>(decl)) {
    open_ |= !isProject(variable->getSpecializedTemplate()) && !names(variable->getTemplateArgs().asArray());
  } else if (const auto *function = dyn_cast<FunctionDecl>(decl)) {
    // Of a function template, or of a member of a class template.
    const FunctionDecl *pattern = function->getPrimaryTemplate() ? function->getPrimaryTemplate()->getTemplatedDecl()
                                                                 : function->getInstantiatedFromMemberFunction();
    if (!pattern || isProject(pattern) || function->getTemplateSpecializationKind() != TSK_ExplicitSpecialization)
      return;
    const TemplateArgumentList *arguments = function->getTemplateSpecializationArgs();
    open_ |= !(arguments && names(arguments->asArray())) &&
             !names(static_cast<const Decl *>(Decl::castFromDeclContext(function->getDeclContext())));
  }
}

} // namespace heddle::extract
