// What a modelled function does to descriptors and processes: the ops of models/*.yaml on a state.
#include "program/DescriptorsWalk.h"

#include "llvm/ADT/StringSwitch.h"

namespace heddle::descriptors {

using namespace facts;

static Kind kindOf(llvm::StringRef note) {
  return llvm::StringSwitch<Kind>(note).Case("file", Kind::File).Case("append", Kind::Append).Default(Kind::Other);
}

static Advance advanceOf(llvm::StringRef note) {
  return llvm::StringSwitch<Advance>(note).Case("read", Advance::Read).Case("seek", Advance::Seek).Default(Advance::Write);
}

Walk::States Walk::applyModel(EventId event, const FunctionModel &model, State state) {
  bool blocks = false;
  States states;
  states.push_back(std::move(state));
  for (const Op &op : program_.ops(model, body_, event)) {
    States next;
    for (State &s : states) {
      std::optional<bool> applies = op.before ? holds(*op.before, event, s) : std::optional(true);
      if (applies && !*applies) {
        next.push_back(std::move(s));
        continue;
      }
      blocks |= op.verb == Verb::Block;
      if (op.verb == Verb::Fork || op.verb == Verb::Wait) {
        // After vfork the parent stands still until the child is gone or another program.
        bool splits = op.verb == Verb::Wait || op.note.empty();
        for (State &side : !splits ? States{s} : op.verb == Verb::Fork ? fork(event, s) : wait(event, op, blocks, s))
          next.push_back(std::move(side));
      } else if (applyOp(event, op, s)) {
        next.push_back(std::move(s));
      }
    }
    states = std::move(next);
  }
  return states;
}

bool Walk::applyOp(EventId event, const Op &op, State &state) {
  PlaceId place = op.operands.empty() ? kNone : program_.value(op.operands[0], body_, event);
  PlaceId value = place == kNone ? kNone : reader_.value(state, place);
  switch (op.verb) {
  case Verb::Exec:
  case Verb::Exit:
    return false;
  case Verb::Open:
    if (place != kNone)
      open(event, op, state);
    return true;
  case Verb::Duplicate: {
    PlaceId from = program_.value(op.operands[1], body_, event);
    std::optional<Held> held = from == kNone ? std::nullopt : heldBy(state, reader_.value(state, from));
    if (held && value != kNone)
      state.held.set(value, *held);
    return true;
  }
  case Verb::Close:
    if (value != kNone && reader_.outlives(value))
      state.held.set(value, {closedDescription()});
    else if (value != kNone)
      state.held.erase(value);
    return true;
  case Verb::Advance:
    if (value != kNone)
      use(state, value, {advanceOf(op.note), {{body_.id, event}}, place}, false);
    return true;
  case Verb::Set:
    if (PlaceId from = program_.value(op.operands[1], body_, event); place != kNone && from != kNone)
      set(place, from, state);
    return true;
  default:
    return true;
  }
}

void Walk::open(EventId event, const Op &op, State &state) {
  PlaceId place = program_.value(op.operands[0], body_, event);
  PlaceId storage = reader_.storage(state, place);
  Kind kind = isDevice(event) ? Kind::Other : kindOf(op.note);
  auto [it, fresh] = openedIds_.try_emplace({event, kNone, 0}, summary_.descriptions.size());
  if (fresh) {
    Description &description = summary_.descriptions.emplace_back();
    description.kind = kind;
    description.opened.push_back({body_.id, event});
    // A stream is named by its object; a descriptor by what it is stored in, see name().
    if (places_[places_.root(place)].kind() != PlaceKind::Result && body_.events[event].place() != kNone) {
      description.name = places_.canonical(body_.events[event].place());
      description.nameBody = body_.id;
    }
  }
  Description &description = summary_.descriptions[it->second];
  description.kind = std::max(description.kind, kind); // one that may be opened for appending is taken to be
  uint32_t after = 0;
  for (const ForkSide &side : state.forks)
    after |= 1u << side.fork;
  reader_.forget(state, storage);
  state.held.set(storage, {it->second, after, 0});
}

void Walk::set(PlaceId place, PlaceId from, State &state) {
  PlaceId storage = reader_.storage(state, place), value = reader_.value(state, from);
  const Held *held = state.held.find(value);
  bool inPlace = held && value == reader_.storage(state, from); // the description is the object's own, such as a stream's
  std::optional<Held> moved = inPlace ? std::optional(*held) : std::nullopt;
  reader_.write(state, storage, value);
  if (!moved)
    return;
  state.values.erase(storage);
  state.held.set(storage, *moved);
}

Walk::States Walk::fork(EventId event, const State &state) {
  auto [it, fresh] = forkIds_.try_emplace({event, kNone, 0}, summary_.forks.size());
  if (fresh)
    summary_.forks.push_back({{{body_.id, event}}, {}, {}, {}});
  PlaceId result = places_.make(PlaceKind::Result, event);
  States states(3, state);
  if (it->second < kMaxForks) {
    enterSide(states[0], {it->second, Side::Child, false, false, false, result});
    enterSide(states[1], {it->second, Side::Parent, false, false, false, result});
  }
  states[0].numbers.set(result, Range::exactly(0));
  states[1].numbers.set(result, {1, Range::kMax});
  states[2].numbers.set(result, Range::exactly(-1));
  return states;
}

Walk::States Walk::wait(EventId event, const Op &op, bool blocks, State state) {
  PlaceId place = op.operands.empty() ? kNone : program_.value(op.operands[0], body_, event);
  PlaceId child = place == kNone ? kNone : reader_.value(state, place);
  auto isIts = [&](const ForkSide &side) { return side.side == Side::Parent && child != kNone && side.result == child; };
  bool one = std::any_of(state.forks.begin(), state.forks.end(), isIts);
  State waited = state;
  for (ForkSide &side : waited.forks)
    side.waited |= side.side == Side::Parent && (!one || isIts(side));
  waited.waited |= !one;
  if (blocks)
    return {std::move(waited)};
  // One that may come back at once: only a positive result says that a child has ended.
  PlaceId result = places_.make(PlaceKind::Result, event);
  waited.numbers.set(result, {1, Range::kMax});
  state.numbers.set(result, {-1, 0});
  return {std::move(waited), std::move(state)};
}

void Walk::forgetOutputs(EventId event, State &state) {
  for (PlaceId operand : body_.operands(body_.events[event])) {
    PlaceId argument = places_.canonical(operand);
    if (argument == kNone || places_[argument].kind() != PlaceKind::AddressOf)
      continue;
    PlaceId storage = reader_.storage(state, places_[argument].parent());
    if (reader_.outlives(storage))
      reader_.write(state, storage, reader_.unknown());
    else
      reader_.forget(state, storage);
  }
}

std::optional<bool> Walk::holds(const Test &test, EventId event, const State &state) const {
  PlaceId place = program_.value(test.value, body_, event);
  if (place == kNone)
    return std::nullopt;
  PlaceId value = reader_.value(state, place);
  if (!test.text.empty()) {
    if (places_[value].kind() != PlaceKind::String)
      return std::nullopt;
    return decide(Range::exactly(program_.facts().string(places_[value].id()).contains(test.text)), test.relation, test.constant);
  }
  std::optional<Range> number = reader_.number(state, value);
  if (state.held.find(value))
    number = Range{1, Range::kMax}; // an open stream isn't null
  if (!number)
    return std::nullopt;
  if (test.mask != -1) {
    if (!number->single())
      return std::nullopt;
    number = Range::exactly(number->low & test.mask);
  }
  return decide(*number, test.relation, test.constant);
}

/// Whether the event names a device: what can be opened under /dev has no offset, but for its shared memory.
bool Walk::isDevice(EventId event) const {
  for (PlaceId operand : body_.operands(body_.events[event])) {
    if (operand == kNone || places_[places_.canonical(operand)].kind() != PlaceKind::String)
      continue;
    llvm::StringRef path = program_.facts().string(places_[places_.canonical(operand)].id());
    if (path.starts_with("/dev/") && !path.starts_with("/dev/shm/"))
      return true;
  }
  return false;
}

} // namespace heddle::descriptors
