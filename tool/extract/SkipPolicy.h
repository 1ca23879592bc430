// Leaves out work of the front end that can't reach a fact, which is most of the work (docs/design.md §4).
//
// Facts come from the project's functions, their instantiations, and the classes that these complete. A body in a system header
// matters only by what it makes Sema do: instantiate a template or define an implicit member of the project. So
//   * a body in a system header that depends on no template parameter is not parsed: it can name no project type;
//   * a template's body in a system header is parsed only when an instantiation needs it;
//   * an instantiation of a system template at the end of the unit is dropped unless its arguments reach the project
//     (SkipReach.h). What its body would have instantiated in turn has such arguments too, by induction.
// Clang itself refuses to leave out what the rest of the unit may need: constexpr bodies and those that deduce a return type.
// Which system classes are complete at the end does depend on what was left out; so those that facts mention are made complete
// when they are written (Rows::instantiate).
//
// What it gets wrong: a template's body that is parsed late looks up its non-dependent names at the end of the unit, where an
// overload of the project's may have come to the namespace; not seen in real code. test/property/skip compares facts with and
// without all this. A unit with errors is extracted again without it, as what was left out may have had part in them.
#pragma once

#include "extract/SkipReach.h"

#include "clang/Sema/ExternalSemaSource.h"
#include "clang/Sema/Sema.h"

#include <deque>
#include <memory>

namespace heddle::extract {

class SkipPolicy : public clang::ExternalSemaSource {
public:
  /// `language` are the options of the parser that is about to run.
  explicit SkipPolicy(clang::LangOptions &language) : language_(language), delaysAlways_(language.DelayedTemplateParsing) {}

  /// Told whenever the preprocessor enters or goes back to a file.
  void enterFile(bool isSystem);
  /// Whether the body about to be parsed can be left out.
  bool skipsBody(const clang::Decl *decl);
  void observe(clang::DeclGroupRef decls);

  void InitializeSema(clang::Sema &sema) override;
  void ForgetSema() override;
  /// Called by Sema once, before it instantiates what the unit has used.
  void ReadPendingInstantiations(llvm::SmallVectorImpl<std::pair<clang::ValueDecl *, clang::SourceLocation>> &pending) override;

private:
  using Instantiation = std::pair<clang::ValueDecl *, clang::SourceLocation>;
  void instantiate(const Instantiation &instantiation);
  void instantiateFunction(clang::FunctionDecl *function, clang::SourceLocation point);
  void instantiateVariable(clang::VarDecl *variable, clang::SourceLocation point);

  clang::LangOptions &language_;
  bool delaysAlways_;
  clang::Sema *sema_ = nullptr;
  std::unique_ptr<ProjectReach> reach_;
};

} // namespace heddle::extract
