#include "program/GuardStory.h"
#include "program/AtomicAccesses.h"
#include "program/BlockGraph.h"
#include "program/Story.h"

#include "llvm/ADT/Sequence.h"

#include <algorithm>

namespace heddle {

using namespace facts;

bool GuardStory::inWindow(BodyId id, EventId event, const GuardLock &lock) const {
  BodyView body = program_.facts().body(id);
  const BlockGraph &graph = program_.graph(id);
  auto held = [&](EventId at) {
    return llvm::any_of(program_.locks().at(id, at), [&](const Held &h) { return program_.guards().lockNames().is(h, lock); });
  };
  bool before = false, after = false;
  for (EventId other = 0; other < body.events.size() && !held(event); ++other)
    if ((!before && graph.inOrder(other, event)) || (!after && graph.inOrder(event, other)))
      if (held(other)) {
        before = before || graph.inOrder(other, event);
        after = after || graph.inOrder(event, other);
      }
  return before && after;
}

bool GuardStory::inWindow(const GuardedAccess &access, const GuardLock &lock) const {
  return inWindow(access.body, access.event, lock) ||
         llvm::any_of(access.calls, [&](const GuardedAccess::Call &call) { return inWindow(call.body, call.event, lock); });
}

bool GuardStory::besideSection(const GuardedAccess &access, const GuardLock &lock) const {
  const Guards &guards = program_.guards();
  const BlockGraph &graph = program_.graph(access.body);
  size_t events = program_.facts().body(access.body).events.size();
  auto held = [&](EventId at) {
    return llvm::any_of(program_.locks().at(access.body, at), [&](const Held &h) { return guards.lockNames().is(h, lock); });
  };
  return llvm::any_of(llvm::seq<EventId>(0, events), held) &&
         llvm::none_of(guards.startsOf(access.body), [&](EventId start) { return graph.reaches(access.event, start); });
}

bool GuardStory::setsUp(const GuardedAccess &access) const {
  if (!threadsKnown_ || !frames_.count(access.body) || !onlyInMain(access))
    return false;
  BodyView body = program_.facts().body(access.body);
  const Places &places = program_.places();
  const BlockGraph &graph = program_.graph(access.body);
  BlockId block = graph.blockOf(access.event);
  auto sets = [&](PlaceId flag, BlockId first) {
    return llvm::any_of(body.events, [&](const Event &event) {
      std::optional<int64_t> value =
          event.kind() == EventKind::Write && event.operand_count() > 0 && places.canonical(event.place()) == flag
              ? places.asConstant(places.canonical(body.operands(event)[0]))
              : std::nullopt;
      return value && *value != 0 && graph.reachesForward(first, graph.blockOf(body.idOf(event)));
    });
  };
  for (const Block &test : body.blocks) {
    auto edges = body.edgesOf(test);
    for (const Edge &edge : edges) {
      if (edge.relation() != Relation::Eq || edge.constant() != 0 || edge.value() == kNone)
        continue;
      PlaceId flag = places.canonical(edge.value());
      bool alone =
          llvm::none_of(edges, [&](const Edge &other) { return &other != &edge && graph.reachesForward(other.to(), block); });
      if (places.rootKind(flag) == PlaceKind::Global && alone && graph.reachesForward(edge.to(), block) && sets(flag, edge.to()))
        return true;
    }
  }
  return false;
}

bool GuardStory::handedOver(const GuardedAccess &read, const GuardedAccess &write) const {
  auto keyOf = [&](PlaceId place) { return std::pair(program_.places()[place].kind(), program_.places()[place].id()); };
  BodyView reader = program_.facts().body(read.body), writer = program_.facts().body(write.body);
  const BlockGraph &readerGraph = program_.graph(read.body), &writerGraph = program_.graph(write.body);
  std::vector<AtomicAccess> stores = atomicAccessesOf(program_, writer);
  for (const AtomicAccess &load : atomicAccessesOf(program_, reader))
    if (load.kind != AtomicAccess::Store && readerGraph.reaches(load.event, read.event))
      for (const AtomicAccess &store : stores)
        if (store.kind != AtomicAccess::Load && keyOf(store.place) == keyOf(load.place) &&
            writerGraph.reaches(write.event, store.event))
          return true;
  return false;
}

SourceRange GuardStory::placeOf(const GuardedAccess &access) const {
  return rangeOf(program_.facts(), program_.facts().body(access.body).events[access.event].location());
}

std::string GuardStory::functionOf(const GuardedAccess &access) const {
  return ("in '" + program_.nameOf(program_.facts().body(access.body).function()) + "'").str();
}

std::tuple<bool, bool, size_t, SourceRange, SourceRange> GuardStory::rank(const GuardedAccess &a, const GuardedAccess &b) const {
  return {a.body == b.body, !b.write, a.calls.size() + b.calls.size(), placeOf(a), placeOf(b)};
}

Step GuardStory::step(const GuardedAccess &access, const std::string &subject, uint32_t depth) const {
  std::string event = access.write ? "write" : "read";
  Step step = stepAt(program_, access.body, access.event, event, event + "s '" + subject + "'");
  step.depth = depth;
  for (const GuardLock &lock : access.surely)
    if (std::string name = program_.guards().nameOf(lock); step.held.empty() || !access.calls.empty())
      step.held.push_back(name);
  return step;
}

Lane GuardStory::lane(std::string name, const GuardedAccess &access, const std::string &subject) const {
  Lane lane{std::move(name), {}};
  for (size_t i = access.calls.size(); i-- > 0;) {
    const GuardedAccess::Call &call = access.calls[i];
    BodyId callee = i > 0 ? access.calls[i - 1].body : access.body;
    std::string function = program_.nameOf(program_.facts().body(callee).function()).str();
    Step step = stepAt(program_, call.body, call.event, "call", "calls '" + function + "'");
    step.depth = lane.steps.size();
    lane.steps.push_back(std::move(step));
  }
  lane.steps.push_back(step(access, subject, lane.steps.size()));
  lane.steps.back().own = true;
  return lane;
}

Lane GuardStory::elsewhere(llvm::ArrayRef<const GuardedAccess *> accesses, const GuardedAccess &but, const std::string &subject,
                           size_t atMost) const {
  Lane lane{"elsewhere", {}};
  std::set<SourceRange> told{placeOf(but)};
  for (const GuardedAccess *access : accesses)
    if (told.insert(placeOf(*access)).second)
      lane.steps.push_back(step(*access, subject, 0));
  std::sort(lane.steps.begin(), lane.steps.end(), [](const Step &a, const Step &b) { return a.place < b.place; });
  if (lane.steps.size() > atMost)
    lane.steps.resize(atMost);
  return lane;
}

std::vector<std::string> GuardStory::reasons(const GuardedAccess &a, const GuardedAccess &b) const {
  std::string why;
  if (threadsKnown_)
    if (auto points = parallelPoints(a, b, true);
        points && program_.sharing().phases().parallel(points->first, points->second, &why))
      return {why};
  return {"its users lock around it, so it is meant for several threads"};
}

} // namespace heddle
