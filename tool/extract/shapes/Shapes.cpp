#include "extract/shapes/Shapes.h"
#include "extract/shapes/AdjacentObjects.h"
#include "extract/shapes/HidingDeclaration.h"
#include "extract/shapes/TemporaryStatement.h"

namespace heddle::extract::shapes {

std::vector<facts::ShapeDraft> find(const clang::Stmt &body, Rows &rows, const EventMap &events) {
  std::vector<facts::ShapeDraft> found;
  if (!rows.context.getLangOpts().CPlusPlus)
    return found; // all are about objects with constructors
  adjacentObjects(body, rows, events, found);
  temporaryStatements(body, rows, events, found);
  hidingDeclarations(body, rows, events, found);
  auto key = [](const facts::ShapeDraft &s) { return std::tuple(s.kind, s.event, s.other); };
  llvm::sort(found, [&](const auto &a, const auto &b) { return key(a) < key(b); });
  return found;
}

} // namespace heddle::extract::shapes
