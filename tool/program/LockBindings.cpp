// Members that constructors set for good: a guard's or wrapper's pointer to its lock has one value in all of its methods.
#include "program/LockFlow.h"
#include "program/LockState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

void LockState::findBindings() {
  // Constructors first, by themselves: what they call besides constructors is taken to return and change nothing.
  Places &places = program_.places();
  const Facts &f = program_.facts();
  auto constructs = [&](BodyId id) { return has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::Constructor); };
  for (BodyId id : program_.bodies())
    summaries_[id].outcomes.emplace_back();
  std::set<PlaceId> contradicted;
  findingBindings_ = true;
  for (const std::vector<BodyId> &component : program_.calls().components())
    for (BodyId id : component) {
      if (!constructs(id))
        continue;
      std::vector<Demand> none;
      summaries_[id] = LockFlow(program_, *this, id, none, LockFlow::Closeness::Paths).run();
      for (const Outcome &outcome : summaries_[id].outcomes)
        for (auto [where, what] : outcome.stores) {
          bool ownMember = places[where].kind() == PlaceKind::Field && places.rootKind(where) == PlaceKind::This;
          bool ownTarget =
              what != kNone && places[what].kind() == PlaceKind::AddressOf && places.rootKind(what) == PlaceKind::This;
          if (!ownMember || outcome.thrown)
            continue;
          auto [known, fresh] = bindings_.try_emplace(where, what);
          if (places[where].kind() == PlaceKind::Field) {
            boundFields_.resize(std::max<size_t>(boundFields_.size(), places[where].id() + 1));
            boundFields_[places[where].id()] = true;
          }
          if (!ownTarget || (!fresh && known->second != what))
            contradicted.insert(where);
        }
    }
  findingBindings_ = false;
  // A member that anything else writes, or takes the address of, isn't bound.
  std::set<uint32_t> written;
  for (BodyId id : program_.bodies()) {
    BodyView body = f.body(id);
    bool constructor = constructs(id);
    for (const Event &event : body.events) {
      PlaceId place = places.canonical(event.place());
      if (event.kind() == EventKind::Write && !constructor && place != kNone && places[place].kind() == PlaceKind::Field)
        written.insert(places[place].id());
      for (PlaceId operand : body.operands(event))
        if (operand = places.canonical(operand); operand != kNone && places[operand].kind() == PlaceKind::AddressOf &&
                                                 places[places[operand].parent()].kind() == PlaceKind::Field)
          written.insert(places[places[operand].parent()].id());
    }
  }
  std::erase_if(bindings_,
                [&](const auto &entry) { return contradicted.count(entry.first) || written.count(places[entry.first].id()); });
  for (BodyId id : program_.bodies())
    summaries_[id] = {};
  releasedByCaller_.clear();
}

PlaceId LockState::bound(PlaceId member) const {
  Places &places = program_.places();
  if (places[member].kind() != PlaceKind::Field || places[member].id() >= boundFields_.size() ||
      !boundFields_[places[member].id()])
    return kNone;
  PlaceId self = places.make(PlaceKind::This, kNone);
  for (PlaceId object = places[member].parent(); object != kNone; object = places[object].parent()) {
    auto known = bindings_.find(places.rebase(member, object, places.deref(self)));
    if (known != bindings_.end())
      return places.substitute(known->second, [&](PlaceId root) { return root == self ? places.addressOf(object) : root; });
    if (places[object].kind() != PlaceKind::Field)
      break;
  }
  return kNone;
}

} // namespace heddle
