#include "program/AtomicAccesses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kLocals = 4; // followed one into the other

} // namespace

std::optional<AtomicAccess> atomicAccessAt(const Program &program, const BodyView &body, EventId id) {
  const Event &event = body.events[id];
  const Places &places = program.places();
  if (event.place() == kNone)
    return std::nullopt;
  AtomicAccess access{AtomicAccess::Load, id, places.canonical(event.place())};
  if (has(event.flags(), EventFlag::Atomic) && (event.kind() == EventKind::Read || event.kind() == EventKind::Write)) {
    if (event.kind() == EventKind::Write)
      access.kind = has(event.flags(), EventFlag::Update) ? AtomicAccess::Update : AtomicAccess::Store;
  } else if (event.kind() == EventKind::Call && event.callee() != kNone) {
    const Function &function = program.facts().functions()[event.callee()];
    const ClassModel *model = program.classModel(function.record());
    if (!model || model->is != "atomic")
      return std::nullopt;
    llvm::StringRef name = program.facts().string(function.name()).rsplit("::").second;
    if (!has(function.flags(), FunctionFlag::Const))
      access.kind = llvm::is_contained(model->stores, name) ? AtomicAccess::Store : AtomicAccess::Update;
    access.raises = llvm::is_contained(model->raises, name);
    access.swaps = llvm::is_contained(model->swaps, name);
  } else {
    return std::nullopt;
  }
  if (access.kind == AtomicAccess::Store && event.operand_count() > 0)
    access.value = places.canonical(body.operands(event)[0]);
  return access;
}

std::vector<AtomicAccess> atomicAccessesOf(const Program &program, const BodyView &body) {
  std::vector<AtomicAccess> all;
  for (EventId id = 0; id < body.events.size(); ++id)
    if (std::optional<AtomicAccess> access = atomicAccessAt(program, body, id))
      all.push_back(*access);
  return all;
}

EventId computedFrom(const Program &program, const BodyView &body, llvm::ArrayRef<AtomicAccess> all, const AtomicAccess &store) {
  Places &places = program.places();
  // The values that the store's is made of: itself, and what was written to locals in it.
  llvm::SmallVector<PlaceId, 4> values{store.value};
  llvm::SmallVector<PlaceId, 4> locals;
  for (size_t i = 0; i < values.size() && values[i] != kNone; ++i) {
    for (const AtomicAccess &load : all) {
      if (load.kind != AtomicAccess::Load || load.place != store.place || load.event >= store.event)
        continue;
      bool call = body.events[load.event].kind() == EventKind::Call;
      if (places.mentions(values[i], call ? places.make(PlaceKind::Result, load.event) : load.place))
        return load.event;
    }
    for (EventId id = 0; id < body.events.size() && locals.size() < kLocals; ++id) {
      const Event &event = body.events[id];
      PlaceId written = event.kind() == EventKind::Write ? places.canonical(event.place()) : kNone;
      if (written == kNone || places[written].kind() != PlaceKind::Local || event.operand_count() == 0 ||
          !places.mentions(values[i], written) || llvm::is_contained(locals, written))
        continue;
      locals.push_back(written);
      for (const Event &other : body.events)
        if (other.kind() == EventKind::Write && places.canonical(other.place()) == written && other.operand_count() > 0)
          values.push_back(places.canonical(body.operands(other)[0]));
    }
  }
  return kNone;
}

} // namespace heddle
