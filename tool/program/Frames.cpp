#include "program/Frames.h"
#include "program/CallWalk.h"
#include "program/LockState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

Frames::Frames(const Program &program) : program_(program), objects_(program.facts()) {
  const Facts &f = program.facts();
  bool threads = false;
  for (BodyId body : program.bodies())
    threads = threads || startsThread(body);
  if (!threads)
    return; // one thread: nothing to tell apart
  for (VariableId id = 0; id < f.variables().size(); ++id) {
    PlaceId initial = f.variables()[id].initializer();
    if (initial == kNone)
      continue;
    facts::Place place = program.places()[canonical(initial)];
    if (place.kind() == PlaceKind::AddressOf)
      place = program.places()[place.parent()];
    ObjectId variable = objects_.root(ObjectKind::Global, id, kNone, f.variables()[id].type());
    if (place.kind() == PlaceKind::Function)
      objects_.store(variable, {objects_.root(ObjectKind::Function, place.id(), kNone, place.type())});
    else if (place.kind() == PlaceKind::Global)
      objects_.store(variable, {objects_.root(ObjectKind::Global, place.id(), kNone, f.variables()[place.id()].type())});
  }
  indexClasses();
  addRoots();
  // Pointers whose target nobody was seen to store get a name only once all stores were seen.
  for (bool symbolic : {false, true}) {
    symbolic_ = symbolic;
    uint64_t before;
    uint32_t rounds = 0;
    do {
      before = objects_.changes();
      walkRound();
    } while (objects_.changes() != before && ++rounds < kRounds);
  }
  for (FrameId id : reached_)
    std::sort(frames_[id].callers.begin() + 1 - frames_[id].callers.empty(), frames_[id].callers.end());
}

void Frames::indexClasses() {
  const Facts &f = program_.facts();
  fields_.resize(f.records().size());
  callOperators_.resize(f.records().size());
  constructors_.resize(f.records().size());
  for (FieldId id = 0; id < f.fields().size(); ++id)
    if (!has(f.fields()[id].flags(), FieldFlag::Static))
      fields_[f.fields()[id].record()].push_back(id);
  for (FunctionId id = 0; id < f.functions().size(); ++id) {
    const Function &function = f.functions()[id];
    if (function.record() == kNone)
      continue;
    if (has(function.flags(), FunctionFlag::CallOperator))
      callOperators_[function.record()].push_back(id);
    if (has(function.flags(), FunctionFlag::Constructor))
      constructors_[function.record()].push_back(id);
  }
}

std::pair<const FieldId *, const FieldId *> Frames::fieldsOf(RecordId record) const {
  return {fields_[record].begin(), fields_[record].end()};
}

bool Frames::startsThread(BodyId id) const {
  BodyView body = program_.facts().body(id);
  for (const Event &event : body.events) {
    const FunctionModel *model = event.callee() == kNone ? nullptr : program_.model(event.callee());
    if (!model)
      continue;
    for (const Op &op : model->ops)
      if (op.verb == Verb::Start || op.verb == Verb::Construct)
        return true;
  }
  return false;
}

/// main, or else every function that nobody calls and from which a start is reached.
void Frames::addRoots() {
  const Facts &f = program_.facts();
  std::vector<BodyId> roots;
  for (BodyId id : program_.bodies())
    if (has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::Main))
      roots.push_back(id);
  Entry::Kind kind = Entry::Main;
  if (roots.empty()) {
    kind = Entry::Open;
    std::vector<bool> leads(f.bodies().size());
    for (const auto &component : program_.calls().components()) {
      bool starts = false;
      for (BodyId id : component)
        starts = starts || leads[id] || startsThread(id);
      if (!starts)
        continue;
      for (BodyId id : component) {
        for (const CallGraph::Caller &caller : program_.calls().callers(id))
          leads[caller.body] = true;
        if (program_.calls().callers(id).empty() && !has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::System))
          roots.push_back(id);
      }
    }
    std::sort(roots.begin(), roots.end());
  }
  for (BodyId id : roots) {
    EntryId entry = entries_.size();
    entries_.push_back({kind, f.bodies()[id].function()});
    FrameId frame = enter({id, entry, {}, kNone, {}, {}, false});
    if (frame == kNone)
      continue;
    entries_[entry].frame = frame;
    const Function &function = f.functions()[f.bodies()[id].function()];
    if (function.record() != kNone && has(function.flags(), FunctionFlag::Member)) {
      ObjectId self = objects_.root(ObjectKind::Receiver, function.record(), frame, kNone);
      frames_[frame].self = {self};
    }
  }
}

void Frames::walkRound() {
  ++round_;
  reached_.clear();
  later_.clear();
  for (EntryId entry = 0; entry < entries_.size(); ++entry) {
    if (entries_[entry].kind == Entry::Started)
      continue;
    frames_[entries_[entry].frame].callers.clear();
    walk(entries_[entry].frame, 0);
  }
  for (size_t i = 0; i < later_.size(); ++i)
    walk(later_[i], 0);
}

FrameId Frames::enter(Key key) {
  auto at = ids_.find(key);
  if (at == ids_.end()) {
    uint32_t &count = perFunction_[{key.entry, key.body}];
    if (++count > kFramesPerFunction || frames_.size() >= kFrames) {
      if (count == kFramesPerFunction + 1)
        ++program_.cut().functions;
      key.self.clear();
      key.closure = kNone;
      key.arguments.clear();
      key.held.clear();
      key.heldUnknown = true;
      at = ids_.find(key);
      if (at == ids_.end() && frames_.size() >= kFrames)
        return kNone;
    }
  }
  if (at == ids_.end()) {
    at = ids_.emplace(key, static_cast<FrameId>(frames_.size())).first;
    Frame &frame = frames_.emplace_back();
    frame.body = key.body;
    frame.entry = key.entry;
    frame.self = key.self;
    frame.closure = key.closure;
    frame.arguments = key.arguments;
    frame.held = key.held;
    frame.heldUnknown = key.heldUnknown;
  }
  return at->second;
}

EntryId Frames::startEntry(FrameId starter, EventId event, const Key &key, bool maybe) {
  auto [at, isNew] =
      entryIds_.try_emplace({starter, event, key.body, key.self, key.closure}, static_cast<EntryId>(entries_.size()));
  if (isNew) {
    Entry &entry = entries_.emplace_back();
    entry.kind = Entry::Started;
    entry.function = program_.facts().bodies()[key.body].function();
    entry.starter = starter;
    entry.start = event;
    entry.maybe = maybe;
  }
  EntryId id = at->second;
  Key root = key;
  root.entry = id;
  FrameId frame = enter(root);
  entries_[id].frame = frame;
  if (frame != kNone && frames_[frame].round != round_)
    later_.push_back(frame);
  return id;
}

void Frames::walk(FrameId id, unsigned depth) {
  if (frames_[id].round == round_)
    return;
  if (depth > kDepth) {
    later_.push_back(id);
    return;
  }
  frames_[id].round = round_;
  frames_[id].calls.clear();
  frames_[id].effects.clear();
  reached_.push_back(id);
  BodyView body = program_.facts().body(frames_[id].body);
  for (EventId event = 0; event < body.events.size(); ++event)
    CallWalk(*this, program_, id, event, depth).run();
}

} // namespace heddle
