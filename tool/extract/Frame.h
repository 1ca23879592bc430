// The names that exist within one body: its locals, its captures, and the values its expressions were found to have.
#pragma once

#include "extract/BodyScan.h"
#include "extract/Rows.h"

namespace heddle::extract {

class Frame {
public:
  Frame(Rows &rows, const BodyScan &scan, const clang::FunctionDecl *function);

  /// Whether a variable is declared in this body (and isn't a parameter, static, or another function's).
  bool isLocal(const clang::VarDecl &variable) const;
  uint32_t local(const clang::VarDecl &variable);
  /// A local without a name, for what merges or has no variable.
  uint32_t unnamed(const clang::Expr &expr, clang::QualType type);
  std::optional<uint32_t> capture(const clang::ValueDecl &variable) const;
  std::optional<uint32_t> thisCapture() const { return thisCapture_; }
  bool isReferenceCapture(uint32_t index) const { return facts::has(captures[index].flags, facts::CaptureFlag::ByReference); }

  /// Whether a parameter, local or captured copy keeps the value it was first given.
  bool isUnchanged(const clang::VarDecl &variable) const;
  bool isUnchangedLocal(uint32_t index) const;
  bool isUnchangedParam(uint32_t index) const;
  bool isUnchangedCapture() const { return constClosure_; }

  facts::BodyDraft draft() const;

  const clang::FunctionDecl *function;
  const BodyScan &scan;
  llvm::DenseMap<const clang::Expr *, facts::PlaceId> values;      // of expressions evaluated so far
  llvm::DenseMap<const clang::VarDecl *, facts::PlaceId> aliases;  // variables that are another name of a value
  llvm::DenseMap<const clang::VarDecl *, facts::PlaceId> objects;  // variables whose object is another place
  llvm::DenseMap<const clang::Expr *, facts::PlaceId> allocations; // new expressions: the address
  std::vector<facts::LocalDraft> locals, params;
  std::vector<facts::CaptureDraft> captures;

private:
  void addCaptures(const clang::CXXMethodDecl &method);

  Rows &rows_;
  llvm::DenseMap<const clang::VarDecl *, uint32_t> localIds_;
  llvm::DenseMap<const clang::Expr *, uint32_t> unnamedIds_;
  std::vector<const clang::VarDecl *> localVariables_; // null: unnamed
  llvm::DenseMap<const clang::ValueDecl *, uint32_t> captureIds_;
  std::optional<uint32_t> thisCapture_;
  bool constClosure_ = true;
};

} // namespace heddle::extract
