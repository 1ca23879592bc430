#include "extract/Cleanups.h"

namespace heddle::extract {

using namespace facts;

Cleanups::State Cleanups::push(State state, Object object) {
  auto [it, fresh] = nodeIds_.try_emplace(std::pair(object, state), nodes_.size());
  if (fresh)
    nodes_.push_back({object, state});
  return it->second;
}

Cleanups::State Cleanups::remove(State state, PlaceId place) {
  std::vector<Object> above;
  State at = state;
  while (at != kNone && nodes_[at].object.place != place) {
    above.push_back(nodes_[at].object);
    at = nodes_[at].next;
  }
  if (at == kNone)
    return state;
  at = nodes_[at].next;
  for (const Object &object : llvm::reverse(above))
    at = push(at, object);
  return at;
}

Cleanups::State Cleanups::meet(State a, State b) {
  if (a == b)
    return a;
  std::vector<Object> inB, both;
  for (State at = b; at != kNone; at = nodes_[at].next)
    inB.push_back(nodes_[at].object);
  for (State at = a; at != kNone; at = nodes_[at].next)
    if (llvm::is_contained(inB, nodes_[at].object))
      both.push_back(nodes_[at].object);
  State result = kNone;
  for (const Object &object : llvm::reverse(both))
    result = push(result, object);
  return result;
}

bool Cleanups::encloses(unsigned outer, unsigned inner) const {
  for (; inner != kNoTry; inner = scan_.tries()[inner].outer)
    if (inner == outer)
      return true;
  return outer == kNoTry;
}

Cleanups::State Cleanups::outside(State state, unsigned tryScope) {
  while (state != kNone && nodes_[state].object.tryScope != kNoTry && encloses(tryScope, nodes_[state].object.tryScope))
    state = nodes_[state].next;
  return state;
}

bool Cleanups::catchesAll(unsigned tryScope) const {
  const clang::CXXTryStmt *statement = scan_.tries()[tryScope].statement;
  for (unsigned i = 0; i < statement->getNumHandlers(); ++i)
    if (!statement->getHandler(i)->getExceptionDecl())
      return true;
  return false;
}

CleanupId Cleanups::link(CleanupDraft draft) {
  auto [it, fresh] = ids_.try_emplace(std::tuple(draft.kind, draft.next, draft.place, draft.block), drafts_.size());
  if (fresh)
    drafts_.push_back(draft);
  return it->second;
}

CleanupId Cleanups::chain(State state, unsigned tryScope, bool terminates) {
  for (unsigned scope = tryScope; scope != kNoTry; scope = scan_.tries()[scope].outer)
    thrownIn_.try_emplace(scope, state);
  // Outermost link last: collect what an exception meets, then link from the far end.
  std::vector<CleanupDraft> met;
  auto handlersUpTo = [&](unsigned scope) {
    for (; tryScope != kNoTry && tryScope != scope && encloses(scope, tryScope); tryScope = scan_.tries()[tryScope].outer) {
      met.push_back({CleanupKind::Handler, kNone, kNone, kNone, tryScope});
      if (catchesAll(tryScope))
        return false;
    }
    return true;
  };
  bool open = true;
  for (State at = state; at != kNone && open; at = nodes_[at].next) {
    open = handlersUpTo(nodes_[at].object.tryScope);
    if (open)
      met.push_back({CleanupKind::Destroy, kNone, nodes_[at].object.place, nodes_[at].object.destructor, kNone});
  }
  open = open && handlersUpTo(kNoTry);
  if (open && terminates)
    met.push_back({CleanupKind::Terminate, kNone, kNone, kNone, kNone});
  CleanupId next = kNone;
  for (CleanupDraft &draft : llvm::reverse(met)) {
    draft.next = next;
    next = link(draft);
  }
  return next;
}

std::vector<CleanupDraft> Cleanups::bind(llvm::function_ref<BlockId(unsigned)> dispatch) const {
  std::vector<CleanupDraft> bound = drafts_;
  for (CleanupDraft &draft : bound)
    if (draft.kind == CleanupKind::Handler)
      draft.block = dispatch(draft.block);
  return bound;
}

} // namespace heddle::extract
