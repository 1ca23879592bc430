// What each frame does to the objects by which threads wait for each other, itself and with all that it calls (HandOver.h).
#include "program/HandOver.h"
#include "program/Sharing.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

/// What an event waits on or tells through. Both ends of a pipe stand for it.
ObjectSet throughWhat(const Program &program, FrameId id, const Event &row, const HandOverRole &role) {
  Frames &frames = program.entries().frames();
  BodyView body = frames.body(id);
  if (role.initialises != kNone)
    return frames.storage(id, program.places().make(PlaceKind::Global, role.initialises));
  ObjectSet result;
  if (row.place() != kNone)
    unite(result, frames.storage(id, row.place()));
  if (row.kind() != EventKind::Call)
    return result;
  for (PlaceId operand : body.operands(row)) {
    unite(result, frames.values(id, operand));
    if (role.channel)
      for (ObjectId end : frames.storage(id, operand))
        unite(result, {frames.objects()[end].kind == ObjectKind::Element ? frames.objects()[end].parent : end});
  }
  return result;
}

} // namespace

void HandOver::signalsAt(FrameId id, EventId event, const HandOverRole &role, Own &own) const {
  Frames &frames = sharing_.entries().frames();
  BodyView body = frames.body(id);
  const Event &row = body.events[event];
  std::optional<int64_t> value;
  Places &places = sharing_.program().places();
  if (role.stores && row.operand_count() > 0) // what comes after the value is a memory order
    value = places.asConstant(places.canonical(body.operands(row)[0]));
  for (ObjectId object : throughWhat(sharing_.program(), id, row, role))
    if (waitedFor_.count(object))
      own.signals.push_back({event, {object, value, role.releases || own.fence}});
}

void HandOver::waitsAt(FrameId id, EventId event, const HandOverRole &role, Own &own) const {
  Frames &frames = sharing_.entries().frames();
  for (ObjectId object : throughWhat(sharing_.program(), id, frames.body(id).events[event], role)) {
    own.waits.push_back({event, object, role.atomic, role.acquires || own.fence});
    waitedFor_.insert(object);
    if (role.condition)
      conditions_.insert(object);
  }
}

void HandOver::findFences() const {
  const Frames &frames = sharing_.frames();
  for (FrameId id : frames.reached()) {
    const HandOverRoles::Acting &acting = roles_.of(frames[id].body);
    if (llvm::none_of(acting, [](const auto &at) { return at.second.fence; }))
      continue;
    own_[id].fence = true;
    for (const Frame::Edge &edge : frames[id].callers)
      own_[edge.caller].fence = true;
  }
}

/// What each frame does itself, then with all that it calls. Few objects are waited for, and only these matter.
void HandOver::prepare() const {
  prepared_ = true;
  const Frames &frames = sharing_.frames();
  for (FrameId id : frames.reached())
    own_.resize(std::max<size_t>(own_.size(), id + 1));
  findFences();
  for (FrameId id : frames.reached())
    for (const auto &[event, role] : roles_.of(frames[id].body))
      if (role.waits)
        waitsAt(id, event, role, own_[id]);
  for (FrameId id : frames.reached())
    for (const auto &[event, role] : roles_.of(frames[id].body))
      if (role.tells)
        signalsAt(id, event, role, own_[id]);
  number();
  spread();
  findRelays();
}

/// Threads that pass on what they are told: each item that one takes from a queue, it puts into the next.
void HandOver::findRelays() const {
  const Entries &entries = sharing_.entries();
  for (const Entry &entry : entries.all()) {
    if (entry.kind != Entry::Started || entry.frame == kNone || entry.frame >= own_.size())
      continue;
    const Own &own = own_[entry.frame];
    for (unsigned wait : own.waitsBelow.set_bits())
      for (unsigned signal : own.below.set_bits())
        if (ObjectId from = waits_[wait].first, to = signals_[signal].object;
            from != to && conditions_.count(from) && conditions_.count(to))
          relays_.insert({from, to});
  }
}

/// From those that do something up to all that lead there.
void HandOver::spread() const {
  const Frames &frames = sharing_.frames();
  std::vector<FrameId> work;
  std::vector<bool> waiting(own_.size());
  auto look = [&](FrameId id) {
    if (waiting[id] || (own_[id].below.empty() && own_[id].waitsBelow.empty()))
      return;
    waiting[id] = true;
    work.push_back(id);
  };
  for (FrameId id : frames.reached())
    look(id);
  while (!work.empty()) {
    FrameId id = work.back();
    work.pop_back();
    waiting[id] = false;
    for (const Frame::Edge &edge : frames[id].callers) {
      Own &above = own_[edge.caller];
      bool known = !own_[id].below.test(above.below) && !own_[id].waitsBelow.test(above.waitsBelow);
      if (known)
        continue;
      above.below |= own_[id].below;
      above.waitsBelow |= own_[id].waitsBelow;
      look(edge.caller);
    }
  }
}

/// Gives each signal and each wait its bit, and each object what is done to it.
void HandOver::number() const {
  for (FrameId id = 0; id < own_.size(); ++id) {
    for (const auto &[event, signal] : own_[id].signals) {
      signals_.push_back(signal);
      tells_[signal.object].push_back({{id, event}, signal.strong});
    }
    for (const Own::WaitAt &wait : own_[id].waits) {
      waits_.emplace_back(wait.object, wait.strong);
      asks_[wait.object].push_back({{id, wait.event}, wait.strong});
    }
  }
  auto once = [](auto &list) {
    llvm::sort(list);
    list.erase(llvm::unique(list), list.end());
  };
  once(signals_);
  once(waits_);
  auto mark = [](llvm::BitVector &bits, const auto &sorted, const auto &value) {
    bits.resize(sorted.size());
    bits.set(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
  };
  for (Own &own : own_) {
    for (const auto &[event, signal] : own.signals)
      mark(own.below, signals_, signal);
    for (const Own::WaitAt &wait : own.waits)
      mark(own.waitsBelow, waits_, Awaited(wait.object, wait.strong));
  }
}

} // namespace heddle
