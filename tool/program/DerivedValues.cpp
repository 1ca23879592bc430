#include "program/DerivedValues.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

DerivedValues::DerivedValues(const Program &program, const BodyView &body, const BlockGraph &graph, EventId event, PlaceId place)
    : program_(program), body_(body), graph_(graph), event_(event) {
  if (body.events[event].kind() == EventKind::Read)
    read_ = place;
  else
    names_.push_back(program.places().make(PlaceKind::Result, event));
  copies_ = names_;
  follow();
  for (BlockId block = 0; block < body.blocks.size(); ++block)
    if (llvm::any_of(body.edgesOf(body.blocks[block]), [&](const Edge &edge) { return inBlock(edge.value(), block); }))
      branches_.push_back(block);
  for (EventId id = 0; id < body.events.size(); ++id)
    if (body.events[id].kind() == EventKind::Return && usedBy(id)) {
      returned_ = true;
      asIs_ = asIs_ && is(body.operands(body.events[id])[0]);
    }
}

bool DerivedValues::mentioned(PlaceId value) const {
  return llvm::any_of(names_, [&](PlaceId name) { return program_.places().mentions(value, name); });
}

bool DerivedValues::inBlock(PlaceId value, BlockId block) const {
  if (value == kNone)
    return false;
  value = program_.places().canonical(value);
  return mentioned(value) || (read_ != kNone && graph_.blockOf(event_) == block && program_.places().mentions(value, read_));
}

bool DerivedValues::is(PlaceId value) const {
  if (value == kNone)
    return false;
  value = program_.places().canonical(value);
  return value == read_ || llvm::is_contained(copies_, value);
}

bool DerivedValues::madeFrom(PlaceId value) const {
  return value != kNone && (mentioned(value) || (read_ != kNone && program_.places().mentions(value, read_)));
}

bool DerivedValues::usedBy(PlaceId value, EventId event) const {
  if (value == kNone)
    return false;
  if (mentioned(program_.places().canonical(value)))
    return true;
  // The place itself stands for the value only until it may have another: in this block, and before the next read of it.
  if (read_ == kNone || event <= event_ || graph_.blockOf(event) != graph_.blockOf(event_) ||
      !program_.places().mentions(program_.places().canonical(value), read_))
    return false;
  for (EventId id = event_ + 1; id < event; ++id)
    if (program_.places().canonical(body_.events[id].place()) == read_ &&
        (body_.events[id].kind() == EventKind::Read || body_.events[id].kind() == EventKind::Write))
      return false;
  return true;
}

bool DerivedValues::usedBy(EventId event) const {
  return llvm::any_of(body_.operands(body_.events[event]), [&](PlaceId operand) { return usedBy(operand, event); });
}

/// Whether a local has no other value than the one that `write` gives it, but for a first one.
bool DerivedValues::soleValue(PlaceId local, EventId write) const {
  LocalFlag flags = body_.locals[program_.places()[local].id()].flags();
  if (has(flags, LocalFlag::Reference | LocalFlag::AddressTaken | LocalFlag::CapturedByReference))
    return false;
  for (EventId id = 0; id < body_.events.size(); ++id)
    if (const Event &event = body_.events[id]; id != write && event.kind() == EventKind::Write &&
                                               program_.places().canonical(event.place()) == local &&
                                               !has(event.flags(), EventFlag::Initial))
      return false;
  return true;
}

void DerivedValues::follow() {
  const Places &places = program_.places();
  for (bool grown = true; grown && names_.size() < kLocals;) {
    grown = false;
    for (EventId id = 0; id < body_.events.size(); ++id) {
      const Event &event = body_.events[id];
      PlaceId local = event.kind() == EventKind::Write ? places.canonical(event.place()) : kNone;
      if (local == kNone || places[local].kind() != PlaceKind::Local || llvm::is_contained(names_, local) || !usedBy(id) ||
          !soleValue(local, id))
        continue;
      if (is(body_.operands(event)[0]))
        copies_.push_back(local);
      names_.push_back(local);
      grown = true;
    }
  }
}

} // namespace heddle
