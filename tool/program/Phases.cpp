#include "program/Phases.h"
#include "program/Endings.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

Phases::Phases(const Program &program) : program_(program), entries_(program.entries()), frames_(entries_.frames()) {
  findActive();
  findLoops();
  summarise();
  inherit();
  beside_.assign(entries_.all().size(), false);
  for (EntryId id = 0; id < beside_.size(); ++id)
    if (const Entry &entry = entries_[id]; entry.kind == Entry::Started)
      beside_[id] = entry.many || (contains(running({entry.starter, entry.start}), id) && !oneAtATime(id));
}

const BlockGraph &Phases::graph(FrameId frame) const { return program_.graph(frames_[frame].body); }

EntrySet Phases::running(Point point) const {
  if (point.frame >= inherited_.size())
    return {};
  const EntrySet &inherited = inherited_[point.frame];
  return active_[point.frame] ? after(inherited, at(point.frame, point.event)) : inherited;
}

EntrySet Phases::runningAfter(Point point) const { return after(running(point), effectOf(point.frame, point.event)); }

/// What runs when a call enters a frame: in a loop also what an earlier turn has started.
EntrySet Phases::runningWhen(Point call, FrameId callee) const {
  EntrySet result = running(call);
  if (loops(call))
    for (EntryId started : effectOf(call.frame, call.event).started)
      if (!startsAlone(callee, started))
        add(result, started);
  return result;
}

/// What runs when a frame is called: all that runs at its calls.
void Phases::inherit() {
  inherited_.resize(active_.size());
  bool changed = true;
  for (unsigned pass = 0; changed && pass < 12; ++pass) {
    changed = false;
    for (FrameId id : frames_.reached())
      for (const Frame::Edge &edge : frames_[id].callers) {
        if (frames_[edge.caller].entry != frames_[id].entry)
          continue;
        for (EntryId entry : runningWhen({edge.caller, edge.event}, id))
          if (!contains(inherited_[id], entry) && !endedBefore(edge, id, entry)) {
            add(inherited_[id], entry);
            changed = true;
          }
      }
  }
}

/// Whether one call starts both, one beside the other.
bool Phases::startedTogether(EntryId early, EntryId late) const {
  const Entry &a = entries_[early], &b = entries_[late];
  if (a.kind != Entry::Started || a.starter != b.starter || a.start != b.start || a.op == b.op)
    return false;
  bool runs = false;
  for (const ThreadEffect &effect : frames_[a.starter].effects) {
    if (effect.event != a.start || effect.kind == ThreadEffect::Detaches)
      continue;
    if (effect.kind == ThreadEffect::Starts && effect.entry == late)
      return runs;
    if (effect.entry == early || effect.kind == ThreadEffect::JoinsUnknown)
      runs = effect.kind == ThreadEffect::Starts;
  }
  return false;
}

EntryId Phases::child(EntryId ancestor, EntryId descendant) const {
  for (unsigned depth = 0; descendant != kNone && depth < 64; ++depth) {
    EntryId starter = entries_.starterOf(descendant);
    if (starter == ancestor)
      return descendant;
    descendant = starter;
  }
  return kNone;
}

EntryId Phases::startedBetween(Point a, Point b) const {
  EntryId ea = frames_[a.frame].entry, eb = frames_[b.frame].entry;
  return ea != eb && entries_.descends(eb, ea) ? child(ea, eb) : kNone;
}

const Phases::Callers &Phases::callersIn(EntryId entry, EntryId beside) const {
  auto [tree, isNew] = callers_.try_emplace({entry, beside});
  Callers &callers = tree->second;
  if (!isNew || entries_[entry].frame == kNone)
    return callers;
  // Breadth first, downwards. Below a call at which the other thread isn't running yet it may still be started; such calls don't
  // count for a frame that is also called while it runs.
  std::vector<FrameId> todo{entries_[entry].frame};
  callers[todo.front()] = {};
  for (size_t i = 0; i < todo.size(); ++i)
    for (const Frame::Call &call : frames_[todo[i]].calls) {
      if (callers.count(call.callee))
        continue;
      bool inherits = call.callee < inherited_.size() && contains(inherited_[call.callee], beside);
      if (beside != kNone && inherits && !contains(runningWhen({todo[i], call.event}, call.callee), beside))
        continue;
      callers[call.callee] = {todo[i], call.event};
      todo.push_back(call.callee);
    }
  return callers;
}

std::vector<Point> Phases::chain(Point point, EntryId beside) const {
  const Callers &callers = callersIn(frames_[point.frame].entry, beside);
  std::vector<Point> result;
  auto at = callers.find(point.frame);
  for (; at != callers.end() && at->second.frame != kNone; at = callers.find(at->second.frame))
    result.push_back(at->second);
  std::reverse(result.begin(), result.end());
  return result;
}

bool Phases::endsBehind(Point point, EntryId beside) const {
  auto [known, isNew] = endsBehind_.try_emplace({point.frame, beside});
  if (isNew)
    known->second = llvm::any_of(chain(point, beside),
                                 [&](Point call) { return program_.endings().behind(frames_[call.frame].body, call.event); });
  return known->second;
}

bool Phases::near(Point a, Point b) const {
  constexpr size_t kCalls = 10;
  return chain(a, startedBetween(a, b)).size() <= kCalls && chain(b, startedBetween(b, a)).size() <= kCalls;
}

/// Whether the thread of a point has, on every way there, joined a thread that led to it: one that left its handle, from
/// pthread_self(), for others.
bool Phases::joinedAbove(Point point, EntryId above) const {
  auto joined = joinedBy_.find(frames_[point.frame].entry);
  if (joined == joinedBy_.end() || !contains(joined->second, above))
    return false;
  auto joins = [&](Point at) {
    return at.frame < active_.size() && active_[at.frame] && contains(this->at(at.frame, at.event).ended, above);
  };
  if (joins(point))
    return true;
  auto [known, isNew] = joinedAbove_.try_emplace({point.frame, above}, false);
  if (!isNew)
    return known->second;
  // Every way: the first frame upwards that has done it covers what it calls.
  std::set<Point> seen;
  std::vector<FrameId> todo{point.frame};
  while (!todo.empty()) {
    FrameId id = todo.back();
    todo.pop_back();
    const Frame &frame = frames_[id];
    if (entries_[frame.entry].frame == id)
      return false;
    for (const Frame::Edge &edge : frame.callers)
      if (Point call{edge.caller, edge.event};
          frames_[edge.caller].entry == frame.entry && seen.insert(call).second && !joins(call))
        todo.push_back(edge.caller);
  }
  return joinedAbove_[{point.frame, above}] = true;
}

bool Phases::parallel(Point a, Point b, std::string *why) const {
  EntryId ea = frames_[a.frame].entry, eb = frames_[b.frame].entry;
  if (apart(a, b))
    return false;
  auto because = [&](std::string reason) {
    if (why)
      *why = std::move(reason);
    return true;
  };
  if (ea == eb)
    return beside_[ea] && because("a thread that runs " + entries_.nameOf(ea) + " may still run when the next is started");
  if (entries_.descends(ea, eb)) {
    std::swap(a, b);
    std::swap(ea, eb);
  }
  if (entries_.descends(eb, ea)) {
    EntryId below = child(ea, eb);
    if (below == kNone || !contains(running(a), below) || joinedAbove(b, ea))
      return false;
    return because("the thread that runs " + entries_.nameOf(below) + " was started before and is not joined yet");
  }
  EntryId above = entries_.starterOf(ea);
  while (above != kNone && !entries_.descends(eb, above))
    above = entries_.starterOf(above);
  if (above == kNone)
    return false;
  EntryId first = child(above, ea), second = child(above, eb);
  if (first == kNone || second == kNone)
    return false;
  if (first == second)
    return beside_[first] && because("several threads run " + entries_.nameOf(first));
  for (auto [early, late] : {std::pair(first, second), std::pair(second, first)})
    if (contains(running({entries_[late].starter, entries_[late].start}), early) || startedTogether(early, late))
      return because("the thread that runs " + entries_.nameOf(early) + " is not joined when the one that runs " +
                     entries_.nameOf(late) + " is started");
  return false;
}

} // namespace heddle
