// Forms of the source text that the graph can't show, each found by one small AST matcher of its own file.
#pragma once

#include "extract/Rows.h"

namespace heddle::extract::shapes {

using EventMap = llvm::DenseMap<const clang::Stmt *, facts::EventId>;

/// All shapes in a body, in no particular order; `events` gives the event of an expression.
std::vector<facts::ShapeDraft> find(const clang::Stmt &body, Rows &rows, const EventMap &events);

} // namespace heddle::extract::shapes
