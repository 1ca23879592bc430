#include "report/Suppression.h"

#include "report/Report.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"

#include <algorithm>

namespace heddle {
namespace {

/// As in clang-tidy `*` is the only metacharacter, and the last item that matches decides.
bool matchesStar(llvm::StringRef glob, llvm::StringRef text) {
  if (!glob.contains('*'))
    return glob == text;
  auto [head, rest] = glob.split('*');
  if (!text.consume_front(head))
    return false;
  if (rest.empty())
    return true;
  for (size_t skip = 0; skip <= text.size(); ++skip)
    if (matchesStar(rest, text.drop_front(skip)))
      return true;
  return false;
}

} // namespace

bool namesCheck(llvm::StringRef list, llvm::StringRef id) {
  llvm::SmallVector<llvm::StringRef> items;
  list.split(items, ',');
  bool named = false;
  for (llvm::StringRef item : items) {
    item = item.trim();
    bool negative = item.consume_front("-");
    if (!item.empty() && matchesStar(item, ("heddle-" + id).str()))
      named = !negative;
  }
  return named;
}

Suppressions::Suppressions(std::vector<NolintComment> comments) : comments_(std::move(comments)) {
  std::sort(comments_.begin(), comments_.end(), [](const NolintComment &a, const NolintComment &b) {
    return std::tie(a.place.file, a.place.line, a.place.column, a.kind) <
           std::tie(b.place.file, b.place.line, b.place.column, b.kind);
  });
}

bool Suppressions::suppressed(const SourceRange &place, llvm::StringRef check) {
  auto less = [](const NolintComment &comment, const std::string &file) { return comment.place.file < file; };
  auto more = [](const std::string &file, const NolintComment &comment) { return file < comment.place.file; };
  size_t first = std::lower_bound(comments_.begin(), comments_.end(), place.file, less) - comments_.begin();
  size_t last = std::upper_bound(comments_.begin(), comments_.end(), place.file, more) - comments_.begin();
  for (size_t i = first; i < last; ++i) {
    NolintComment &comment = comments_[i];
    bool here = (comment.kind == NolintComment::Line && comment.place.line == place.line) ||
                (comment.kind == NolintComment::NextLine && comment.place.line + 1 == place.line);
    if (here && namesCheck(comment.checks, check)) {
      comment.used = true;
      return true;
    }
  }
  return suppressedByRange(first, last, place.line, check);
}

/// An END closes the nearest open BEGIN with the same list, as in clang-tidy.
bool Suppressions::suppressedByRange(size_t first, size_t last, uint32_t line, llvm::StringRef check) {
  std::vector<size_t> open;
  for (size_t i = first; i < last && comments_[i].place.line <= line; ++i) {
    if (comments_[i].kind == NolintComment::Begin)
      open.push_back(i);
    else if (comments_[i].kind == NolintComment::End)
      for (size_t k = open.size(); k-- > 0;)
        if (comments_[open[k]].checks == comments_[i].checks) {
          open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
          break;
        }
  }
  for (size_t i : open)
    if (namesCheck(comments_[i].checks, check)) {
      comments_[i].used = true;
      return true;
    }
  return false;
}

void Suppressions::apply(std::vector<Finding> &findings) {
  for (Finding &finding : findings)
    for (const SourceRange *place : ownPlaces(finding))
      finding.suppressed |= suppressed(*place, finding.check);
}

std::vector<const NolintComment *> Suppressions::unused() const {
  std::vector<const NolintComment *> result;
  for (const NolintComment &comment : comments_)
    if (!comment.used && comment.kind != NolintComment::End && llvm::StringRef(comment.checks).contains("heddle-"))
      result.push_back(&comment);
  return result;
}

} // namespace heddle
