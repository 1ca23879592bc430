// Which frame a call leads to, and which are still called at all (Frames.h).
#include "program/Frames.h"

#include "llvm/ADT/Hashing.h"

#include <algorithm>

namespace heddle {

using namespace facts;

size_t Frames::KeyHash::operator()(const Key &key) const {
  auto of = [](const ObjectSet &set) { return llvm::hash_combine_range(set.begin(), set.end()); };
  llvm::hash_code hash = llvm::hash_combine(key.body, key.entry, key.closure, key.heldUnknown, of(key.self), of(key.held));
  for (const ObjectSet &argument : key.arguments)
    hash = llvm::hash_combine(hash, of(argument));
  return hash;
}

Frames::Key Frames::keyOf(FrameId id) const {
  const Frame &frame = frames_[id];
  return {frame.body, frame.entry, frame.self, frame.closure, frame.arguments, frame.held, frame.heldUnknown};
}

void Frames::setKey(FrameId id, const Key &key) {
  Frame &frame = frames_[id];
  frame.body = key.body;
  frame.entry = key.entry;
  frame.self = key.self;
  frame.closure = key.closure;
  frame.arguments = key.arguments;
  frame.held = key.held;
  frame.heldUnknown = key.heldUnknown;
  frame.stale.assign(program_.facts().bodies()[key.body].event_count(), true);
  frame.anyStale = true;
  ids_[key] = id;
}

/// The frame of a key. `previous`, if this is all that leads there, grows to it.
FrameId Frames::enter(Key key, FrameId previous) {
  if (auto at = ids_.find(key); at != ids_.end())
    return at->second;
  if (previous != kNone && frames_[previous].uses == 1 && !frames_[previous].general) {
    ids_.erase(keyOf(previous));
    setKey(previous, key);
    frames_[previous].round = 0;
    return previous;
  }
  auto count = perFunction_.find({key.entry, key.body});
  bool general = (count != perFunction_.end() && count->second >= kFramesPerFunction) || frames_.size() >= kFrames;
  if (general) {
    key.self.clear();
    key.closure = kNone;
    key.arguments.clear();
    key.held.clear();
    key.heldUnknown = true;
    if (auto at = ids_.find(key); at != ids_.end())
      return at->second;
    if (frames_.size() >= kFrames)
      return kNone;
  }
  FrameId id = frames_.size();
  frames_.emplace_back().general = general;
  setKey(id, key);
  return id;
}

/// One more call or start leads there.
void Frames::use(FrameId id) {
  if (frames_[id].uses++ > 0)
    return;
  ++perFunction_[{frames_[id].entry, frames_[id].body}];
  for (size_t i = 0; i < frames_[id].calls.size(); ++i)
    use(frames_[id].calls[i].callee);
}

/// One fewer. Frames that call each other keep each other.
void Frames::release(FrameId id) {
  if (--frames_[id].uses > 0)
    return;
  --perFunction_[{frames_[id].entry, frames_[id].body}];
  for (size_t i = 0; i < frames_[id].calls.size(); ++i)
    release(frames_[id].calls[i].callee);
}

FrameId Frames::enterCallee(FrameId caller, EventId event, Key key, llvm::ArrayRef<EntryId> ended, bool given) {
  FrameId previous = kNone;
  for (FrameId &old : replaced_)
    if (frames_[old].body == key.body && frames_[old].entry == key.entry && frames_[old].closure == key.closure &&
        frames_[old].uses == 1 && previous == kNone)
      previous = old;
  FrameId callee = enter(std::move(key), previous);
  if (callee == kNone)
    return kNone;
  use(callee);
  auto &calls = frames_[caller].calls;
  auto after =
      std::upper_bound(calls.begin(), calls.end(), event, [](EventId id, const Frame::Call &call) { return id < call.event; });
  calls.insert(after, {event, callee, {ended.begin(), ended.end()}, given});
  return callee;
}

void Frames::addEffect(FrameId frame, const ThreadEffect &effect) {
  auto &effects = frames_[frame].effects;
  auto after = std::upper_bound(effects.begin(), effects.end(), effect.event,
                                [](EventId id, const ThreadEffect &other) { return id < other.event; });
  effects.insert(after, effect);
}

/// The entry that runs `key` when it is started as `start` says.
/// The thread that this start is one more of, where threads start others like themselves, in turn: kNested of them are told
/// apart.
EntryId Frames::nestedIn(const Entry &start, const Key &key) const {
  unsigned nested = 0;
  EntryId last = kNone;
  for (EntryId id = frames_[start.starter].entry; id != kNone;
       id = entries_[id].starter == kNone ? EntryId(kNone) : frames_[entries_[id].starter].entry) {
    const Entry &entry = entries_[id];
    if (entry.kind != Entry::Started || entry.start != start.start || entry.op != start.op ||
        frames_[entry.starter].body != frames_[start.starter].body ||
        entry.function != program_.facts().bodies()[key.body].function())
      continue;
    if (last == kNone)
      last = id;
    ++nested;
  }
  return nested >= kNested ? last : EntryId(kNone);
}

EntryId Frames::startEntry(const Entry &start, const Key &key) {
  if (EntryId same = nestedIn(start, key); same != kNone)
    return same;
  auto [at, isNew] = entryIds_.try_emplace({start.starter, start.start, start.op, key.body, key.self, key.closure},
                                           static_cast<EntryId>(entries_.size()));
  if (isNew) {
    Entry &entry = entries_.emplace_back(start);
    entry.kind = Entry::Started;
    entry.function = program_.facts().bodies()[key.body].function();
  }
  EntryId id = at->second;
  Key root = key;
  root.entry = id;
  FrameId before = entries_[id].frame, frame = enter(std::move(root), before);
  if (frame == before)
    return id;
  entries_[id].frame = frame;
  if (frame != kNone)
    use(frame);
  if (before != kNone)
    release(before);
  return id;
}

} // namespace heddle
