// Two declarations, one after the other, of objects of one class template, each built from one lvalue.
#pragma once

#include "extract/shapes/Shapes.h"

namespace heddle::extract::shapes {

/// The edit is the list of both arguments; the location covers both declarations.
void adjacentObjects(const clang::Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found);

} // namespace heddle::extract::shapes
