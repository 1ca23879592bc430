#include "program/GivenTests.h"
#include "program/FieldWrites.h"
#include "program/Program.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

bool GivenTests::never(Point point, EntryId beside) const { return never(point, beside, 0); }

/// Whether something holds for all calls of a frame that count; there has to be one.
template <class F> bool GivenTests::everyCall(FrameId frame, EntryId beside, F holds) const {
  const Frames &frames = program_.entries().frames();
  bool any = false;
  for (const Frame::Edge &edge : frames[frame].callers) {
    Point call{edge.caller, edge.event};
    if (frames[edge.caller].entry != frames[frame].entry)
      return false; // starts it
    if (beside != kNone && !contains(phases_.running(call), beside) && !contains(phases_.runningAfter(call), beside))
      continue;
    any = true;
    if (!holds(call))
      return false;
  }
  return any;
}

/// The parameter whose value a place has where a block tests it; kNone for any other.
uint32_t GivenTests::paramOf(FrameId frame, BlockId test, PlaceId value) const {
  const Places &places = program_.places();
  BodyView body = program_.entries().frames().body(frame);
  PlaceKind kind = places[value].kind();
  if (kind != PlaceKind::Param && kind != PlaceKind::Local && kind != PlaceKind::Field)
    return kNone;
  const BlockGraph &graph = phases_.graph(frame);
  PlaceId given = kind == PlaceKind::Param ? value : PlaceId(kNone);
  EventId stored = kNone;
  for (const Event &event : body.events) {
    if (event.kind() != EventKind::Write || event.place() == kNone || places.canonical(event.place()) != value)
      continue;
    BlockId at = graph.blockOf(body.idOf(event));
    bool before = at == test || !graph.leads(0, [&](BlockId id) { return id == test; }, [&](BlockId id) { return id == at; });
    if (given != kNone || !before || event.operand_count() == 0 || has(event.flags(), EventFlag::Update))
      return kNone;
    given = places.canonical(body.operands(event)[0]);
    stored = body.idOf(event);
  }
  if (given == kNone || places[given].kind() != PlaceKind::Param)
    return kNone;
  // The parameter itself is as it was given.
  if (given != value && llvm::any_of(body.events, [&](const Event &event) {
        return event.kind() == EventKind::Write && event.place() != kNone && places.canonical(event.place()) == given;
      }))
    return kNone;
  // What is called in between may write such a field.
  const Frames &frames = program_.entries().frames();
  if (kind == PlaceKind::Field && llvm::any_of(frames[frame].calls, [&](const Frame::Call &call) {
        BlockId at = graph.blockOf(call.event);
        return graph.inOrder(stored, call.event) && (at == test || graph.reachesForward(at, test)) &&
               program_.fieldWrites().by(frames[call.callee].body).test(places[value].id());
      }))
    return kNone;
  // Who has its address may change a variable.
  PlaceId address = program_.places().addressOf(kind == PlaceKind::Field ? given : value);
  if (llvm::any_of(body.events, [&](const Event &event) { return llvm::is_contained(body.operands(event), address); }))
    return kNone;
  return places[given].id();
}

/// Whether what a call gives for a parameter fails a test of it.
bool GivenTests::contradicts(Point call, uint32_t param, const Edge &edge, EntryId beside, unsigned depth) const {
  const Places &places = program_.places();
  BodyView body = program_.entries().frames().body(call.frame);
  auto given = body.operands(body.events[call.event]);
  if (param >= given.size() || given[param] == kNone)
    return false;
  PlaceId value = places.canonical(given[param]);
  if (std::optional<int64_t> constant = places.asConstant(value))
    return !holds(*constant, edge.relation(), edge.constant());
  if (depth > kCalls)
    return false;
  uint32_t passed = paramOf(call.frame, phases_.graph(call.frame).blockOf(call.event), value);
  return passed != kNone &&
         everyCall(call.frame, beside, [&](Point above) { return contradicts(above, passed, edge, beside, depth + 1); });
}

/// The ways on from a test that lead to a block, when all of them test what the caller gave.
std::optional<GivenTests::Needs> GivenTests::needsOf(FrameId frame, BlockId test, BlockId target) const {
  const Places &places = program_.places();
  const BlockGraph &graph = phases_.graph(frame);
  BodyView body = program_.entries().frames().body(frame);
  auto leads = [&](BlockId block) { return block == target || graph.reachesForward(block, target); };
  if (test == target || graph.after(test).size() < 2 || llvm::all_of(graph.after(test), leads))
    return std::nullopt;
  Needs needs;
  for (const Edge &edge : body.edgesOf(body.blocks[test]))
    if (edge.to() != kNone && leads(edge.to())) {
      if (edge.value() == kNone)
        return std::nullopt;
      needs.push_back({kNone, &edge});
    }
  if (needs.empty())
    return std::nullopt;
  if (graph.leads(0, [&](BlockId at) { return at == target; }, [&](BlockId at) { return at == test; }))
    return std::nullopt; // some way doesn't come by
  for (Need &need : needs)
    if (need.param = paramOf(frame, test, places.canonical(need.edge->value())); need.param == kNone)
      return std::nullopt;
  return needs;
}

const std::vector<GivenTests::Needs> &GivenTests::needsOf(FrameId frame, BlockId target) const {
  auto [known, fresh] = needs_.try_emplace({frame, target});
  if (fresh)
    for (BlockId test = 0; test < phases_.graph(frame).size(); ++test)
      if (std::optional<Needs> needs = needsOf(frame, test, target))
        known->second.push_back(std::move(*needs));
  return known->second;
}

bool GivenTests::never(Point point, EntryId beside, unsigned depth) const {
  auto fails = [&](const Need &need) {
    return everyCall(point.frame, beside, [&](Point call) { return contradicts(call, need.param, *need.edge, beside, 0); });
  };
  for (const Needs &needs : needsOf(point.frame, phases_.graph(point.frame).blockOf(point.event)))
    if (llvm::all_of(needs, fails))
      return true;
  return depth < kCalls && everyCall(point.frame, beside, [&](Point call) { return never(call, beside, depth + 1); });
}

} // namespace heddle
