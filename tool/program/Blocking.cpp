#include "program/Blocking.h"
#include "program/BlockGraph.h"
#include "program/DescriptorKinds.h"
#include "program/LockVetoes.h"
#include "program/Sharing.h"

#include <algorithm>
#include <set>

namespace heddle {

using namespace facts;

Blocking::Blocking(const Program &program) : program_(program) {
  const Places &places = program.places();
  for (BodyId body : program.bodies())
    for (const Outcome &outcome : program.locks().summary(body).outcomes)
      for (const Held &held : outcome.acquired)
        if (!outcome.thrown && places[held.lock].kind() == PlaceKind::Field && places.rootKind(held.lock) == PlaceKind::This)
          inner_.insert(places[held.lock].id());
  for (BodyId body : program.bodies())
    findSections(body);
  for (uint32_t i = 0; i < sections_.size(); ++i)
    byNode_[sections_[i].node].push_back(i);
  if (!sections_.empty())
    findTurns();
}

// ---- sections --------------------------------------------------------------------------------------------------------------

void Blocking::findSections(BodyId id) {
  const LockState &locks = program_.locks();
  size_t first = sections_.size();
  auto section = [&](const Held &held) -> Section * {
    for (size_t i = first; i < sections_.size(); ++i)
      if (sections_[i].acquisition == held.acquisition)
        return &sections_[i];
    if (held.acquisition == kNone)
      return nullptr;
    LockNode node = program_.lockOrder().node(locks.lockObject(held.lock), id);
    // The lock inside of all objects of a wrapper says nothing of which of them it is.
    if (node.kind == LockNode::None || node.kind == LockNode::Local || (node.kind == LockNode::Member && inner_.count(node.id)))
      return nullptr;
    Section &fresh = sections_.emplace_back();
    fresh.body = id, fresh.acquisition = held.acquisition, fresh.node = node, fresh.mode = held.mode;
    const Acquisition &taken = locks.acquisition(locks.chain(held.acquisition).back());
    fresh.attempt = llvm::any_of(locks.summary(taken.body).pairs, [&](const CriticalPair &pair) {
      const Acquisition &other = locks.acquisition(pair.acquisition);
      return pair.attempt && other.body == taken.body && other.event == taken.event;
    });
    return &fresh;
  };
  size_t count = program_.facts().body(id).events.size();
  for (EventId event = 0; event < count; ++event)
    for (const Held &held : locks.at(id, event))
      if (Section *at = section(held))
        at->events.push_back(event);
  for (const HeldWait &wait : locks.summary(id).heldWaits)
    for (const Held &held : wait.held)
      if (Section *at = section(held))
        at->kinds |= 1u << unsigned(locks.wait(wait.wait).reason->kind);
}

const Section *Blocking::sectionOf(BodyId body, AcquisitionId acquisition) const {
  auto at = std::lower_bound(sections_.begin(), sections_.end(), body, [](const Section &s, BodyId b) { return s.body < b; });
  for (; at != sections_.end() && at->body == body; ++at)
    if (at->acquisition == acquisition)
      return &*at;
  return nullptr;
}

std::vector<WaitId> Blocking::chain(WaitId wait) const {
  std::vector<WaitId> result;
  for (; wait != kNone; wait = program_.locks().wait(wait).via)
    result.push_back(wait);
  return result;
}

// ---- who is kept waiting ---------------------------------------------------------------------------------------------------

/// A constructor or destructor of the object that has the lock, or the function that allocates it: nobody else has the object
/// yet, or any more.
bool Blocking::ownPhase(const Section &section) const {
  const Facts &f = program_.facts();
  const Places &places = program_.places();
  PlaceId root = places.root(program_.locks().acquisition(section.acquisition).lock);
  if (places[root].kind() == PlaceKind::Result)
    return f.body(section.body).events[places[root].id()].kind() == EventKind::Allocate;
  const Function &function = f.functions()[f.bodies()[section.body].function()];
  return section.node.kind == LockNode::Member && places[root].kind() == PlaceKind::This &&
         has(function.flags(), FunctionFlag::Constructor | FunctionFlag::Destructor);
}

/// Whether an event is reached only where a pointer that outlives the call is null, or a flag isn't up yet, and the body sets it:
/// what is made on first use.
bool Blocking::once(BodyId id, EventId event) const {
  BodyView body = program_.facts().body(id);
  const Places &places = program_.places();
  const Facts &f = program_.facts();
  auto lasting = [&](PlaceId place) {
    if (place == kNone)
      return TypeKind::Void;
    const Place &p = places[place];
    TypeId type = p.kind() == PlaceKind::Field && p.id() < f.fields().size() ? f.fields()[p.id()].type()
                  : p.kind() == PlaceKind::Global                            ? f.variables()[p.id()].type()
                                                                             : kNone;
    return type == kNone ? TypeKind::Void : f.types()[type].kind();
  };
  std::set<PlaceId> written, lowered;
  for (const Event &row : body.events) {
    PlaceId place = row.kind() == EventKind::Write ? places.canonical(row.place()) : kNone;
    TypeKind kind = lasting(place);
    if (kind == TypeKind::Pointer)
      written.insert(place);
    if (kind != TypeKind::Bool && kind != TypeKind::Integer)
      continue;
    std::optional<int64_t> value;
    if (row.operand_count() > 0 && !has(row.flags(), EventFlag::Update))
      value = places.asConstant(places.canonical(body.operands(row)[0]));
    (value && *value != 0 ? written : lowered).insert(place);
  }
  for (PlaceId flag : lowered) // it says that something goes on
    written.erase(flag);
  if (written.empty())
    return false;
  BlockId at = BlockGraph(body).blockOf(event);
  // Without the edges on which one of them is null: is the event reached?
  for (PlaceId pointer : written) {
    std::vector<bool> seen(body.blocks.size());
    std::vector<BlockId> todo{0};
    seen[0] = true;
    bool tested = false;
    for (size_t i = 0; i < todo.size(); ++i)
      for (const Edge &edge : body.edgesOf(body.blocks[todo[i]])) {
        bool null = edge.relation() == Relation::Eq && edge.constant() == 0 && places.canonical(edge.value()) == pointer;
        tested = tested || null;
        if (!null && !seen[edge.to()]) {
          seen[edge.to()] = true;
          todo.push_back(edge.to());
        }
      }
    if (tested && !seen[at])
      return true;
  }
  return false;
}

/// Nothing is done but to give the lock back.
bool Blocking::empty(const Section &section) const {
  const Acquisition &taken = program_.locks().acquisition(section.acquisition);
  return llvm::all_of(section.events, [&](EventId event) { return event == taken.event; }) || section.events.size() == 1;
}

/// A thread's function takes the lock before its loop, and in the loop waits for work with it, or gives it back and takes it
/// again.
bool Blocking::isTurn(const Section &section) const {
  BodyView body = program_.facts().body(section.body);
  const BlockGraph &graph = program_.graph(section.body);
  const Acquisition &taken = program_.locks().acquisition(section.acquisition);
  if (graph.cyclic(graph.blockOf(taken.event)))
    return false;
  auto letsGo = [&](EventId event) {
    const FunctionModel *model = body.events[event].callee() == kNone ? nullptr : program_.model(body.events[event].callee());
    return model && llvm::any_of(model->ops, [&](const Op &op) {
             return op.verb == Verb::Await ||
                    (op.verb == Verb::Release && program_.value(op.operands[0], body, event) == taken.lock);
           });
  };
  return llvm::any_of(section.events, [&](EventId event) { return graph.cyclic(graph.blockOf(event)) && letsGo(event); });
}

void Blocking::findTurns() {
  const Entries &entries = program_.entries();
  std::set<BodyId> started;
  for (const Entry &entry : entries.all())
    if (entry.kind == Entry::Started && entry.frame != kNone) // none: cut
      started.insert(entries.frames()[entry.frame].body);
  for (const Section &section : sections_)
    if (started.count(section.body) && isTurn(section))
      turns_.insert(section.node);
}

std::span<const FrameId> Blocking::framesOf(BodyId body) const {
  if (frames_.empty()) {
    frames_.resize(program_.facts().bodies().size());
    const Frames &frames = program_.sharing().frames();
    for (FrameId frame : frames.reached())
      frames_[frames[frame].body].push_back(frame);
  }
  return frames_[body];
}

bool Blocking::parallel(const Section &a, EventId at, const Section &b, std::string *why) const {
  if (!program_.hasMain()) {
    *why = "both can be called from outside, by any thread";
    return true;
  }
  std::span<const FrameId> as = framesOf(a.body), bs = framesOf(b.body);
  EventId other = program_.locks().acquisition(b.acquisition).event;
  const Phases &phases = program_.sharing().phases();
  for (FrameId x : as)
    for (FrameId y : bs)
      if (phases.parallel({x, at}, {y, other}, why) && phases.near({x, at}, {y, other}))
        return true;
  return false;
}

/// Whether a section uses the descriptor or object that is waited on: then the lock is for that too.
bool Blocking::uses(const Section &section, WaitId wait) const {
  const Wait &last = program_.locks().wait(chain(wait).back());
  const Places &places = program_.places();
  const DescriptorKinds &descriptors = program_.descriptorKinds();
  PlaceId on = last.on, member = last.on;
  while (member != kNone && places[member].kind() != PlaceKind::Field && places[member].kind() != PlaceKind::Global)
    member = places[member].parent();
  auto names = [&](PlaceId place) {
    if (descriptors.same(last.body, on, section.body, place))
      return true;
    for (PlaceId id = places.canonical(place); member != kNone && id != kNone; id = places[id].parent())
      if (places[id].kind() == places[member].kind() && places[id].id() == places[member].id())
        return true;
    return false;
  };
  BodyView body = program_.facts().body(section.body);
  return on != kNone && llvm::any_of(section.events, [&](EventId event) {
           const Event &row = body.events[event];
           return names(row.place()) || llvm::any_of(body.operands(row), names);
         });
}

const Section *Blocking::kept(const Section &holder, WaitId wait, std::string *why) const {
  if (ownPhase(holder) || turns_.count(holder.node))
    return nullptr;
  auto same = byNode_.find(holder.node);
  if (same == byNode_.end())
    return nullptr;
  const Wait &step = program_.locks().wait(wait);
  for (uint32_t i : same->second) {
    const Section &other = sections_[i];
    bool shared = holder.mode == Mode::Shared && other.mode == Mode::Shared;
    bool alike = other.kinds & 1u << unsigned(step.reason->kind);
    if (&other != &holder && !other.attempt && !shared && !alike && !empty(other) && !ownPhase(other) && !uses(other, wait) &&
        parallel(holder, step.event, other, why))
      return &other;
  }
  return nullptr;
}

std::vector<Stall> Blocking::stalls() const {
  const LockState &locks = program_.locks();
  std::vector<Stall> all;
  for (BodyId body : program_.bodies())
    for (const HeldWait &wait : locks.summary(body).heldWaits)
      for (const Held &held : wait.held) {
        EventId event = locks.wait(wait.wait).event;
        bool surely = llvm::any_of(locks.at(body, event), [&](const Held &h) { return h.lock == held.lock && !h.maybe; });
        const Section *holder = sectionOf(body, held.acquisition);
        if (surely && !held.maybe && holder)
          all.push_back({holder, nullptr, wait.wait, {}});
      }
  auto rank = [&](const Stall &stall) {
    const Wait &wait = locks.wait(stall.wait);
    return std::tuple(wait.length, wait.reason->kind, stall.holder->body, wait.event, stall.wait,
                      stall.holder - sections_.data());
  };
  std::sort(all.begin(), all.end(), [&](const Stall &a, const Stall &b) { return rank(a) < rank(b); });
  std::set<std::pair<LockNode, std::pair<BodyId, EventId>>> places;
  std::set<std::pair<LockNode, BodyId>> holders;
  std::vector<Stall> result;
  for (Stall &stall : all) {
    const Wait &last = locks.wait(chain(stall.wait).back());
    std::pair place(stall.holder->node, std::pair(last.body, last.event));
    std::pair holder(stall.holder->node, stall.holder->body);
    if (places.count(place) || holders.count(holder))
      continue;
    if (llvm::any_of(chain(stall.wait), [&](WaitId step) { return once(locks.wait(step).body, locks.wait(step).event); }))
      continue;
    stall.other = kept(*stall.holder, stall.wait, &stall.why);
    if (!stall.other)
      continue;
    places.insert(place);
    holders.insert(holder);
    result.push_back(stall);
  }
  return result;
}

} // namespace heddle
