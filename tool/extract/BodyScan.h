// What must be known of a body before its graph is walked: how each variable is used, where each object of class type is built,
// which try block encloses a statement, which values are thrown away.
//
// One pass over the syntax tree with its own stack, top down: an expression's parent has said what it does with it before the
// expression is seen.
#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace heddle::extract {

/// How one variable is used in a body.
struct Usage {
  unsigned writes = 0;       // not counting its initialiser
  bool addressTaken = false; // or bound to a reference; calls of its methods don't count
  bool captured = false;     // by reference
  bool returned = false;
};

/// Where an object is built. What has none is a temporary.
struct Destination {
  enum Kind : uint8_t {
    Variable,    // variable
    Return,      // the return slot
    Initializer, // initializer: a member or base of *this
    New,         // what newExpr allocated
    Part,        // index-th part of the object that `whole` builds
    Merged,      // one object that several expressions may build: `whole` is the conditional or the list
    Elided       // an elided copy: its argument builds the object
  } kind = Merged;
  const void *what = nullptr; // VarDecl, CXXCtorInitializer, CXXNewExpr or Expr, by kind
  unsigned index = 0;
};

constexpr unsigned kNoTry = ~0u;

struct TryScope {
  const clang::CXXTryStmt *statement;
  unsigned outer; // index of the enclosing one
};

class BodyScan {
public:
  explicit BodyScan(clang::ASTContext &context) : context_(context) {}

  void scan(const clang::FunctionDecl &function);
  void scan(const clang::VarDecl &variable, const clang::Expr &initializer);

  const Usage &usage(const clang::VarDecl &variable) const;
  const Destination *destination(const clang::Expr &expr) const;
  /// The conditional operator whose value this arm gives, if its value has to be carried over the merge.
  const clang::Expr *conditionalOf(const clang::Stmt &arm) const { return arms_.lookup(&arm); }
  bool isDiscarded(const clang::Expr &expr) const { return discarded_.contains(&expr); }
  /// Index of the innermost try scope around a statement, kNoTry if none.
  unsigned tryOf(const clang::Stmt &statement) const;
  unsigned tryOf(const clang::VarDecl &variable) const;
  unsigned functionTry() const { return functionTry_; }
  const std::vector<TryScope> &tries() const { return tries_; }
  /// Nothing can be said of a body in which the compiler gave up on an expression.
  bool hasErrors() const { return hasErrors_; }

  /// An expression without what adds nothing to its value: parentheses, full-expression markers, temporaries' bindings.
  static const clang::Expr *core(const clang::Expr *expr);

private:
  enum class Role : uint8_t { Other, Loaded, Written, Object, Ignored };
  struct Item {
    const clang::Stmt *statement;
    Role role;
    unsigned tryScope;
  };

  void run();
  void visit(const Item &item);
  bool visitStatement(const Item &item);
  bool visitExpression(const Item &item);
  bool visitOperator(const Item &item);
  void visitDeclarations(const clang::DeclStmt &statement, unsigned tryScope);
  void visitTry(const clang::CXXTryStmt &statement, unsigned tryScope);
  void visitCall(const clang::CallExpr &call, unsigned tryScope);
  void visitLambda(const clang::LambdaExpr &lambda, unsigned tryScope);
  void use(const clang::DeclRefExpr &reference, Role role);
  void build(const clang::Expr *expr, Destination destination);
  void buildParts(const clang::Expr &list, llvm::ArrayRef<clang::Expr *> parts);
  void merge(const clang::Expr &expr);
  void discard(const clang::Stmt *statement);
  void push(const clang::Stmt *statement, Role role, unsigned tryScope);

  clang::ASTContext &context_;
  std::vector<Item> stack_;
  std::vector<TryScope> tries_;
  unsigned functionTry_ = kNoTry;
  bool hasErrors_ = false;
  llvm::DenseMap<const clang::VarDecl *, Usage> usages_;
  llvm::DenseMap<const clang::Expr *, Destination> destinations_;
  llvm::DenseMap<const clang::Stmt *, const clang::Expr *> arms_;
  llvm::DenseSet<const clang::Expr *> discarded_;
  llvm::DenseMap<const clang::Stmt *, unsigned> tryOf_;
  llvm::DenseMap<const clang::VarDecl *, unsigned> tryOfVariable_;
};

} // namespace heddle::extract
