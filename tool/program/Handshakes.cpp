#include "program/Handshakes.h"
#include "program/Uses.h"

namespace heddle {

using namespace facts;

namespace {
constexpr unsigned kCallers = 16; // calls between a thread's own function and the event
constexpr unsigned kDepth = 5;    // of a tested value
} // namespace

bool Handshakes::before(Point point, const EntrySet &running) {
  for (unsigned up = 0; up < kCallers; ++up) {
    BodyView body = frames_.body(point.frame);
    BlockGraph graph(body);
    for (EventId event = 0; event < body.events.size(); ++event)
      if (event != point.event && graph.reaches(event, point.event) && waits(body, event))
        return true;
    std::vector<Frame::Call> calls = frames_[point.frame].calls; // asking may move frames
    for (const Frame::Call &call : calls)
      if (call.event != point.event && graph.reaches(call.event, point.event) &&
          frames_[call.callee].entry == frames_[point.frame].entry && waits(call.callee))
        return true;
    for (EntryId entry : running)
      if (polls(body, graph, point.event, writtenBy(entry)))
        return true;
    const Frame &frame = frames_[point.frame];
    if (frame.callers.empty() || frames_[frame.callers.front().caller].entry != frame.entry)
      return false;
    point = {frame.callers.front().caller, frame.callers.front().event};
  }
  return true; // too far to tell
}

/// Whether a call waits for another thread, as its model says.
bool Handshakes::waits(const BodyView &body, EventId id) const {
  const Event &event = body.events[id];
  const FunctionModel *model = event.callee() == kNone ? nullptr : program_.model(event.callee());
  return model && llvm::any_of(model->ops, [](const Op &op) {
           if (op.verb == Verb::Await)
             return true;
           return op.verb == Verb::Block && op.note != "lock" && op.note != "join" &&
                  (blockWord(op.note).kind == BlockKind::Thread || op.note == "input");
         });
}

bool Handshakes::waits(FrameId frame) {
  auto [known, isNew] = waits_.try_emplace(frame, false); // while it is asked: a recursion adds nothing
  if (!isNew)
    return known->second;
  BodyView body = frames_.body(frame);
  bool found = false;
  for (EventId event = 0; event < body.events.size() && !found; ++event)
    found = waits(body, event);
  std::vector<Frame::Call> calls = frames_[frame].calls;
  for (size_t i = 0; i < calls.size() && !found; ++i)
    found = frames_[calls[i].callee].entry == frames_[frame].entry && waits(calls[i].callee);
  return waits_[frame] = found;
}

/// Whether the way to `until` leaves a loop by a test of what is written elsewhere.
bool Handshakes::polls(const BodyView &body, const BlockGraph &graph, EventId until, const Memory &written) const {
  BlockId last = graph.blockOf(until);
  for (BlockId block = 0; block < body.blocks.size(); ++block) {
    if (!graph.cyclic(block) || !graph.reachesForward(block, last))
      continue;
    Memory tested;
    for (const Edge &edge : body.edgesOf(body.blocks[block]))
      mentioned(body, program_.places().canonical(edge.value()), tested, 0);
    if (llvm::any_of(tested, [&](const auto &memory) { return written.count(memory) != 0; }))
      return true;
  }
  return false;
}

/// The variables and members in a place, and in what a call that it is the result of was asked of.
void Handshakes::mentioned(const BodyView &body, PlaceId place, Memory &out, unsigned depth) const {
  const Places &places = program_.places();
  for (; place != kNone && depth < kDepth; place = places[place].parent()) {
    const Place &row = places[place];
    if (row.kind() == PlaceKind::Global || row.kind() == PlaceKind::Field)
      out.insert({row.kind(), row.id()});
    if (row.kind() == PlaceKind::Result && row.id() < body.events.size()) {
      const Event &event = body.events[row.id()];
      mentioned(body, places.canonical(event.place()), out, depth + 1);
      for (PlaceId operand : body.operands(event))
        mentioned(body, places.canonical(operand), out, depth + 1);
    }
    if (row.kind() == PlaceKind::Expr && row.op() != ExprOp::Opaque)
      mentioned(body, row.id(), out, depth + 1);
  }
}

const Handshakes::Memory &Handshakes::writtenBy(EntryId entry) {
  auto [known, isNew] = written_.try_emplace(entry);
  if (!isNew)
    return known->second;
  const Places &places = program_.places();
  for (FrameId frame : frames_.reached()) {
    if (frames_[frame].entry != entry)
      continue;
    BodyView body = frames_.body(frame);
    for (const Event &event : body.events) {
      PlaceId place = places.canonical(event.place());
      bool changes = event.kind() == EventKind::Write || kindAt(program_, body, place, "atomic");
      if (place == kNone || !changes)
        continue;
      PlaceKind kind = places[place].kind();
      if (kind == PlaceKind::Global || kind == PlaceKind::Field)
        known->second.insert({kind, places[place].id()});
    }
  }
  return known->second;
}

} // namespace heddle
