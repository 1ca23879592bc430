// Whether a system template's specialisation can reach the project's code: whether its arguments, those of what encloses it, or
// what they are made of, name a declaration of the project.
//
// The body of a system template names, by itself, only what system headers declare. All else it can name comes from its
// arguments: their types, the members and friends of these, and, by argument-dependent lookup, functions in their namespaces.
// So with arguments from system headers only it reaches project code in three ways alone, and these are looked for where they
// are declared (`observe`): an explicit or partial specialisation of a system template for such arguments, a function template
// in a namespace of the system, and one in the global namespace for arguments whose class is there.
#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclGroup.h"
#include "clang/AST/TemplateBase.h"
#include "llvm/ADT/DenseMap.h"

namespace heddle::extract {

class ProjectReach {
public:
  explicit ProjectReach(clang::ASTContext &context) : context_(context) {}

  /// Takes note of a declaration at namespace scope.
  void observe(const clang::Decl *decl);

  /// The project has declared what system code finds without naming it.
  bool isOpen() const { return open_; }

  /// Whether the body or initialiser of `decl`, a specialisation, can reach project code.
  bool reaches(const clang::NamedDecl *decl);

  bool isProject(const clang::Decl *decl) const;

private:
  bool names(const clang::Decl *decl);
  bool names(clang::QualType type);
  bool names(const clang::TemplateArgument &argument);
  bool names(llvm::ArrayRef<clang::TemplateArgument> arguments);
  bool namesUncached(const clang::Type *type);
  bool isGlobalClass(const clang::Decl *decl) const;
  void observeTemplate(const clang::FunctionDecl *pattern);

  clang::ASTContext &context_;
  llvm::DenseMap<const clang::Type *, bool> types_; // canonical types
  bool open_ = false;
  bool globalTemplates_ = false;
};

} // namespace heddle::extract
