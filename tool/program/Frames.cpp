#include "program/Frames.h"
#include "program/CallWalk.h"
#include "program/LockState.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

Frames::Frames(const Program &program) : program_(program), objects_(program.facts()) {
  if (!startsThread()) {
    objects_.settle();
    return; // one thread: nothing to tell apart
  }
  for (const Type &type : program.facts().types())
    if (type.kind() == TypeKind::Pointer && type.size() > 0)
      pointerSize_ = pointerSize_ ? std::min(pointerSize_, type.size()) : type.size();
  acting_.resize(program.facts().bodies().size());
  findLists();
  storeInitialValues();
  indexClasses();
  addRoots();
  walkAll();
  // Pointers whose target nobody was seen to store get a name only once all stores were seen.
  symbolic_ = true;
  markStale(unresolved_);
  unresolved_.clear();
  walkAll();
  objects_.settle();
  collect();
}

/// What leads to what a library runs often: the events of a loop.
void Frames::findLists() {
  std::set<std::string> names;
  for (const auto &row : program_.models().functions())
    for (const FunctionModel &model : row.second)
      for (const Op &op : model.ops)
        if (op.often)
          for (const Operand::Step &step : op.operands[0].steps)
            if (step.kind == Operand::Step::Member)
              names.insert(step.name);
  Places &places = program_.places();
  for (const std::string &name : names)
    objects_.setList(places[places.member(places.make(PlaceKind::Unknown, kNone), name)].id());
}

void Frames::indexClasses() {
  const Facts &f = program_.facts();
  callOperators_.resize(f.records().size());
  constructors_.resize(f.records().size());
  recordTypes_.resize(f.records().size(), kNone);
  for (TypeId id = 0; id < f.types().size(); ++id)
    if (const Type &type = f.types()[id]; type.kind() == TypeKind::Record && type.record() != kNone && type.flags() == TypeFlag())
      recordTypes_[type.record()] = id;
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

bool Frames::startsThread() const {
  return std::any_of(program_.bodies().begin(), program_.bodies().end(), [&](BodyId body) { return startsThread(body); });
}

bool Frames::startsThread(BodyId id) const {
  BodyView body = program_.facts().body(id);
  for (EventId event = 0; event < body.events.size(); ++event) {
    FunctionId callee = body.events[event].callee();
    if (const FunctionModel *model = callee == kNone ? nullptr : program_.model(callee))
      for (const Op &op : model->ops)
        if (op.verb == Verb::Start || (op.verb == Verb::Construct && constructsThread(op, body, event)))
          return true;
  }
  return false;
}

/// Whether an object that a library makes may start a thread as it is made; what has a body tells by itself.
bool Frames::constructsThread(const Op &op, const BodyView &body, EventId event) const {
  const Facts &f = program_.facts();
  TypeId type = op.operands.size() < 2 ? kNone : program_.typeArgument(op.operands[1], body.events[event].callee());
  if (type == kNone)
    return true;
  if (f.types()[type].kind() != TypeKind::Record)
    return false;
  const Record &record = f.records()[f.types()[type].record()];
  auto starts = [](const FunctionModel &model) {
    return std::any_of(model.ops.begin(), model.ops.end(),
                       [](const Op &inner) { return inner.verb == Verb::Start || inner.verb == Verb::Construct; });
  };
  llvm::StringRef pattern = f.string(record.pattern());
  auto rows = program_.models().functions().find((pattern + "::" + pattern.rsplit("::").second).str());
  return rows != program_.models().functions().end() && std::any_of(rows->second.begin(), rows->second.end(), starts);
}

/// main, or else every function that nobody calls and from which a start is reached.
/// Functions that nobody is seen to call and that lead to the start of a thread.
std::vector<BodyId> Frames::uncalledStarters() const {
  const Facts &f = program_.facts();
  std::vector<BodyId> result;
  std::vector<bool> leads(f.bodies().size());
  for (const auto &component : program_.calls().components()) {
    if (llvm::none_of(component, [&](BodyId id) { return leads[id] || startsThread(id); }))
      continue;
    for (BodyId id : component) {
      for (const CallGraph::Caller &caller : program_.calls().callers(id))
        leads[caller.body] = true;
      bool called = llvm::any_of(program_.calls().callers(id), [](const CallGraph::Caller &caller) { return caller.named; });
      if (!called && !has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::System))
        result.push_back(id);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

void Frames::addRoots() {
  const Facts &f = program_.facts();
  std::vector<std::pair<BodyId, Entry::Kind>> roots;
  for (BodyId id : program_.bodies())
    if (has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::Main))
      roots.emplace_back(id, Entry::Main);
  if (roots.empty())
    for (BodyId id : uncalledStarters())
      roots.emplace_back(id, Entry::Open);
  for (auto [id, kind] : roots) {
    EntryId entry = entries_.size();
    entries_.push_back({kind, f.bodies()[id].function()});
    FrameId frame = enter({id, entry, {}, kNone, {}, {}, false}, kNone);
    if (frame == kNone)
      continue;
    entries_[entry].frame = frame;
    use(frame);
    const Function &function = f.functions()[f.bodies()[id].function()];
    if (function.record() != kNone && has(function.flags(), FunctionFlag::Member)) {
      ObjectId self = objects_.root(ObjectKind::Receiver, function.record(), frame, kNone);
      frames_[frame].self = {self};
    }
  }
}

void Frames::walkAll() {
  uint32_t rounds = 0;
  do {
    evaluated_ = 0;
    walkRound();
  } while (evaluated_ > 0 && ++rounds < kRounds);
}

void Frames::walkRound() {
  ++round_;
  later_.clear();
  for (EntryId entry = 0; entry < entries_.size(); ++entry)
    if (entries_[entry].kind != Entry::Started && entries_[entry].frame != kNone)
      walk(entries_[entry].frame, 0);
  for (size_t i = 0; i < later_.size(); ++i)
    walk(later_[i], 0);
}

void Frames::walk(FrameId id, unsigned depth) {
  if (frames_[id].round == round_)
    return;
  if (depth > kDepth) {
    later_.push_back(id);
    return;
  }
  frames_[id].round = round_;
  if (!frames_[id].anyStale) {
    // What it calls may have changed all the same, and what that gives back make an event here stale.
    for (size_t i = 0; i < frames_[id].calls.size(); ++i)
      walk(frames_[id].calls[i].callee, depth + 1);
  }
  if (frames_[id].anyStale) {
    frames_[id].anyStale = false;
    for (EventId event : acting(frames_[id].body)) {
      if (!frames_[id].stale[event])
        walkCalls(id, event, depth);
      if (frames_[id].stale[event])
        evaluate(id, event, depth);
    }
  }
  for (size_t i = 0; i < frames_[id].effects.size(); ++i)
    if (const ThreadEffect &effect = frames_[id].effects[i]; effect.kind == ThreadEffect::Starts)
      if (FrameId started = entries_[effect.entry].frame; started != kNone && frames_[started].round != round_)
        later_.push_back(started);
}

void Frames::walkCalls(FrameId id, EventId event, unsigned depth) {
  for (size_t i = 0; i < frames_[id].calls.size(); ++i)
    if (frames_[id].calls[i].event == event)
      walk(frames_[id].calls[i].callee, depth + 1);
}

void Frames::evaluate(FrameId id, EventId event, unsigned depth) {
  ++evaluated_;
  frames_[id].stale[event] = false;
  llvm::SmallVector<FrameId, 4> before;
  for (const Frame::Call &call : frames_[id].calls)
    if (call.event == event)
      before.push_back(call.callee);
  std::erase_if(frames_[id].calls, [&](const Frame::Call &call) { return call.event == event; });
  std::erase_if(frames_[id].effects, [&](const ThreadEffect &effect) { return effect.event == event; });
  auto outside = std::exchange(replaced_, before);
  Objects::Reader reader = objects_.reader();
  objects_.setReader(uint64_t(id) << 32 | event);
  CallWalk(*this, program_, id, event, depth).run();
  objects_.setReader(reader);
  replaced_ = std::move(outside);
  for (FrameId callee : before)
    release(callee);
  markStale(objects_.takeStale());
}

void Frames::markStale(llvm::ArrayRef<Objects::Reader> readers) {
  for (Objects::Reader reader : readers) {
    Frame &frame = frames_[reader >> 32];
    frame.stale[static_cast<EventId>(reader)] = true;
    frame.anyStale = true;
  }
}

llvm::ArrayRef<EventId> Frames::acting(BodyId id) {
  std::optional<std::vector<EventId>> &list = acting_[id];
  if (!list) {
    list.emplace();
    BodyView body = program_.facts().body(id);
    for (EventId event = 0; event < body.events.size(); ++event)
      if (acts(body, body.events[event]))
        list->push_back(event);
  }
  return *list;
}

/// Whether an event may store a pointer, call something or make something that it points at.
bool Frames::acts(const BodyView &body, const Event &event) const {
  const Facts &f = program_.facts();
  switch (event.kind()) {
  case EventKind::Write: // `++p` has no operand
    if (has(event.flags(), EventFlag::Update) && event.operand_count() == 0)
      return carriesPointer(event.place());
    [[fallthrough]];
  case EventKind::Return:
    return event.operand_count() > 0 && carriesPointer(body.operands(event)[0]);
  case EventKind::Call:
  case EventKind::Construct:
  case EventKind::Destroy: {
    if (event.callee() == kNone || has(event.flags(), EventFlag::Virtual) || !program_.bodiesOf(event.callee()).empty() ||
        program_.model(event.callee()) || (event.kind() == EventKind::Construct && has(event.flags(), EventFlag::Heap)))
      return true;
    // What has no body here copies an object, destroys its parts, gives back a pointer, or keeps one in an atomic; else it does
    // nothing that is known.
    const Function &function = f.functions()[event.callee()];
    if (const ClassModel *owner = program_.classModel(function.record()); owner && owner->is == "atomic")
      if (llvm::any_of(body.operands(event), [&](PlaceId operand) { return carriesPointer(operand); }))
        return true;
    if (llvm::any_of(body.operands(event), [&](PlaceId operand) { return givesFunction(operand); }))
      return true;
    return has(function.flags(), FunctionFlag::CopyConstructor | FunctionFlag::MoveConstructor |
                                     FunctionFlag::AssignmentOperator | FunctionFlag::Destructor) ||
           (function.result() != kNone && f.types()[function.result()].kind() == TypeKind::Pointer && event.result() == kNone);
  }
  case EventKind::Closure:
  case EventKind::Allocate:
    return true;
  default:
    return false;
  }
}

/// What is reached in the end, and by whom it is called.
void Frames::collect() {
  for (Frame &frame : frames_)
    frame.stale = {};
  ids_.clear();
  entryIds_.clear();
  ++round_;
  std::vector<FrameId> later;
  for (const Entry &entry : entries_)
    if (entry.kind != Entry::Started && entry.frame != kNone)
      collect(entry.frame, later);
  for (size_t i = 0; i < later.size(); ++i)
    collect(later[i], later);
  for (FrameId id : reached_) {
    std::vector<Frame::Edge> &callers = frames_[id].callers;
    if (callers.empty())
      continue;
    std::sort(callers.begin() + 1, callers.end());
    callers.erase(std::unique(callers.begin() + 1, callers.end()), callers.end());
    callers.erase(std::remove(callers.begin() + 1, callers.end(), callers.front()), callers.end());
    program_.cut().functions += frames_[id].general;
  }
}

/// Depth first, in order of events; the first call that is seen to lead to a frame is its first caller.
void Frames::collect(FrameId top, std::vector<FrameId> &later) {
  if (frames_[top].round == round_)
    return;
  std::vector<std::pair<FrameId, size_t>> path;
  auto reach = [&](FrameId id) {
    frames_[id].round = round_;
    reached_.push_back(id);
    path.emplace_back(id, 0);
    for (const ThreadEffect &effect : frames_[id].effects)
      if (effect.kind == ThreadEffect::Starts && entries_[effect.entry].frame != kNone)
        later.push_back(entries_[effect.entry].frame);
  };
  reach(top);
  while (!path.empty()) {
    auto &[id, next] = path.back();
    if (next == frames_[id].calls.size()) {
      path.pop_back();
      continue;
    }
    Frame::Call call = frames_[id].calls[next++];
    frames_[call.callee].callers.push_back({id, call.event});
    if (frames_[call.callee].round != round_)
      reach(call.callee);
  }
}

} // namespace heddle
