#include "program/SharedWrites.h"

#include <algorithm>

namespace heddle {

using namespace facts;

SharedWrites::SharedWrites(const Program &program) : program_(program) {
  std::map<Key, std::vector<LockedAccess>> accesses;
  for (BodyId body : program.bodies())
    collect(body, accesses);
  for (const auto &[key, found] : accesses)
    judge(key, found);
  std::sort(writes_.begin(), writes_.end(), [](const SharedWrite &a, const SharedWrite &b) {
    return std::tie(a.write.body, a.write.event) < std::tie(b.write.body, b.write.event);
  });
}

/// Locks of the frame and of its callers; those that are maybe held stay so.
HeldSet SharedWrites::heldAt(BodyId body, EventId event) const {
  const LockState &locks = program_.locks();
  HeldSet result = locks.at(body, event);
  auto add = [&](PlaceId lock, Mode mode) {
    if (llvm::none_of(result, [&](const Held &h) { return h.lock == lock; }))
      result.push_back(Held{.lock = lock, .mode = mode});
  };
  for (const Held &held : locks.byCallers(body))
    add(held.lock, held.mode);
  for (auto [lock, mode] : locks.required(body))
    add(lock, mode);
  return result;
}

void SharedWrites::collect(BodyId id, std::map<Key, std::vector<LockedAccess>> &out) const {
  Places &places = program_.places();
  const Facts &f = program_.facts();
  BodyView body = f.body(id);
  FunctionFlag flags = f.functions()[body.function()].flags();
  bool makes = has(flags, FunctionFlag::Constructor | FunctionFlag::Destructor);
  if (has(flags, FunctionFlag::System | FunctionFlag::Synthetic))
    return;
  PlaceId self = places.deref(places.make(PlaceKind::This, kNone));
  for (EventId event = 0; event < body.events.size(); ++event) {
    const Event &row = body.events[event];
    bool write = row.kind() == EventKind::Write;
    if ((!write && row.kind() != EventKind::Read) || has(row.flags(), EventFlag::Atomic | EventFlag::Initial))
      continue;
    PlaceId place = places.canonical(row.place());
    if (place == kNone || (makes && places.rootKind(place) == PlaceKind::This))
      continue;
    // The field or global that is touched, through elements and parts of it.
    while (place != kNone && places[place].kind() != PlaceKind::Field && places[place].kind() != PlaceKind::Global)
      place = places[place].kind() == PlaceKind::Element ? places[place].parent() : kNone;
    if (place == kNone || (places[place].kind() == PlaceKind::Field && places[place].id() >= f.fields().size()))
      continue;
    bool global = places[place].kind() == PlaceKind::Global;
    HeldSet held = heldAt(id, event);
    for (const Held &h : held) {
      if (h.maybe)
        continue;
      // Of one object: the lock is reached from an object that the field is a part of.
      PlaceId way = kNone;
      if (global || places.rootKind(h.lock) == PlaceKind::Global)
        way = global && places.rootKind(h.lock) == PlaceKind::Global ? h.lock : kNone;
      for (PlaceId object = places[place].parent(); way == kNone && object != kNone && !global; object = places[object].parent())
        if (places[object].kind() != PlaceKind::AddressOf && places.within(h.lock, object) && h.lock != object)
          way = places.rebase(h.lock, object, self);
        else if (places[object].kind() == PlaceKind::Deref)
          break;
      if (way == kNone)
        continue;
      LockedAccess access{id, event, place, h.lock, h.mode, write, false};
      access.guarded = llvm::any_of(held, [&](const Held &o) { return o.lock != h.lock && (o.maybe || o.mode != Mode::Shared); });
      OwnerKind owner = global ? OwnerKind::Variable : OwnerKind::Field;
      out[{owner, places[place].id(), way}].push_back(access);
    }
  }
}

bool SharedWrites::isDeclared(const LockedAccess &access) const {
  return llvm::any_of(program_.locks().demands(access.body), [&](const Demand &demand) {
    return demand.event == access.event && demand.kind == Demand::Write && demand.met == Demand::Shared &&
           program_.places().within(access.lock, demand.lock);
  });
}

void SharedWrites::judge(const Key &, llvm::ArrayRef<LockedAccess> accesses) {
  auto evidence = [&](auto shows) { return llvm::find_if(accesses, shows); };
  BodyId last = kNone;
  for (const LockedAccess &write : accesses) {
    if (!write.write || write.mode != Mode::Shared || write.guarded || write.body == last)
      continue;
    SharedWrite claim{write, {}, isDeclared(write)};
    const LockedAccess *other =
        evidence([&](const LockedAccess &a) { return a.write && a.mode == Mode::Exclusive && a.body != write.body; });
    if (other == accesses.end())
      other = evidence([&](const LockedAccess &a) { return !a.write && a.body != write.body; });
    if (other != accesses.end())
      claim.other = *other;
    else if (!claim.declared)
      continue;
    last = write.body;
    writes_.push_back(std::move(claim));
  }
}

} // namespace heddle
