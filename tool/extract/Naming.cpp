#include "extract/Naming.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Type.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"

namespace heddle::extract {

using namespace clang;

Naming::Naming(ASTContext &context, const PathMap &paths)
    : context_(context), paths_(paths), remap_(paths), policy_(context.getPrintingPolicy()),
      diagnostics_(new DiagnosticIDs, new DiagnosticOptions, new IgnoringDiagConsumer),
      mangle_(ItaniumMangleContext::create(context, diagnostics_)) {
  policy_.Callbacks = &remap_;
  policy_.SuppressTagKeyword = true;
  policy_.SuppressUnwrittenScope = false;
  policy_.SuppressInlineNamespace = true;
  policy_.FullyQualifiedName = true;
  policy_.SuppressElaboration = true;
  policy_.UsePreferredNames = false;
  policy_.PrintCanonicalTypes = true;
  policy_.TerseOutput = true;
  policy_.Bool = true;
  policy_.AnonymousTagLocations = true;
  policy_.CleanUglifiedParameters = false;
}

std::string Naming::fileOf(const Decl &decl) {
  const SourceManager &sources = context_.getSourceManager();
  return paths_.name(sources, sources.getFileID(sources.getExpansionLoc(decl.getLocation())));
}

/// Whether instantiation or nesting makes types of this context that can't be compared with others.
static bool isDependent(const Decl &decl) {
  const DeclContext *context = dyn_cast<DeclContext>(&decl);
  return (context ? context : decl.getDeclContext())->isDependentContext();
}

std::string Naming::mangled(GlobalDecl decl) {
  std::string text;
  llvm::raw_string_ostream out(text);
  const auto *named = cast<NamedDecl>(decl.getDecl());
  if (mangle_->shouldMangleDeclName(named))
    mangle_->mangleName(decl, out);
  else if (named->getIdentifier())
    out << named->getName();
  else
    out << named->getDeclName();
  return text;
}

std::string Naming::entity(const FunctionDecl &given) {
  const FunctionDecl &function = *given.getCanonicalDecl();
  auto [it, fresh] = entities_.try_emplace(&function);
  if (!fresh)
    return it->second;
  std::string text;
  const auto *method = dyn_cast<CXXMethodDecl>(&function);
  if (method && method->getParent()->isLambda()) {
    text = entity(*method->getParent()) + "::" + plainName(function);
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(method))
      text += constructor->isMoveConstructor() ? " move" : constructor->isCopyConstructor() ? " copy" : "";
    if (function.getTemplateSpecializationArgs())
      text += arguments(function);
  } else if (isDependent(function)) {
    text = display(function) + "@" + fileOf(function);
  } else {
    if (const auto *constructor = dyn_cast<CXXConstructorDecl>(&function))
      text = mangled(GlobalDecl(constructor, Ctor_Complete));
    else if (const auto *destructor = dyn_cast<CXXDestructorDecl>(&function))
      text = mangled(GlobalDecl(destructor, Dtor_Complete));
    else
      text = mangled(GlobalDecl(&function));
    if (!function.isExternallyVisible())
      text += "@" + fileOf(function);
  }
  return entities_[&function] = text;
}

std::string Naming::entity(const VarDecl &given) {
  const VarDecl &variable = *given.getCanonicalDecl();
  auto [it, fresh] = entities_.try_emplace(&variable);
  if (!fresh)
    return it->second;
  std::string text;
  const DeclContext *context = variable.getDeclContext();
  if (variable.isStaticLocal() && context->isFunctionOrMethod()) {
    unsigned number = 0;
    for (const Decl *other : context->decls())
      if (const auto *var = dyn_cast<VarDecl>(other);
          var && var->isStaticLocal() && var->getDeclName() == variable.getDeclName()) {
        if (var == &variable)
          break;
        ++number;
      }
    text = enclosing(*context) + "::" + variable.getNameAsString() + (number ? "#" + std::to_string(number) : "");
  } else if (isDependent(variable)) {
    text = qualified(variable) + "@" + fileOf(variable);
  } else {
    text = mangled(GlobalDecl(&variable));
    if (!variable.isExternallyVisible())
      text += "@" + fileOf(variable);
  }
  return entities_[&variable] = text;
}

std::string Naming::entity(const TagDecl &given) {
  const TagDecl &type = *given.getCanonicalDecl();
  auto [it, fresh] = entities_.try_emplace(&type);
  if (!fresh)
    return it->second;
  std::string text;
  const auto *record = dyn_cast<CXXRecordDecl>(&type);
  const DeclContext *context = type.getDeclContext();
  if (record && record->isLambda()) {
    text = closure(*record);
  } else if (!type.getDeclName() && !type.getTypedefNameForAnonDecl()) {
    text = enclosing(*context) + "::" + unnamed(type);
  } else if (!context_.getLangOpts().CPlusPlus) {
    // C has no one-definition rule for tags, and headers give it in practice: the defining file is part of the name.
    const TagDecl *definition = type.getDefinition();
    text = (context->isFunctionOrMethod() ? enclosing(*context) + "::" : std::string()) + plainName(type) + "@" +
           fileOf(definition ? *definition : type);
  } else if (isDependent(type) || context_.getTypeDeclType(&type)->isDependentType()) {
    text = display(type) + "@" + fileOf(type);
  } else if (context->isFunctionOrMethod()) {
    text = enclosing(*context) + "::" + plainName(type);
    if (unsigned number = ordinal(type))
      text += "#" + std::to_string(number);
  } else {
    llvm::raw_string_ostream out(text);
    mangle_->mangleCanonicalTypeName(context_.getTypeDeclType(&type), out);
    if (!type.isExternallyVisible())
      out << "@" << fileOf(type);
  }
  return entities_[&type] = text;
}

std::string Naming::enclosing(const DeclContext &context) {
  if (const auto *function = dyn_cast<FunctionDecl>(&context))
    return entity(*function);
  if (const auto *type = dyn_cast<TagDecl>(&context))
    return entity(*type);
  if (const auto *space = dyn_cast<NamespaceDecl>(&context))
    return qualified(*space);
  return "";
}

/// Numbers the closures and the unnamed or local types of a context in the order they were written in.
unsigned Naming::ordinal(const TagDecl &type) {
  const DeclContext *context = type.getDeclContext();
  bool inFunction = context->isFunctionOrMethod();
  auto number = [&](const DeclContext *part) {
    if (!numbered_.try_emplace(part, true).second)
      return;
    llvm::StringMap<unsigned> counts;
    for (const Decl *decl : part->decls()) {
      const auto *tag = dyn_cast<TagDecl>(decl);
      const auto *record = dyn_cast<CXXRecordDecl>(decl);
      bool lambda = record && record->isLambda();
      if (!tag || tag != tag->getCanonicalDecl() || !(lambda || inFunction || !tag->getDeclName()))
        continue;
      std::string key = lambda ? "$" : tag->getNameAsString();
      if (!inFunction)
        key += "@" + fileOf(*tag);
      ordinals_[tag] = counts[key]++;
    }
  };
  if (const auto *space = dyn_cast<NamespaceDecl>(context)) {
    for (const NamespaceDecl *part : space->redecls())
      number(part);
  } else {
    number(context);
  }
  return ordinals_.lookup(&type);
}

std::string Naming::unnamed(const TagDecl &type) {
  std::string text = "<unnamed " + std::to_string(ordinal(type)) + ">";
  return type.getDeclContext()->isFileContext() ? text + "@" + fileOf(type) : text;
}

std::string Naming::closure(const CXXRecordDecl &type) {
  const DeclContext *context = type.getDeclContext();
  std::string text = enclosing(*context) + "$" + std::to_string(ordinal(type));
  return context->isFileContext() ? text + "@" + fileOf(type) : text;
}

} // namespace heddle::extract
