#include "program/HandOver.h"
#include "program/Sharing.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>

namespace heddle {

using namespace facts;

namespace {

template <class T> bool insert(std::vector<T> &sorted, const T &value) {
  auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
  if (at != sorted.end() && *at == value)
    return false;
  sorted.insert(at, value);
  return true;
}

} // namespace

HandOver::HandOver(const Sharing &sharing) : sharing_(sharing), roles_(sharing.program()) {}

/// A flag that is tested says something only on the branch that is taken once it was set.
bool HandOver::fits(const Wait &wait, const Signal &signal) const {
  if (!wait.load || !signal.value)
    return true;
  const BlockGraph &graph = sharing_.phases().graph(wait.at.frame);
  BodyView body = sharing_.frames().body(wait.at.frame);
  PlaceId result = sharing_.program().places().make(PlaceKind::Result, wait.at.event);
  const Block &block = body.blocks[graph.blockOf(wait.at.event)];
  bool tested = false;
  for (const Edge &edge : body.edgesOf(block)) {
    if (edge.value() == kNone ||
        !sharing_.program().places().mentions(sharing_.program().places().canonical(edge.value()), result))
      continue;
    tested = true;
    if (edge.to() != kNone && holds(*signal.value, edge.relation(), edge.constant()) &&
        graph.reachesForward(edge.to(), graph.blockOf(wait.access.event)))
      return true;
  }
  return !tested;
}

/// Whether an access is the question that decides whether to wait on a condition: it is asked before the first wait, too, when
/// nobody has told anything.
bool HandOver::asksBefore(const Wait &wait, Point access) const {
  if (!conditions_.count(wait.object) || wait.at.frame != access.frame)
    return false;
  const BlockGraph &graph = sharing_.phases().graph(access.frame);
  const Places &places = sharing_.program().places();
  BodyView body = sharing_.frames().body(access.frame);
  BlockId asks = graph.blockOf(access.event), waits = graph.blockOf(wait.at.event);
  PlaceId asked = places.canonical(body.events[access.event].place());
  if (asked == kNone || asks == waits || !graph.reachesForward(asks, waits) || graph.component(asks) != graph.component(waits))
    return false;
  return llvm::any_of(body.edgesOf(body.blocks[asks]), [&](const Edge &edge) {
    return edge.value() != kNone && places.mentions(places.canonical(edge.value()), asked);
  });
}

const HandOver::Signals &HandOver::toldAfter(Point access, EntryId beside, Point made) const {
  auto [at, isNew] = told_.try_emplace({access, beside, made});
  Signals &told = at->second;
  if (!isNew)
    return told;
  const Phases &phases = sharing_.phases();
  std::vector<Point> chain = phases.chain(access, beside);
  chain.push_back(access);
  bool fenced = llvm::any_of(chain, [&](Point point) { return own_[point.frame].fence; });
  auto tell = [&](Signal signal) {
    signal.strong = signal.strong || fenced;
    insert(told, signal);
  };
  // Whom the thread itself has started, and joined by then, it tells nothing any more.
  auto hears = [&](FrameId frame, EventId event) { return beside == kNone || contains(phases.running({frame, event}), beside); };
  for (Point point : chain) {
    // The event itself tells if it is a store to an atomic, or runs what is on the chain once.
    HandOverRole role = roles_.at(sharing_.frames()[point.frame].body, point.event);
    bool itself = role.once || (role.atomic && role.tells);
    for (const auto &[event, signal] : own_[point.frame].signals)
      if (event == point.event ? itself : reaches(point.frame, point.event, event, made) && hears(point.frame, event))
        tell(signal);
    for (const Frame::Call &call : sharing_.frames()[point.frame].calls) {
      const llvm::BitVector &below = own_[call.callee].below;
      if (!below.empty() && call.event != point.event && reaches(point.frame, point.event, call.event, made) &&
          hears(point.frame, call.event))
        for (unsigned i : below.set_bits())
          tell(signals_[i]);
    }
  }
  return told;
}

const std::vector<HandOver::Wait> &HandOver::heardBefore(Point access, EntryId beside, Point made) const {
  auto [at, isNew] = heard_.try_emplace({access, beside, made});
  std::vector<Wait> &heard = at->second;
  if (!isNew)
    return heard;
  const Phases &phases = sharing_.phases();
  std::vector<Point> chain = phases.chain(access, beside);
  chain.push_back(access);
  bool fenced = llvm::any_of(chain, [&](Point point) { return own_[point.frame].fence; });
  for (Point point : chain) {
    const BodyView body = sharing_.frames().body(point.frame);
    bool once = roles_.at(sharing_.frames()[point.frame].body, point.event).once;
    for (const auto &[event, object, atomic, strong] : own_[point.frame].waits)
      if (event == point.event ? once : reaches(point.frame, event, point.event, made))
        heard.push_back({object, atomic, strong || fenced, {point.frame, event}, point});
    for (const Frame::Call &call : sharing_.frames()[point.frame].calls) {
      const llvm::BitVector &below = own_[call.callee].waitsBelow;
      // What `delete` frees, it frees after the destructor.
      bool before = call.event != point.event ? reaches(point.frame, call.event, point.event, made)
                                              : point == access && body.events[point.event].kind() == EventKind::Destroy;
      if (!below.empty() && before)
        for (unsigned i : below.set_bits())
          heard.push_back({waits_[i].first, false, waits_[i].second || fenced, {point.frame, call.event}, point});
    }
  }
  return heard;
}

/// Whether control may go from one event on to another, and not by making the object anew.
bool HandOver::reaches(FrameId frame, EventId from, EventId to, Point made) const {
  const BlockGraph &graph = sharing_.phases().graph(frame);
  return frame == made.frame ? graph.reachesWithout(from, to, made.event) : graph.reaches(from, to);
}

HandOver::Order HandOver::order(ObjectId object, Point from, Point to, ObjectId &through, bool byCondition) const {
  if (!prepared_)
    prepare();
  Order found = Order::None;
  if (waitedFor_.empty())
    return found;
  Point made = sharing_.madeAt(object);
  const Signals &told = toldAfter(from, sharing_.phases().startedBetween(from, to), made);
  if (told.empty())
    return found;
  for (const Wait &wait : heardBefore(to, sharing_.phases().startedBetween(to, from), made)) {
    auto signal = std::lower_bound(told.begin(), told.end(), Signal{wait.object, std::nullopt, false});
    if ((byCondition && !conditions_.count(wait.object)) || asksBefore(wait, to))
      continue;
    for (; signal != told.end() && signal->object == wait.object; ++signal) {
      Order order = wait.strong && signal->strong ? Order::Strong : Order::Weak;
      if (order <= found || !fits(wait, *signal))
        continue;
      through = wait.object;
      found = order;
    }
    if (found == Order::None && conditions_.count(wait.object))
      if (auto relayed = llvm::find_if(told, [&](const Signal &by) { return relays_.contains({by.object, wait.object}); });
          relayed != told.end()) {
        through = wait.object;
        found = Order::Strong;
      }
    if (found == Order::Strong)
      break;
  }
  return found;
}

bool HandOver::hasWeak() const {
  if (!prepared_)
    prepare();
  return llvm::any_of(signals_, [](const Signal &signal) { return !signal.strong; }) ||
         llvm::any_of(waits_, [](const Awaited &wait) { return !wait.second; });
}

llvm::ArrayRef<HandOver::Operation> HandOver::operations(ObjectId object, bool tells) const {
  if (!prepared_)
    prepare();
  auto &operations = tells ? tells_ : asks_;
  auto found = operations.find(object);
  return found == operations.end() ? llvm::ArrayRef<Operation>() : llvm::ArrayRef(found->second);
}

} // namespace heddle
