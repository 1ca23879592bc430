// The half of Naming that readers and models see.
#include "extract/Naming.h"

#include "clang/AST/DeclTemplate.h"

namespace heddle::extract {

using namespace clang;

std::string Naming::spelling(QualType type) {
  std::string text;
  llvm::raw_string_ostream out(text);
  type.getCanonicalType().print(out, policy_);
  return text;
}

std::string Naming::unique(QualType type) {
  std::string text = spelling(type);
  // Two units, or two functions, may each have a record of that name that the other doesn't see.
  QualType inner = type.getCanonicalType();
  while (!inner->getPointeeType().isNull() || inner->isArrayType())
    inner = inner->isArrayType() ? context_.getAsArrayType(inner)->getElementType() : inner->getPointeeType();
  const RecordDecl *record = inner->getAsRecordDecl();
  bool project = record && PathMap::isProject(context_.getSourceManager(), record->getLocation());
  if (project && !(context_.getLangOpts().CPlusPlus && record->isExternallyVisible()) && !record->isDependentContext())
    text += "@" + entity(*record);
  return text;
}

std::string Naming::arguments(const Decl &decl) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (const auto *special = dyn_cast<ClassTemplateSpecializationDecl>(&decl))
    printTemplateArgumentList(out, special->getTemplateArgs().asArray(), policy_);
  else if (const auto *function = dyn_cast<FunctionDecl>(&decl))
    if (const TemplateArgumentList *list = function->getTemplateSpecializationArgs())
      printTemplateArgumentList(out, list->asArray(), policy_);
  return text;
}

std::string Naming::plainName(const NamedDecl &decl) {
  if (const auto *record = dyn_cast<CXXRecordDecl>(&decl); record && record->isLambda())
    return "lambda";
  if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&decl))
    return plainName(*constructor->getParent());
  if (const auto *destructor = dyn_cast<CXXDestructorDecl>(&decl))
    return "~" + plainName(*destructor->getParent());
  if (const auto *tag = dyn_cast<TagDecl>(&decl); tag && !tag->getDeclName()) {
    if (const TypedefNameDecl *alias = tag->getTypedefNameForAnonDecl())
      return alias->getNameAsString();
    return "(unnamed)";
  }
  if (const auto *conversion = dyn_cast<CXXConversionDecl>(&decl))
    return "operator " + spelling(conversion->getConversionType());
  return decl.getNameAsString();
}

/// Enclosing scopes with "::" behind each; inline namespaces left out.
std::string Naming::scope(const DeclContext *context, bool withArguments) {
  std::string text;
  for (; context && !context->isTranslationUnit(); context = context->getParent()) {
    if (const auto *function = dyn_cast<FunctionDecl>(context)) {
      const auto *method = dyn_cast<CXXMethodDecl>(function);
      if (method && method->getParent()->isLambda())
        continue; // "f()::lambda::lambda", without operator()
      return display(*function) + "::" + text;
    }
    if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
      if (!space->isInline())
        text = (space->isAnonymousNamespace() ? "(anonymous namespace)" : space->getNameAsString()) + "::" + text;
    } else if (const auto *tag = dyn_cast<TagDecl>(context)) {
      text = plainName(*tag) + (withArguments ? arguments(*tag) : std::string()) + "::" + text;
    }
  }
  return text;
}

std::string Naming::qualified(const NamedDecl &decl) {
  if (const auto *method = dyn_cast<CXXMethodDecl>(&decl);
      method && method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call)
    return scope(method->getParent()->getDeclContext(), false) + "lambda";
  return scope(decl.getDeclContext(), false) + plainName(decl);
}

std::string Naming::display(const TagDecl &type) {
  return scope(type.getDeclContext(), true) + plainName(type) + arguments(type);
}

std::string Naming::display(const VarDecl &variable) {
  if (const auto *function = dyn_cast<FunctionDecl>(variable.getDeclContext()))
    return qualified(*function) + "::" + plainName(variable); // a static local
  return scope(variable.getDeclContext(), true) + plainName(variable);
}

std::string Naming::display(const FunctionDecl &function) {
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (method && method->getParent()->isLambda() && function.getOverloadedOperator() == OO_Call)
    return scope(method->getParent()->getDeclContext(), true) + "lambda";
  std::string text = scope(function.getDeclContext(), true) + plainName(function) + arguments(function) + "(";
  PrintingPolicy written = policy_;
  written.PrintCanonicalTypes = false;
  written.FullyQualifiedName = false;
  for (unsigned i = 0; i < function.getNumParams(); ++i)
    text += (i ? ", " : "") + function.getParamDecl(i)->getType().getAsString(written);
  if (function.isVariadic())
    text += function.getNumParams() ? ", ..." : "...";
  text += ")";
  if (method && method->isInstance() && method->isConst())
    text += " const";
  return text;
}

std::string Naming::pattern(const FunctionDecl &function) {
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (method && method->getParent()->isLambda()) {
    const auto *outer = dyn_cast<FunctionDecl>(method->getParent()->getDeclContext());
    std::string whole = outer ? pattern(*outer) : "";
    if (whole.empty())
      return function.getPrimaryTemplate() ? entity(*method->getParent()) : "";
    return whole + "$" + std::to_string(ordinal(*method->getParent()));
  }
  const FunctionDecl *text = function.getTemplateInstantiationPattern();
  return text ? display(*text->getCanonicalDecl()) + "@" + fileOf(*text->getCanonicalDecl()) : "";
}

} // namespace heddle::extract
