// Writes the skeleton of one function: Clang's control-flow graph reduced to events, with cleanup chains of our own.
#pragma once

#include "extract/EventWriter.h"

namespace heddle::extract {

class BlockOrder;

class BodyWriter {
public:
  BodyWriter(Rows &rows, facts::UnitId unit) : rows_(rows), unit_(unit) {}

  void write(const clang::FunctionDecl &function);
  /// The synthetic function that initialises a variable of static storage.
  void write(const clang::VarDecl &variable, const clang::Expr &initializer);

private:
  struct Graph; // all that one body needs
  void walk(Graph &graph);
  void block(Graph &graph, facts::BlockId id);
  void decide(Graph &graph, const clang::CFGBlock &block);
  void thread(Graph &graph);
  void finish(Graph &graph, facts::FunctionId function, clang::SourceRange range);
  void partial(facts::FunctionId function, clang::SourceRange range);

  Rows &rows_;
  facts::UnitId unit_;
};

} // namespace heddle::extract
