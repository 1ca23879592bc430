// A declaration that looks like a call: `std::unique_lock<std::mutex>(mutex_);` declares a variable named mutex_.
#pragma once

#include "extract/shapes/Shapes.h"

namespace heddle::extract::shapes {

void hidingDeclarations(const clang::Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found);

} // namespace heddle::extract::shapes
