// An expression statement that only makes a temporary object with a destructor, which is destroyed at once.
#pragma once

#include "extract/shapes/Shapes.h"

namespace heddle::extract::shapes {

void temporaryStatements(const clang::Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found);

} // namespace heddle::extract::shapes
