// Names of declarations: entities, which identify them in the whole program, and what readers and models are shown.
//
// An entity is the mangled name of the complete object's function or of the type, and "@file" behind it for what other units
// can't see. Closures are numbered in source order within the function (or class, or file's scope) that encloses them, so that
// neither lines nor other functions are part of an entity. No name holds a path outside the source root's frame.
#pragma once

#include "extract/PathMap.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Mangle.h"
#include "clang/AST/PrettyPrinter.h"
#include "clang/Basic/Diagnostic.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <string>

namespace heddle::extract {

class Naming {
public:
  Naming(clang::ASTContext &context, const PathMap &paths);

  std::string entity(const clang::FunctionDecl &function);
  std::string entity(const clang::VarDecl &variable);
  std::string entity(const clang::TagDecl &type);

  /// "db::Queue::push": no template arguments, no inline namespaces.
  std::string qualified(const clang::NamedDecl &decl);
  /// "db::Queue<int>::push(int &) const".
  std::string display(const clang::FunctionDecl &function);
  /// "db::Queue<int>".
  std::string display(const clang::TagDecl &type);
  std::string display(const clang::VarDecl &variable);
  /// Names the template's text that a function was instantiated from; empty if it wasn't.
  std::string pattern(const clang::FunctionDecl &function);
  /// Canonical spelling.
  std::string spelling(clang::QualType type);
  /// The same, with "@" and the record's entity behind it where others may mean another record by it.
  std::string unique(clang::QualType type);

private:
  std::string scope(const clang::DeclContext *context, bool withArguments);
  std::string plainName(const clang::NamedDecl &decl);
  std::string arguments(const clang::Decl &decl);
  std::string closure(const clang::CXXRecordDecl &type);
  std::string enclosing(const clang::DeclContext &context);
  std::string unnamed(const clang::TagDecl &type);
  unsigned ordinal(const clang::TagDecl &type);
  std::string fileOf(const clang::Decl &decl);
  std::string mangled(clang::GlobalDecl decl);

  struct Paths : clang::PrintingCallbacks {
    explicit Paths(const PathMap &paths) : paths(paths) {}
    std::string remapPath(llvm::StringRef path) const override { return paths.name(path); }
    const PathMap &paths;
  };

  clang::ASTContext &context_;
  const PathMap &paths_;
  Paths remap_;
  clang::PrintingPolicy policy_;
  clang::DiagnosticsEngine diagnostics_;
  std::unique_ptr<clang::MangleContext> mangle_;
  llvm::DenseMap<const clang::TagDecl *, unsigned> ordinals_;
  llvm::DenseMap<const clang::DeclContext *, bool> numbered_;
  llvm::DenseMap<const clang::Decl *, std::string> entities_;
};

} // namespace heddle::extract
