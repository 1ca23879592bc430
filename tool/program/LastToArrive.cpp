#include "program/LastToArrive.h"
#include "program/AtomicAccesses.h"
#include "program/LockState.h"
#include "program/Sharing.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kDepth = 3;    // values and functions that an outcome goes through
constexpr size_t kCallers = 2000; // frames that are climbed from one counter

} // namespace

const std::vector<LastToArrive::Update> &LastToArrive::updatesOf(BodyId id) const {
  auto [at, isNew] = ofBody_.try_emplace(id);
  std::vector<Update> &updates = at->second;
  if (!isNew)
    return updates;
  const Program &program = sharing_.program();
  const Places &places = program.places();
  BodyView body = program.facts().body(id);
  for (const AtomicAccess &access : atomicAccessesOf(program, body))
    if (access.kind == AtomicAccess::Update)
      updates.push_back({access.event, access.place, access.raises || access.swaps, true, access.swaps});
  for (const Event &event : body.events) {
    if (event.kind() != EventKind::Write || !has(event.flags(), EventFlag::Update) || has(event.flags(), EventFlag::Atomic) ||
        event.operand_count() == 0)
      continue;
    PlaceId counter = places.canonical(event.place()), value = places.canonical(body.operands(event)[0]);
    const LockState &locks = program.locks();
    bool locked = !locks.at(id, body.idOf(event)).empty() || !locks.byCallers(id).empty() || !locks.declared(id).empty();
    if (places[counter].kind() == PlaceKind::Local || places[value].kind() != PlaceKind::Expr || !locked)
      continue;
    updates.push_back({body.idOf(event), counter, places[value].op() == ExprOp::Add, false, false});
  }
  return updates;
}

/// The counters whose update gave a value that passes a test only one thread's can: the last one down, or one certain number.
void LastToArrive::outcomes(FrameId frame, PlaceId value, Asked asked, EventId before, unsigned depth, Counters &out) const {
  if (value == kNone || depth > kDepth)
    return;
  const Program &program = sharing_.program();
  const Places &places = program.places();
  Frames &frames = program.entries().frames();
  BodyView body = frames.body(frame);
  const Place &row = places[value];
  if (row.kind() == PlaceKind::Expr) {
    bool yes = (asked.relation == Relation::Ne && asked.constant == 0) || (asked.relation == Relation::Eq && asked.constant == 1);
    bool no = asked.relation == Relation::Eq && asked.constant == 0;
    if (row.op() == ExprOp::Not && (yes || no))
      return outcomes(frame, row.parent(), {yes ? Relation::Eq : Relation::Ne, 0}, before, depth + 1, out);
    std::optional<Relation> compared = relationOf(row.op());
    if (!compared || (!yes && !no))
      return;
    Relation relation = yes ? *compared : negated(*compared);
    std::optional<int64_t> right = places.asConstant(row.id());
    if (right || relation == Relation::Eq)
      outcomes(frame, row.parent(), {relation, right.value_or(INT64_MAX)}, before, depth + 1, out);
    return;
  }
  for (const Update &update : updatesOf(frames[frame].body)) {
    bool its = update.atomic ? row.kind() == PlaceKind::Result && row.id() == update.event
                             : value == update.counter &&
                                   (update.event == before || sharing_.phases().graph(frame).inOrder(update.event, before));
    bool low = asked.constant <= 1 && (asked.relation == Relation::Eq || asked.relation == Relation::Le ||
                                       (asked.relation == Relation::Lt && asked.constant == 1));
    bool one = asked.relation == Relation::Eq || (!update.first && low) ||
               (update.swaps && asked.relation == Relation::Ne && asked.constant == 0);
    if (its && one)
      for (ObjectId object : frames.storage(frame, update.counter))
        out.push_back({object, update.first && asked.constant <= 1});
  }
  if (row.kind() == PlaceKind::Local) {
    for (const Event &event : body.events)
      if (event.kind() == EventKind::Write && places.canonical(event.place()) == value && event.operand_count() > 0)
        outcomes(frame, places.canonical(body.operands(event)[0]), asked, body.idOf(event), depth + 1, out);
  } else if (row.kind() == PlaceKind::Result) {
    for (const Frame::Call &call : sharing_.frames()[frame].calls)
      if (call.event == row.id())
        for (const Event &event : frames.body(call.callee).events)
          if (event.kind() == EventKind::Return && event.operand_count() > 0)
            outcomes(call.callee, places.canonical(frames.body(call.callee).operands(event)[0]), asked,
                     frames.body(call.callee).idOf(event), depth + 1, out);
  }
}

/// The counters whose outcome decides, in the point's own function, whether it is reached.
const LastToArrive::Counters &LastToArrive::chosenBy(Point point) const {
  auto [at, isNew] = chosen_.try_emplace(point);
  Counters &counters = at->second;
  if (!isNew)
    return counters;
  const BlockGraph &graph = sharing_.phases().graph(point.frame);
  const Places &places = sharing_.program().places();
  BodyView body = sharing_.frames().body(point.frame);
  BlockId target = graph.blockOf(point.event);
  auto leads = [&](BlockId block) { return block == target || graph.reachesForward(block, target); };
  for (BlockId block = 0; block < graph.size(); ++block)
    for (const Edge &edge : body.edgesOf(body.blocks[block])) {
      bool alone = edge.to() != kNone && edge.value() != kNone && leads(edge.to()) && graph.after(block).size() > 1 &&
                   llvm::none_of(graph.after(block), [&](BlockId other) { return other != edge.to() && leads(other); });
      if (alone && !body.eventsOf(body.blocks[block]).empty())
        outcomes(point.frame, places.canonical(edge.value()), {edge.relation(), edge.constant()},
                 body.idOf(body.eventsOf(body.blocks[block]).back()), 0, counters);
    }
  std::sort(counters.begin(), counters.end());
  return counters;
}

const LastToArrive::Counters &LastToArrive::countersOf(Point point) const {
  auto [at, isNew] = ofPoint_.try_emplace(point);
  Counters &counters = at->second;
  if (!isNew)
    return counters;
  std::vector<Point> chain = sharing_.phases().chain(point);
  chain.push_back(point);
  for (Point step : chain) {
    const Counters &here = chosenBy(step);
    counters.insert(counters.end(), here.begin(), here.end());
  }
  std::sort(counters.begin(), counters.end());
  return counters;
}

ObjectId LastToArrive::oneOf(Point a, Point b) const {
  const Counters &others = countersOf(b);
  for (const Counter &counter : countersOf(a))
    if (llvm::any_of(others, [&](const Counter &other) { return other.object == counter.object; }))
      return counter.object;
  return kNone;
}

/// Where a counter is changed.
llvm::ArrayRef<Point> LastToArrive::updates(ObjectId counter) const {
  if (!pointsKnown_) {
    pointsKnown_ = true;
    for (FrameId frame : sharing_.frames().reached())
      for (const Update &update : updatesOf(sharing_.frames()[frame].body))
        for (ObjectId object : sharing_.program().entries().frames().storage(frame, update.counter))
          points_[object].push_back({frame, update.event});
  }
  auto found = points_.find(counter);
  return found == points_.end() ? llvm::ArrayRef<Point>() : llvm::ArrayRef(found->second);
}

bool LastToArrive::updatesAfter(Point user, ObjectId counter) const {
  const Frames &frames = sharing_.frames();
  std::vector<Point> chain = sharing_.phases().chain(user);
  chain.push_back(user);
  std::set<FrameId> seen;
  std::vector<Point> work;
  for (Point update : updates(counter))
    if (frames[update.frame].entry == frames[user.frame].entry)
      work.push_back(update);
  while (!work.empty() && seen.size() < kCallers) {
    Point at = work.back();
    work.pop_back();
    if (at == user) // it is the update itself
      return true;
    for (Point step : chain)
      if (step.frame == at.frame && step.event != at.event && sharing_.phases().graph(at.frame).inOrder(step.event, at.event))
        return true;
    if (seen.insert(at.frame).second)
      for (const Frame::Edge &edge : frames[at.frame].callers)
        work.push_back({edge.caller, edge.event});
  }
  return false;
}

ObjectId LastToArrive::orders(Point user, Point last) const {
  for (const Counter &counter : countersOf(last))
    if (!counter.first && updatesAfter(user, counter.object))
      return counter.object;
  return kNone;
}

} // namespace heddle
