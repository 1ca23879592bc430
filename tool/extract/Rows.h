// The rows of what code mentions: types, records with their fields, functions, variables, places in the source.
//
// Asking twice gives the same row. What a row mentions in turn (fields of a project's record, overridden functions, attributes)
// is put on a list and written by drain(), so that the depth of types never becomes the depth of the stack.
#pragma once

#include "extract/Naming.h"
#include "extract/SkipReach.h"
#include "facts/Builder.h"

#include "clang/AST/DeclTemplate.h"

#include <deque>

namespace clang {
class Sema;
}

namespace heddle::extract {

class Rows {
public:
  /// With `sema`, rows don't depend on which system bodies were read; null where all were.
  Rows(clang::ASTContext &context, facts::Builder &builder, const PathMap &paths, clang::Sema *sema);

  facts::TypeId type(clang::QualType type);
  facts::RecordId record(const clang::RecordDecl &record);
  facts::FieldId field(const clang::FieldDecl &field);
  facts::FunctionId function(const clang::FunctionDecl &function);
  facts::VariableId variable(const clang::VarDecl &variable);
  /// The function that initialises a variable before main, or when its thread starts.
  facts::FunctionId initializer(const clang::VarDecl &variable);

  facts::LocationId location(clang::SourceRange range);
  facts::FileId file(clang::FileID file);
  facts::StringId string(llvm::StringRef text) { return builder.string(text); }

  bool isProject(const clang::Decl &decl) const;
  /// Writes what rows mention until nothing is left.
  void drain();

  /// The destructor that runs for an object of this type (its elements for an array); null if that does nothing.
  static const clang::CXXDestructorDecl *destructor(clang::QualType type);

  clang::ASTContext &context;
  facts::Builder &builder;
  const PathMap &paths;
  Naming naming;

private:
  facts::TypeDraft describe(clang::QualType type);
  std::vector<facts::TypeId> arguments(llvm::ArrayRef<clang::TemplateArgument> list);
  facts::FunctionFlag flags(const clang::FunctionDecl &function);
  void instantiate(const clang::RecordDecl &record);
  void complete(const clang::RecordDecl &record, facts::RecordId id);
  void complete(const clang::FunctionDecl &function, facts::FunctionId id);

  clang::Sema *sema_;
  ProjectReach reach_;
  llvm::DenseMap<void *, facts::TypeId> types_;
  llvm::DenseMap<const clang::Decl *, uint32_t> ids_;
  llvm::DenseMap<std::pair<unsigned, unsigned>, facts::LocationId> locations_;
  llvm::DenseMap<clang::FileID, facts::FileId> files_;
  std::deque<const clang::Decl *> pending_;
};

} // namespace heddle::extract
