#include "program/LockContracts.h"
#include "program/CallGraph.h"

#include <algorithm>
#include <map>
#include <set>

namespace heddle {

using namespace facts;

LockContracts::LockContracts(const Program &program) : program_(program), locks_(program.locks()) {
  if (locks_.attributes().empty())
    return;
  for (BodyId body : program.bodies()) {
    FunctionId id = program.facts().bodies()[body].function();
    FunctionFlag flags = program.facts().functions()[id].flags();
    if (has(flags, FunctionFlag::System | FunctionFlag::Synthetic) || locks_.attributes().unchecked(id))
      continue; // Synthetic: initialisers run before main, where there is one thread
    findUnmet(body);
    if (!has(flags, FunctionFlag::Constructor | FunctionFlag::Destructor))
      findPromises(body);
    findOrders(body);
  }
}

// ---- demands ---------------------------------------------------------------------------------------------------------------

void LockContracts::findUnmet(BodyId body) {
  std::map<std::tuple<OwnerKind, uint32_t, bool>, size_t> known; // a field is one subject, whatever object it is of
  for (const Demand &demand : locks_.demands(body)) {
    uint8_t met = missed(body, demand);
    if (!met)
      continue;
    bool excludes = demand.kind == Demand::Exclude;
    auto [at, fresh] = known.try_emplace({demand.owner, demand.subject, excludes}, broken_.size());
    if (fresh) {
      uint8_t wrong = excludes ? Demand::Held : Demand::Shared | Demand::Free | Demand::Released;
      BrokenContract &contract = broken_.emplace_back();
      contract.body = body;
      contract.sure = (met & ~wrong) == 0;
      contract.met = met;
      contract.lock = demand.lock;
    }
    broken_[at->second].demands.push_back(&demand);
  }
}

/// The ways in which a demand was met, if one of them is wrong; else 0.
uint8_t LockContracts::missed(BodyId body, const Demand &demand) const {
  uint8_t met = demand.met;
  if (demand.kind == Demand::Exclude)
    return met & Demand::Held ? met : 0;
  if (demand.kind == Demand::Assert)
    met &= ~(Demand::Shared | Demand::Free); // it may be asked of either mode, and a caller may hold it
  if (met & Demand::Free && heldByCallers(body, demand))
    met &= ~Demand::Free;
  return met & (Demand::Shared | Demand::Free | Demand::Released) ? met : 0;
}

bool LockContracts::heldByCallers(BodyId body, const Demand &demand) const {
  const Function &function = program_.facts().functions()[program_.facts().bodies()[body].function()];
  // Who runs a lambda, and holding what, isn't always seen.
  if (has(function.flags(), FunctionFlag::Lambda) && program_.calls().callers(body).empty())
    return true;
  return llvm::any_of(locks_.byCallers(body), [&](const Held &held) {
    bool same = demand.missed == kNone || program_.places().within(held.lock, demand.missed);
    return same && (held.mode != Mode::Shared || demand.mode == Mode::Shared);
  });
}

// ---- promises --------------------------------------------------------------------------------------------------------------

namespace {

/// How many of a body's ends have something, and how many don't.
struct Ends {
  unsigned yes = 0, no = 0;
  void count(bool has) { ++(has ? yes : no); }
};

} // namespace

void LockContracts::findPromises(BodyId body) {
  const Places &places = program_.places();
  const LockSummary &summary = locks_.summary(body);
  FunctionId function = program_.facts().bodies()[body].function();
  for (const Attribute &row : locks_.attributes().ofFunction(function)) {
    bool acquires = row.kind() == AttributeKind::Acquire || row.kind() == AttributeKind::AcquireShared;
    bool releases = row.kind() == AttributeKind::Release || row.kind() == AttributeKind::ReleaseShared ||
                    row.kind() == AttributeKind::ReleaseGeneric;
    bool keeps = row.kind() == AttributeKind::Requires || row.kind() == AttributeKind::RequiresShared;
    if (!acquires && !releases && !keeps)
      continue;
    for (PlaceId lock : locks_.attributes().locks(row)) {
      auto same = [&](PlaceId place) { return places.within(place, lock) || places.within(lock, place); };
      if (keeps && locks_.attributes().declaresChange(function, lock))
        continue;
      Ends ends;
      bool maybe = false;
      AcquisitionId witness = kNone;
      for (const Outcome &outcome : summary.outcomes) {
        if (outcome.thrown)
          continue;
        auto held = llvm::find_if(outcome.acquired, [&](const Held &h) { return same(h.lock); });
        bool taken = held != outcome.acquired.end();
        maybe = maybe || (taken && held->maybe);
        if (taken && !maybe)
          witness = held->acquisition;
        ends.count(acquires ? taken : llvm::any_of(outcome.released, same) && !taken);
      }
      // One end that does it shows what the function is meant to do; where none does, another function may do it for this one.
      BrokenContract contract;
      contract.kind = acquires ? BrokenContract::NotAcquired : releases ? BrokenContract::NotReleased : BrokenContract::NotKept;
      contract.body = body;
      contract.lock = lock;
      contract.held = acquires ? witness : kNone;
      contract.sure = keeps ? ends.no == 0 : ends.yes == 0;
      bool broken = keeps ? ends.yes > 0 : ends.yes > 0 && ends.no > 0;
      if (broken && !maybe)
        broken_.push_back(std::move(contract));
    }
  }
}

// ---- order -----------------------------------------------------------------------------------------------------------------

void LockContracts::findOrders(BodyId body) {
  if (locks_.attributes().order().empty())
    return;
  std::set<std::pair<PlaceId, PlaceId>> told;
  for (const CriticalPair &pair : locks_.summary(body).pairs)
    for (const Held &held : pair.held) {
      if (held.maybe || pair.attempt || held.acquisition == kNone)
        continue;
      // Both in one call: its callee's pair, and told there.
      const Acquisition &first = locks_.acquisition(held.acquisition), &second = locks_.acquisition(pair.acquisition);
      if (first.via != kNone && second.via != kNone && first.event == second.event)
        continue;
      if (!locks_.attributes().declaredBefore(pair.lock, held.lock) || locks_.attributes().declaredBefore(held.lock, pair.lock))
        continue;
      if (!told.insert({pair.lock, held.lock}).second)
        continue;
      BrokenContract contract;
      contract.kind = BrokenContract::WrongOrder;
      contract.body = body;
      contract.sure = true;
      contract.lock = pair.lock;
      contract.held = held.acquisition;
      contract.wanted = pair.acquisition;
      broken_.push_back(std::move(contract));
    }
}

} // namespace heddle
