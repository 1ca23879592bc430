// One AST matcher run over all statements of a body, and what its matches say.
#pragma once

#include "extract/shapes/Shapes.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"

namespace heddle::extract::shapes {

class BodyMatch : public clang::ast_matchers::MatchFinder::MatchCallback {
public:
  BodyMatch(const clang::Stmt &body, Rows &rows, const EventMap &events, std::vector<facts::ShapeDraft> &found)
      : body_(body), rows_(rows), events_(events), found_(found) {}

  /// Calls run() for each statement in the body that matches.
  void match(const clang::ast_matchers::StatementMatcher &matcher) {
    using namespace clang::ast_matchers;
    MatchFinder finder;
    finder.addMatcher(stmt(findAll(matcher)), this);
    finder.match(body_, rows_.context);
  }

protected:
  const clang::Stmt &body_;
  Rows &rows_;
  const EventMap &events_;
  std::vector<facts::ShapeDraft> &found_;
};

} // namespace heddle::extract::shapes
