// What event loops and pools of libraries run, and when (Phases.h).
#include "program/Phases.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

/// Whether a call runs what a library keeps, often; `singly`: and one after the other.
bool Phases::loops(Point call, bool singly) const {
  FunctionId callee = frames_.body(call.frame).events[call.event].callee();
  const FunctionModel *model = callee == kNone ? nullptr : program_.model(callee);
  return model &&
         llvm::any_of(model->ops, [&](const Op &op) { return op.verb == Verb::Run && op.often && (op.singly || !singly); });
}

/// Frames below what a loop runs.
std::vector<bool> Phases::below(bool singly) const {
  std::vector<bool> result(active_.size());
  std::vector<FrameId> todo;
  auto reach = [&](FrameId id) {
    if (!result[id])
      todo.push_back(id);
    result[id] = true;
  };
  for (FrameId id : frames_.reached())
    for (const Frame::Call &call : frames_[id].calls)
      if (loops({id, call.event}, singly))
        reach(call.callee);
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Frame::Call &call : frames_[todo[i]].calls)
      reach(call.callee);
  return result;
}

void Phases::findLoops() {
  looped_ = below(/*singly=*/false);
  single_ = below(/*singly=*/true);
  serving_.assign(active_.size(), false);
  for (const Entry &entry : entries_.all())
    if (entry.kind != Entry::Started && entry.frame < active_.size())
      findStart(entry.frame);
}

/// What an entry's own frame does before it comes to a loop, if it does, and what it calls later.
void Phases::findStart(FrameId root) {
  std::vector<bool> leads(active_.size());
  std::vector<FrameId> todo;
  for (FrameId id : frames_.reached())
    for (const Frame::Call &call : frames_[id].calls)
      if (!leads[id] && frames_[id].entry == frames_[root].entry && loops({id, call.event})) {
        leads[id] = true;
        todo.push_back(id);
      }
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Frame::Edge &edge : frames_[todo[i]].callers)
      if (!leads[edge.caller] && frames_[edge.caller].entry == frames_[root].entry) {
        leads[edge.caller] = true;
        todo.push_back(edge.caller);
      }
  auto &loopsHere = loopsOf_[root];
  for (const Frame::Call &call : frames_[root].calls)
    if (loops({root, call.event}) || leads[call.callee])
      loopsHere.push_back(call.event);
  todo.clear();
  auto reach = [&](FrameId id) {
    if (!serving_[id])
      todo.push_back(id);
    serving_[id] = true;
  };
  for (const Frame::Call &call : frames_[root].calls)
    if (!starting({root, call.event}))
      reach(call.callee);
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Frame::Call &call : frames_[todo[i]].calls)
      reach(call.callee);
}

/// Whether main does it on its way to its loop.
bool Phases::starting(Point point) const {
  FrameId root = entries_[frames_[point.frame].entry].frame;
  auto at = loopsOf_.find(root);
  if (at == loopsOf_.end() || at->second.empty())
    return false;
  if (point.frame != root)
    return !serving_[point.frame];
  const BlockGraph &graph = this->graph(root);
  return llvm::none_of(at->second, [&](EventId loop) { return loop == point.event || graph.reaches(loop, point.event); });
}

/// Whether loops keep the two apart.
bool Phases::apart(Point a, Point b) const {
  if (a.frame >= looped_.size() || b.frame >= looped_.size())
    return false;
  if (single_[a.frame] && single_[b.frame])
    return true;
  // Also in a thread that what a loop runs has started.
  auto looped = [&](FrameId id) {
    for (unsigned depth = 0; id != kNone && depth < 64; ++depth, id = entries_[frames_[id].entry].starter)
      if (id < looped_.size() && looped_[id])
        return true;
    return false;
  };
  return (starting(b) && looped(a.frame)) || (starting(a) && looped(b.frame));
}

bool Phases::repeats(Point point) const {
  const BlockGraph &graph = this->graph(point.frame);
  return graph.cyclic(graph.blockOf(point.event)) || loops(point);
}

bool Phases::madeOften(ObjectId id) const {
  const Objects &objects = frames_.objects();
  for (ObjectId at = id; at != kNone; at = objects[at].parent)
    if (objects[at].kind == ObjectKind::Element && objects[at].id == kNone)
      return true;
  const Object root = objects[objects.rootOf(id)];
  if (root.kind != ObjectKind::Made || root.frame == kNone)
    return false;
  std::vector<Point> chain = this->chain({root.frame, root.id});
  chain.push_back({root.frame, root.id});
  return llvm::any_of(chain, [&](Point at) { return repeats(at); });
}

bool Phases::runsUntil(EventId event, Point start, EntryId entry, EventId without) const {
  Effect started = effectOf(start.frame, start.event);
  return contains(started.started, entry) &&
         graph(start.frame).reachesWithout(start.event, event, without, [&](BlockId block, BlockId next) {
           Effect here = started;
           undoFailed(start.frame, block, next, here);
           return contains(here.started, entry);
         });
}

/// Whether a library takes the entry's next thread only when the last has ended, as its handle is kept in one and the same place.
bool Phases::oneAtATime(EntryId id) const { return entries_[id].alone != kNone && !madeOften(entries_[id].alone); }

/// Whether what a loop runs starts such a thread: the last one has ended by then.
bool Phases::startsAlone(FrameId frame, EntryId entry) const {
  auto state = states_.find(frame);
  return state != states_.end() && contains(state->second.whole.started, entry) && oneAtATime(entry);
}

/// Whether threads of an entry have ended wherever one call leads to a frame.
bool Phases::endedBefore(const Frame::Edge &edge, FrameId callee, EntryId entry) const {
  bool ended = false;
  for (const Frame::Call &call : frames_[edge.caller].calls) {
    if (call.event != edge.event || call.callee != callee)
      continue;
    ended = llvm::is_contained(call.ended, entry);
    if (!ended)
      return false;
  }
  return ended;
}

} // namespace heddle
