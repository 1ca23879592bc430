#include "program/LockState.h"
#include "program/LockFlow.h"
#include "program/LockKinds.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

constexpr unsigned kRounds = 4; // walks of a body in a recursion

// Two summaries say the same, whatever chains of calls they say it with: a chain through a recursion has no last one.
bool equal(const HeldSet &a, const HeldSet &b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const Held &x, const Held &y) {
           return x.lock == y.lock && x.mode == y.mode && x.count == y.count && x.maybe == y.maybe;
         });
}

bool equal(const LockSummary &a, const LockSummary &b) {
  return a.given.size() == b.given.size() &&
         std::equal(a.pairs.begin(), a.pairs.end(), b.pairs.begin(), b.pairs.end(),
                    [](const CriticalPair &x, const CriticalPair &y) {
                      return x.lock == y.lock && x.mode == y.mode && x.attempt == y.attempt && x.released == y.released &&
                             x.when == y.when && equal(x.held, y.held);
                    }) &&
         std::equal(a.outcomes.begin(), a.outcomes.end(), b.outcomes.begin(), b.outcomes.end(),
                    [](const Outcome &x, const Outcome &y) {
                      return x.thrown == y.thrown && x.released == y.released && x.unsure == y.unsure && x.stores == y.stores &&
                             x.relation == y.relation && x.constant == y.constant && x.value == y.value && x.when == y.when &&
                             equal(x.acquired, y.acquired);
                    }) &&
         a.waits.size() == b.waits.size();
}

} // namespace

LockState::LockState(const Program &program) : program_(program), attributes_(program.facts(), program.places()) {
  summaries_.resize(program.facts().bodies().size());
  demands_.resize(summaries_.size());
  for (BodyId body : program.bodies())
    demands_[body] = demandsOf(program, attributes_, program.facts().body(body));
  before_.resize(summaries_.size());
  misuses_.resize(summaries_.size());
  releases_.resize(summaries_.size());
  heldSets_.emplace_back();
  heldSetIds_[{}] = 0;
  methods_.resize(program.facts().records().size());
  for (FunctionId id = 0; id < program.facts().functions().size(); ++id)
    if (RecordId record = program.facts().functions()[id].record(); record != kNone && !program.bodiesOf(id).empty())
      methods_[record].push_back(id);
  relevant_.resize(summaries_.size());
  findLeading();
  findBindings();
  for (const std::vector<BodyId> &component : program.calls().components())
    summariseComponent(component);
  findWrapped();
  findByCallers();
}

void LockState::summariseComponent(const std::vector<BodyId> &component) {
  findRelevant(component);
  if (!program_.calls().recursive(component.front())) {
    for (BodyId body : component)
      summaries_[body] = summarise(body);
    return;
  }
  for (BodyId body : component)
    summaries_[body].outcomes.emplace_back(); // the first guess: returns, and changes nothing
  std::set<BodyId> members(component.begin(), component.end()), stale = members;
  for (unsigned round = 0; round < kRounds && !stale.empty(); ++round) {
    std::set<BodyId> now = std::exchange(stale, {});
    for (BodyId body : component) {
      if (!stale.erase(body) && !now.count(body))
        continue;
      LockSummary summary = summarise(body);
      bool changed = !equal(summary, summaries_[body]);
      summaries_[body] = std::move(summary);
      if (changed)
        for (const CallGraph::Caller &caller : program_.calls().callers(body))
          if (members.count(caller.body))
            stale.insert(caller.body);
    }
  }
  program_.cut().functions += stale.size();
}

AcquisitionId LockState::intern(const Acquisition &acquisition) {
  auto [it, fresh] = acquisitionIds_.try_emplace(
      {acquisition.body, acquisition.event, acquisition.lock, acquisition.mode, acquisition.via}, acquisitions_.size());
  if (fresh)
    acquisitions_.push_back(acquisition);
  return it->second;
}

const HeldSet &LockState::at(BodyId body, EventId event) const {
  return heldSets_[before_[body].empty() ? 0 : before_[body][event]];
}

bool LockState::releasedByCaller(BodyId body, PlaceId lock) const {
  // Names of one lock may differ at the end of the body and where it was taken.
  auto first = releasedByCaller_.lower_bound({body, 0});
  for (; first != releasedByCaller_.end() && first->first == body; ++first)
    if (alike(program_.places(), first->second, lock))
      return true;
  return false;
}

HeldSet LockState::declared(BodyId body) const {
  HeldSet held;
  for (auto [lock, mode] : required(body))
    if (!gives(body, lock))
      held.push_back(Held{.lock = lock, .mode = mode});
  return held;
}

EventId LockState::releaseOf(BodyId body, PlaceId lock) const {
  auto known = llvm::find_if(releases_[body], [&](const auto &entry) { return entry.first == lock; });
  return known == releases_[body].end() ? kNone : known->second;
}

bool LockState::known(BodyId body, EventId event) const {
  auto at = unseen_.find(body);
  return at == unseen_.end() || at->second[event];
}

std::vector<AcquisitionId> LockState::chain(AcquisitionId id) const {
  std::vector<AcquisitionId> result;
  for (; id != kNone; id = acquisitions_[id].via)
    result.push_back(id);
  return result;
}

// ---- members that constructors set for good ----------------------------------------------------------------------------------

void LockState::findBindings() {
  // Constructors first, by themselves: what they call besides constructors is taken to return and change nothing.
  Places &places = program_.places();
  const Facts &f = program_.facts();
  auto constructs = [&](BodyId id) { return has(f.functions()[f.bodies()[id].function()].flags(), FunctionFlag::Constructor); };
  for (BodyId id : program_.bodies())
    summaries_[id].outcomes.emplace_back();
  std::set<PlaceId> contradicted;
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
          if (!ownTarget || (!fresh && known->second != what))
            contradicted.insert(where);
        }
    }
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
  if (bindings_.empty() || places[member].kind() != PlaceKind::Field)
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

// ---- wrappers --------------------------------------------------------------------------------------------------------------

void LockState::findWrapped() {
  const Places &places = program_.places();
  for (BodyId id : program_.bodies()) {
    const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
    if (!has(function.flags(), FunctionFlag::Member) || has(function.flags(), FunctionFlag::Constructor))
      continue;
    for (const Outcome &outcome : summaries_[id].outcomes)
      for (const Held &held : outcome.acquired)
        if (!outcome.thrown && places.rootKind(held.lock) == PlaceKind::This)
          wrapped_.insert(held.lock);
  }
}

PlaceId LockState::lockObject(PlaceId lock) const {
  Places &places = program_.places();
  PlaceId result = lock, self = places.deref(places.make(PlaceKind::This, kNone));
  for (PlaceId id = lock; id != kNone && places[id].parent() != kNone; id = places[id].parent()) {
    PlaceId object = places[id].parent();
    PlaceKind kind = places[object].kind();
    if (kind != PlaceKind::Field && kind != PlaceKind::Global && kind != PlaceKind::Local && kind != PlaceKind::Element)
      continue;
    if (wrapped_.count(places.rebase(lock, object, self)))
      result = object;
  }
  return result;
}

bool LockState::handsOver(AcquisitionId id) const {
  const Acquisition &taken = acquisitions_[acquisitions_[id].via];
  for (const Outcome &outcome : summaries_[taken.body].outcomes)
    if (PathReader::find(outcome.acquired, taken.lock))
      return true;
  return false;
}

std::vector<AcquisitionId> LockState::story(AcquisitionId id) const {
  std::vector<AcquisitionId> result;
  for (; id != kNone; id = acquisitions_[id].via) {
    result.push_back(id);
    const Acquisition &a = acquisitions_[id];
    if (a.via == kNone)
      break;
    bool guard = program_.facts().body(a.body).events[a.event].kind() == EventKind::Construct;
    if ((guard && handsOver(id)) || wrapped_.count(acquisitions_[a.via].lock))
      break;
  }
  return result;
}

bool LockState::semaphore(PlaceId lock, BodyId body) const {
  const ClassModel *model = program_.classModel(program_.recordAt(lock, program_.facts().body(body)));
  return model && model->is == "semaphore";
}

std::optional<bool> LockState::recursive(PlaceId lock, BodyId body) const { return program_.lockKinds().recursive(lock, body); }

// ---- what callers hold -----------------------------------------------------------------------------------------------------

namespace {

/// The place of the callee's frame that is `place` of the caller's: the longest prefix that an argument names, then the rest.
PlaceId inward(Places &places, PlaceId place, const Invocation &invocation, const BodyView &caller) {
  if (places.rootKind(place) == PlaceKind::Global)
    return place;
  auto through = [&](PlaceId value, PlaceId root) -> PlaceId {
    if (value == kNone || !places.within(place, places.deref(value)))
      return kNone;
    return places.rebase(place, places.deref(value), places.deref(root));
  };
  if (PlaceId found = through(invocation.self, places.make(PlaceKind::This, kNone)); found != kNone)
    return found;
  for (uint32_t i = 0; i < invocation.arguments.size(); ++i)
    if (PlaceId found = through(invocation.arguments[i], places.make(PlaceKind::Param, i)); found != kNone)
      return found;
  if (invocation.closure == kNone)
    return kNone;
  std::span<const PlaceId> captured = caller.operands(caller.events[invocation.closure]);
  for (uint32_t i = 0; i < captured.size(); ++i)
    if (PlaceId found = through(places.canonical(captured[i]), places.make(PlaceKind::Capture, i)); found != kNone)
      return found;
  return kNone;
}

} // namespace

/// Whether the body releases a lock of its caller's, for good or for a while.
bool LockState::gives(BodyId body, PlaceId lock) const {
  auto within = [&](PlaceId released) { return program_.places().within(released, lock); };
  const LockSummary &summary = summaries_[body];
  return llvm::any_of(summary.outcomes, [&](const Outcome &o) { return llvm::any_of(o.released, within); }) ||
         llvm::any_of(summary.pairs, [&](const CriticalPair &p) { return llvm::any_of(p.released, within); });
}

/// Whether something that the event calls runs what it is given after it has released a lock of its caller.
bool LockState::releasesBefore(const BodyView &body, EventId event) const {
  for (const Invocation &invocation : program_.calls().invocations(body, event))
    for (BodyId callee : program_.bodiesOf(invocation.function))
      if (llvm::any_of(summaries_[callee].given, [](const GivenRun &run) { return !run.released.empty(); }))
        return true;
  return false;
}

void LockState::findByCallers() {
  // Top-down over components: callers are after their callees there.
  byCallers_.resize(summaries_.size());
  Places &places = program_.places();
  std::vector<bool> addressed(program_.facts().functions().size());
  for (BodyId id : program_.bodies()) {
    BodyView body = program_.facts().body(id);
    for (const Event &event : body.events)
      for (PlaceId operand : body.operands(event))
        if (operand != kNone && program_.facts().places()[operand].kind() == PlaceKind::Function)
          addressed[program_.facts().places()[operand].id()] = true;
  }
  for (const Initial &row : program_.facts().initials())
    if (const facts::Place &value = program_.facts().places()[row.value()]; value.kind() == PlaceKind::Function)
      addressed[value.id()] = true;
  auto components = program_.calls().components();
  for (size_t i = components.size(); i-- > 0;)
    for (BodyId id : components[i]) {
      const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
      std::span<const CallGraph::Caller> callers = program_.calls().callers(id);
      bool outside = !program_.hasMain() && !has(function.flags(), FunctionFlag::Internal | FunctionFlag::Lambda);
      // What is called through a value may be so by others than those that are seen.
      bool named = llvm::all_of(callers, [](const CallGraph::Caller &caller) { return caller.named; });
      if (callers.empty() || !named || addressed[program_.facts().bodies()[id].function()])
        continue;
      std::optional<HeldSet> common;
      for (const CallGraph::Caller &caller : callers) {
        if (llvm::is_contained(components[i], caller.body))
          continue; // a call within the recursion holds what the first one did, and more
        BodyView from = program_.facts().body(caller.body);
        HeldSet held = at(caller.body, caller.event);
        held.append(byCallers_[caller.body].begin(), byCallers_[caller.body].end());
        held.append(declared(caller.body));
        HeldSet here;
        for (const Invocation &invocation : program_.calls().reached(from, caller.event)) {
          if (program_.facts().bodies()[id].function() != invocation.function)
            continue;
          if (invocation.nested && releasesBefore(from, caller.event))
            break;
          for (Held h : held)
            if (!h.maybe)
              if (h.lock = inward(places, h.lock, invocation, from); h.lock != kNone)
                here.push_back(h);
          break;
        }
        if (!common)
          common = here;
        else
          llvm::erase_if(*common, [&](const Held &h) {
            return std::none_of(here.begin(), here.end(), [&](const Held &o) { return o.lock == h.lock; });
          });
      }
      // In an open target others may call it too; members of the same class that never do so unlocked are taken at their word.
      if (outside && !has(function.flags(), FunctionFlag::Member))
        continue;
      if (common)
        byCallers_[id] = std::move(*common);
    }
}

} // namespace heddle
