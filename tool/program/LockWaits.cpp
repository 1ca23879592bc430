// What a body may wait for, and with which locks in hand: the waits of LockState.
#include "program/DescriptorKinds.h"
#include "program/Endings.h"
#include "program/LockFlow.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr size_t kWaits = 32;     // waits of a body that its callers see
constexpr size_t kHeldWaits = 64; // waits of a body under its own locks
constexpr BlockWord kCondition{"condition", BlockKind::Thread, "waits for a condition"};
constexpr BlockWord kPipe{"pipe", BlockKind::Slow, "reads from a pipe"};

/// The operand that says on what a model waits: what the same model joins, awaits, acquires, reads, writes or opens.
const Operand *waitedOn(const FunctionModel &model, const Op &wait) {
  if (wait.verb == Verb::Await)
    return &wait.operands[0];
  for (const Op &op : model.ops)
    if ((op.verb == Verb::Join || op.verb == Verb::Acquire || op.verb == Verb::Advance || op.verb == Verb::Access) &&
        !op.operands.empty() && op.note != "nonblocking")
      return &op.operands[0];
  for (const Op &op : model.ops)
    if (op.verb == Verb::Open)
      return &op.operands[0];
  return nullptr;
}

/// Why the op waits, given what its descriptor is; null when it doesn't, or when that isn't known.
const BlockWord *reasonOf(const Program &program, const FunctionModel &model, const Op &op, BodyId body, PlaceId on) {
  if (op.verb == Verb::Await)
    return &kCondition;
  const BlockWord *word = &blockWord(op.note);
  if (word->word == "lock")
    return nullptr; // two locks are an order, which is for other checks
  bool network = word->word == "accept" || word->word == "connect" || word->word == "network";
  const DescriptorKinds &kinds = program.descriptorKinds();
  if (word->word == "file") {
    // What is written to a stream is kept in memory, as a rule; what isn't known to be a file on a disk may be anything.
    bool buffered = llvm::any_of(model.ops, [](const Op &o) { return o.verb == Verb::Advance && o.note == "write"; });
    return buffered || kinds.nonBlocking(body, on) || kinds.kindOf(body, on) != DescriptorKinds::File ? nullptr : word;
  }
  if (word->kind != BlockKind::Descriptor && !network)
    return word;
  if (kinds.nonBlocking(body, on))
    return nullptr;
  switch (kinds.kindOf(body, on)) {
  case DescriptorKinds::Socket:
    return network ? word : &blockWord("network");
  case DescriptorKinds::File:
    return network ? nullptr : &blockWord("file");
  case DescriptorKinds::Pipe: // a write to one waits only when nobody reads
    return word->word == "input" ? &kPipe : nullptr;
  case DescriptorKinds::Unknown:
    return nullptr;
  }
  return nullptr;
}

/// What tells waits of one reason apart for callers: the field or variable that is waited on.
std::pair<PlaceKind, uint32_t> memberOf(const Places &places, PlaceId place) {
  for (PlaceId id = place; id != kNone; id = places[id].parent())
    if (places[id].kind() == PlaceKind::Field || places[id].kind() == PlaceKind::Global)
      return {places[id].kind(), places[id].id()};
  return {PlaceKind::Unknown, kNone};
}

/// Whether two names may be of one lock, because one of them goes by a pointer that is kept somewhere: a condition that knows its
/// mutex, a part that knows the lock of the whole.
bool mayBeOne(const Places &places, PlaceId a, PlaceId b) {
  while (places[a].kind() == PlaceKind::Field && places[b].kind() == PlaceKind::Field && places[a].id() == places[b].id())
    a = places[a].parent(), b = places[b].parent();
  auto kept = [&](PlaceId place) {
    if (places[place].kind() != PlaceKind::Deref)
      return false;
    PlaceKind pointer = places[places[place].parent()].kind();
    return pointer == PlaceKind::Field || pointer == PlaceKind::Element || pointer == PlaceKind::Global;
  };
  return a == b || kept(a) || kept(b); // of a base class, maybe: types don't tell
}

} // namespace

WaitId LockState::intern(const Wait &wait) {
  auto [at, fresh] = waitIds_.try_emplace({wait.body, wait.event, wait.reason, wait.on, wait.via}, WaitId(waits_.size()));
  if (fresh) {
    waits_.push_back(wait);
    waits_.back().length = wait.via == kNone ? 1 : 1 + waits_[wait.via].length;
  }
  return at->second;
}

void LockState::addWait(std::vector<CriticalWait> &waits, CriticalWait added) const {
  const Wait &wait = waits_[added.wait];
  const Places &places = program_.places();
  for (CriticalWait &old : waits) {
    const Wait &other = waits_[old.wait];
    if (other.reason != wait.reason || old.released != added.released || memberOf(places, other.on) != memberOf(places, wait.on))
      continue;
    llvm::erase_if(old.when, [&](const Assumption &a) { return !llvm::is_contained(added.when, a); });
    if (wait.length < other.length)
      old.wait = added.wait;
    return;
  }
  if (waits.size() >= kWaits)
    ++program_.cut().paths;
  else
    waits.push_back(std::move(added));
}

void LockFlow::addHeldWait(WaitId wait, HeldSet held) {
  if (held.empty())
    return;
  for (const HeldWait &old : summary_.heldWaits)
    if (old.wait == wait && old.held == held)
      return;
  if (summary_.heldWaits.size() >= kHeldWaits)
    cutShort();
  else
    summary_.heldWaits.push_back({wait, std::move(held)});
}

void LockFlow::waitAt(EventId id, const Op &op, const Invocation &invocation, PathState &state) {
  const FunctionModel *model = program_.model(invocation.function);
  const Operand *where = model ? waitedOn(*model, op) : nullptr;
  PlaceId on = where ? operand(*where, invocation, id) : kNone;
  const BlockWord *reason = model ? reasonOf(program_, *model, op, body_.id, on) : nullptr;
  if (!reason || program_.endings().behind(body_.id, id))
    return;
  WaitId wait = locks_.intern(Wait{body_.id, id, reason, on, kNone});
  // A lock's own wait for a condition lets go of it.
  PlaceId own = invocation.self == kNone ? kNone : read(state).lvalue(program_.places().deref(invocation.self));
  llvm::SmallVector<PlaceId, 1> released = releasedBy(state);
  HeldSet held = state.held;
  if (own != kNone) {
    llvm::erase_if(held, [&](const Held &h) { return h.lock == own; });
    if (outward(own) != kNone && !llvm::is_contained(released, own))
      released.insert(std::lower_bound(released.begin(), released.end(), own), own);
  }
  locks_.addWait(summary_.waits, {wait, std::move(released), given(state)});
  addHeldWait(wait, std::move(held));
}

void LockFlow::waitsOf(EventId id, const Invocation &invocation, const LockSummary &callee, PathState &state) {
  // What is only one of those that may run is not said to wait; where the process ends, nobody is kept waiting.
  if (callee.waits.empty() || invocation.certainty != Invocation::Exact || program_.endings().behind(body_.id, id))
    return;
  PathReader reader = read(state);
  for (const CriticalWait &inner : callee.waits) {
    bool possible = llvm::all_of(inner.when, [&](const Assumption &a) {
      return reader.test(reader.value(translated(a.value, invocation, id)), a.relation, a.constant) != Truth::No;
    });
    if (!possible)
      continue;
    Wait step = locks_.wait(inner.wait);
    step.body = body_.id, step.event = id, step.via = inner.wait;
    WaitId wait = locks_.intern(step);
    llvm::SmallVector<PlaceId, 1> released = releasedBy(state);
    HeldSet held = state.held;
    for (PlaceId place : inner.released) {
      PlaceId gone = reader.lvalue(translated(place, invocation, id));
      if (gone == kNone) {
        held.clear(); // any of them may be the one
        continue;
      }
      bool named = PathReader::find(held, gone);
      llvm::erase_if(held, [&](const Held &h) { return named ? h.lock == gone : mayBeOne(program_.places(), h.lock, gone); });
      if (!named && outward(gone) != kNone && !llvm::is_contained(released, gone))
        released.insert(std::lower_bound(released.begin(), released.end(), gone), gone);
    }
    locks_.addWait(summary_.waits, {wait, std::move(released), given(state)});
    addHeldWait(wait, std::move(held));
  }
}

/// The waits of a body that touches no lock, without a walk along its paths.
void LockState::findWaits(BodyId id, LockSummary &summary) {
  BodyView body = program_.facts().body(id);
  auto add = [&](EventId event, const Wait &wait) {
    if (!program_.endings().behind(id, event))
      addWait(summary.waits, {intern(wait), {}, {}});
  };
  for (EventId event = 0; event < body.events.size(); ++event)
    for (const Invocation &invocation : program_.calls().reached(body, event)) {
      if (invocation.certainty != Invocation::Exact)
        continue;
      const FunctionModel *model = program_.model(invocation.function);
      if (model && invocation.function == body.events[event].callee())
        for (const Op &op : model->ops) {
          if (op.verb != Verb::Block)
            continue;
          if (op.before &&
              holdsAtCall(program_, *op.before, program_.value(op.before->value, body, event)) == std::optional(false))
            continue;
          const Operand *where = waitedOn(*model, op);
          PlaceId on = where ? program_.value(*where, body, event) : kNone;
          if (const BlockWord *reason = reasonOf(program_, *model, op, id, on))
            add(event, Wait{id, event, reason, on, kNone});
        }
      for (BodyId callee : program_.bodiesOf(invocation.function))
        for (const CriticalWait &inner : summaries_[callee].waits) {
          bool impossible = llvm::any_of(inner.when, [&](const Assumption &a) {
            Test test;
            test.relation = a.relation, test.constant = a.constant;
            return holdsAtCall(program_, test, program_.translate(a.value, invocation, body, event)) == std::optional(false);
          });
          if (impossible)
            continue;
          Wait step = waits_[inner.wait];
          step.body = id, step.event = event, step.via = inner.wait;
          add(event, step);
        }
    }
}

} // namespace heddle
