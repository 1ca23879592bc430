// Writes the events of one body, an element of Clang's graph at a time, in the order of evaluation.
//
// Objects: what an expression of class type builds is named by where it is built (BodyScan); a temporary is the Result of the
// event that made it. A parameter passed by value is destroyed by the caller, at the end of the full expression, as the Itanium
// ABI has it. Trivial copies are a Read and a Write, trivial default construction is nothing.
#pragma once

#include "extract/Cleanups.h"
#include "extract/Values.h"

#include "clang/Analysis/CFG.h"

namespace heddle::extract {

class EventWriter {
public:
  EventWriter(Rows &rows, Frame &frame, Cleanups &cleanups);

  void element(const clang::CFGElement &element);
  /// Start of a handler.
  void handler(const clang::CXXCatchStmt &handler);
  /// Initialisation of a variable of static storage, after its initialiser's elements.
  void initialize(const clang::VarDecl &variable);
  /// `&&` and `||` whose value is used (all elements of the graph that are one): it is carried to where their operands join.
  void carryLogical(const clang::BinaryOperator &expr);
  /// The value that `expr` has when an operand decides it early.
  void decide(const clang::BinaryOperator &expr, bool truth, const clang::Stmt &at);

  Values &values() { return values_; }
  std::vector<facts::EventDraft> events;
  Cleanups::State live = kNoneState;
  static constexpr Cleanups::State kNoneState = facts::kNone;

  /// The event of an expression, for shapes.
  llvm::DenseMap<const clang::Stmt *, facts::EventId> eventOf;

private:
  using Flags = facts::EventFlag;

  void statement(const clang::Stmt &statement);
  void expression(const clang::Expr &expr);
  void tree(const clang::Expr &expr);
  void carry(const clang::Expr &arm, const clang::Expr &whole);
  facts::PlaceId merged(const clang::Expr &whole);

  // Calls
  void call(const clang::CallExpr &call);
  bool builtin(const clang::CallExpr &call, unsigned id);
  bool trivialAssignment(const clang::CallExpr &call);
  void target(const clang::CallExpr &call, facts::EventDraft &draft);
  void arguments(facts::EventDraft &draft, const clang::FunctionProtoType *type, llvm::ArrayRef<const clang::Expr *> list);
  void atomic(const clang::AtomicExpr &expr);
  void suspend(const clang::Expr &expr);

  // Objects
  void construct(const clang::CXXConstructExpr &expr);
  void inheritedConstruct(const clang::CXXInheritedCtorInitExpr &expr);
  void closure(const clang::LambdaExpr &expr);
  void list(const clang::Expr &expr, llvm::ArrayRef<clang::Expr *> parts);
  void bindTemporary(const clang::CXXBindTemporaryExpr &expr);
  void allocate(const clang::CXXNewExpr &expr);
  void initializeNew(const clang::CXXNewExpr &expr);
  void destroyDeleted(const clang::CXXDeleteExpr &expr);
  void destroyImplicit(const clang::CFGImplicitDtor &destructor);
  void cleanupFunction(const clang::CFGCleanupFunction &cleanup);
  void initializer(const clang::CXXCtorInitializer &init);
  bool isTemporary(const clang::Expr &expr) const;
  facts::PlaceId destination(const clang::Expr &expr);
  facts::PlaceId place(const Destination &destination);
  facts::PlaceId memberPlace(const clang::CXXCtorInitializer &init);
  Flags flagsOf(const clang::Expr &expr) const;
  facts::PlaceId nextResult(clang::QualType type);

  // Accesses
  void declare(const clang::VarDecl &variable);
  bool alias(const clang::VarDecl &variable, facts::PlaceId value);
  void read(const clang::Expr &source);
  void write(facts::PlaceId place, facts::PlaceId value, clang::QualType type, clang::SourceRange range,
             Flags flags = Flags::NONE);
  void assign(const clang::BinaryOperator &expr);
  void step(const clang::UnaryOperator &expr);
  void assembly(const clang::GCCAsmStmt &statement);
  void leave(const clang::Stmt &statement, const clang::Expr *value);
  bool isShared(facts::PlaceId place) const;

  facts::EventId emit(facts::EventDraft draft, clang::SourceRange range, const clang::Stmt *at);
  void value(const clang::Expr &expr, facts::PlaceId place) { frame_.values[&expr] = place; }
  static bool mayThrow(const clang::ASTContext &context, const clang::FunctionDecl *callee, const clang::FunctionProtoType *type);

  Rows &rows_;
  facts::Builder &builder_;
  Frame &frame_;
  const BodyScan &scan_;
  Cleanups &cleanups_;
  Values values_;
  llvm::DenseMap<const clang::Stmt *, const clang::Expr *> lastOperands_; // of `&&` and `||` that are values
  llvm::DenseMap<const clang::Expr *, std::vector<facts::PlaceId>>
      temporaries_;                                                // several when one default argument is used again
  llvm::DenseMap<const clang::Stmt *, clang::SourceRange> usedAt_; // temporaries of default arguments: the use
  clang::SourceRange use_;                                         // of the default argument being evaluated
  unsigned tryScope_ = kNoTry;
  bool terminates_ = false;
};

} // namespace heddle::extract
