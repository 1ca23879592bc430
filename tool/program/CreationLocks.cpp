#include "program/CreationLocks.h"
#include "program/LockState.h"
#include "program/Sharing.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

/// Locks that are surely held at both events of one frame, and not given back in between.
ObjectSet CreationLocks::keptAt(Point start, Point point) const {
  ObjectSet result;
  Frames &frames = sharing_.entries().frames();
  const LockState &locks = sharing_.program().locks();
  BodyId body = frames[start.frame].body;
  for (const Held &held : locks.at(body, start.event))
    for (const Held &later : locks.at(body, point.event))
      if (held.lock == later.lock && held.acquisition == later.acquisition && !held.maybe && !later.maybe &&
          held.mode == Mode::Exclusive)
        if (ObjectSet objects = frames.storage(start.frame, held.lock); objects.size() == 1)
          unite(result, objects);
  return result;
}

/// Whether the lock is taken on every way to an event of its frame.
bool CreationLocks::takesBefore(Point point, ObjectId lock) const {
  Frames &frames = sharing_.entries().frames();
  const LockState &locks = sharing_.program().locks();
  BodyId id = frames[point.frame].body;
  BodyView body = frames.body(point.frame);
  const BlockGraph &graph = sharing_.phases().graph(point.frame);
  // Blocks in which it is surely held at some event; one of them must be on every way.
  std::vector<bool> takes(graph.size());
  for (EventId event = 0; event < body.events.size(); ++event) {
    if (graph.blockOf(event) == graph.blockOf(point.event) && event > point.event)
      continue;
    for (const Held &held : locks.at(id, event))
      if (!held.maybe)
        if (ObjectSet objects = frames.storage(point.frame, held.lock); objects.size() == 1 && objects[0] == lock)
          takes[graph.blockOf(event)] = true;
  }
  if (takes[graph.blockOf(point.event)])
    return true;
  std::vector<bool> seen(graph.size());
  std::vector<BlockId> todo;
  if (!takes[0]) {
    todo.push_back(0);
    seen[0] = true;
  }
  for (size_t i = 0; i < todo.size(); ++i)
    for (BlockId next : graph.after(todo[i]))
      if (!seen[next] && !takes[next]) {
        seen[next] = true;
        todo.push_back(next);
      }
  return !seen[graph.blockOf(point.event)];
}

/// Whether the thread of `point`, or one of its starters up to `upTo`, takes the lock before.
bool CreationLocks::takes(Point point, EntryId upTo, ObjectId lock) const {
  const Entries &entries = sharing_.entries();
  for (unsigned depth = 0; depth < 8; ++depth) {
    EntryId entry = sharing_.frames()[point.frame].entry;
    std::vector<Point> chain = sharing_.phases().chain(point);
    chain.push_back(point);
    if (llvm::any_of(chain, [&](Point at) { return takesBefore(at, lock); }))
      return true;
    if (entry == upTo || entries[entry].kind != Entry::Started)
      return false;
    point = {entries[entry].starter, entries[entry].start};
  }
  return false;
}

bool CreationLocks::handshake(Point above, Point below, ObjectId &through) const {
  EntryId started = sharing_.phases().startedBetween(above, below);
  if (started == kNone || sharing_.phases().beside(started))
    return false;
  const Entry &entry = sharing_.entries()[started];
  std::vector<Point> chain = sharing_.phases().chain(above);
  chain.push_back(above);
  for (Point at : chain)
    if (at.frame == entry.starter)
      for (ObjectId lock : keptAt({entry.starter, entry.start}, at))
        if (takes(below, started, lock)) {
          through = lock;
          return true;
        }
  return false;
}

/// Locks that the starter of an entry holds as long as it runs.
ObjectSet CreationLocks::covers(EntryId id) const {
  const Entry &entry = sharing_.entries()[id];
  const Phases &phases = sharing_.phases();
  if (entry.kind != Entry::Started || phases.beside(id))
    return {};
  Point start{entry.starter, entry.start};
  ObjectSet result = keptAt(start, start);
  const BlockGraph &graph = phases.graph(entry.starter);
  BodyView body = sharing_.frames().body(entry.starter);
  bool returns = false; // while the thread may be running
  for (EventId event = 0; event < body.events.size() && !result.empty(); ++event) {
    if (event == entry.start || !graph.reaches(entry.start, event))
      continue;
    EntrySet running = phases.running({entry.starter, event});
    if (!std::binary_search(running.begin(), running.end(), id))
      continue;
    ObjectSet kept = keptAt(start, {entry.starter, event});
    llvm::erase_if(result, [&](ObjectId lock) { return !std::binary_search(kept.begin(), kept.end(), lock); });
    returns = returns || body.events[event].kind() == EventKind::Return;
  }
  EntryId starter = sharing_.entries().starterOf(id);
  if (!returns && starter != kNone)
    unite(result, covers(starter)); // it ends before its starter does
  return result;
}

bool CreationLocks::covered(Point holder, Point point, ObjectId &through) const {
  Frames &frames = sharing_.entries().frames();
  EntryId entry = frames[point.frame].entry;
  // The starter itself, and what it calls, runs beside the thread.
  if (sharing_.entries().descends(entry, frames[holder.frame].entry))
    return false;
  bool unknown = false;
  ObjectSet held = frames.held(holder.frame, holder.event, unknown);
  if (held.empty())
    return false;
  for (ObjectId lock : covers(entry))
    if (std::binary_search(held.begin(), held.end(), lock)) {
      through = lock;
      return true;
    }
  return false;
}

bool CreationLocks::order(Point a, Point b, ObjectId &through) const {
  return handshake(a, b, through) || handshake(b, a, through) || covered(a, b, through) || covered(b, a, through);
}

} // namespace heddle
