#include "program/LockState.h"
#include "program/BlockGraph.h"
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
  findAsked();
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

HeldSet LockState::kept(BodyId body, EventId event, HeldSet held) const {
  // What is said of a wrapper is said of the lock in it.
  llvm::erase_if(held, [&](const Held &h) {
    return llvm::any_of(releases_[body], [&](const auto &row) {
      return program_.places().within(row.first, h.lock) && row.second != event && program_.graph(body).passes(row.second, event);
    });
  });
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

// ---- wrappers --------------------------------------------------------------------------------------------------------------

void LockState::findWrapped() {
  Places &places = program_.places();
  PlaceId self = places.deref(places.make(PlaceKind::This, kNone));
  PlaceId first = places.deref(places.make(PlaceKind::Param, 0));
  std::vector<bool> locks = lockStructs(/*more=*/false), wrappers = lockStructs(/*more=*/true);
  for (FieldId id = 0; id < program_.facts().fields().size(); ++id) {
    const Field &field = program_.facts().fields()[id];
    RecordId type = field.record() == kNone || !locks[field.record()] ? kNone : program_.recordOf(field.type());
    const ClassModel *model = type == kNone ? nullptr : program_.classModel(type);
    if (model && (model->is == "lock" || model->is == "semaphore") &&
        has(program_.facts().records()[field.record()].flags(), RecordFlag::C))
      wrapped_.insert(places.member(self, id));
  }
  for (BodyId id : program_.bodies()) {
    const Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
    if (has(function.flags(), FunctionFlag::Constructor))
      continue;
    bool member = has(function.flags(), FunctionFlag::Member);
    for (const Outcome &outcome : summaries_[id].outcomes)
      for (const Held &held : outcome.acquired) {
        if (outcome.thrown)
          continue;
        const facts::Place &lock = places[held.lock];
        if (member && places.rootKind(held.lock) == PlaceKind::This)
          wrapped_.insert(held.lock);
        else if (!member && lock.kind() == PlaceKind::Field && lock.id() < program_.facts().fields().size() &&
                 lock.parent() == first) {
          RecordId record = program_.facts().fields()[lock.id()].record();
          if (record != kNone && wrappers[record])
            wrapped_.insert(places.rebase(held.lock, first, self));
        }
      }
  }
}

/// Structs that are no more than a lock; with `more`, numbers and pointers beside it may say something of it, as the holder does:
/// where a function takes the lock for its caller, the struct is there for the lock.
std::vector<bool> LockState::lockStructs(bool more) const {
  const Facts &facts = program_.facts();
  std::vector<unsigned> locks(facts.records().size()), others(facts.records().size());
  for (const Field &field : facts.fields()) {
    if (field.type() == kNone || field.record() == kNone)
      continue;
    const Type &type = facts.types()[field.type()];
    const ClassModel *model = type.kind() == TypeKind::Record ? program_.classModel(type.record()) : nullptr;
    bool says = type.kind() == TypeKind::Bool || type.kind() == TypeKind::Integer || type.kind() == TypeKind::Enum ||
                type.kind() == TypeKind::Pointer;
    if (model && (model->is == "lock" || model->is == "semaphore"))
      ++locks[field.record()];
    else if (!(more && says) && !(model && model->is == "condition"))
      ++others[field.record()];
  }
  std::vector<bool> result(locks.size());
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = locks[i] == 1 && others[i] == 0 && !program_.classModel(i);
  return result;
}

PlaceId LockState::lockObject(PlaceId lock) const {
  Places &places = program_.places();
  PlaceId result = lock, self = places.deref(places.make(PlaceKind::This, kNone));
  for (PlaceId id = lock; id != kNone && places[id].parent() != kNone; id = places[id].parent()) {
    PlaceId object = places[id].parent();
    PlaceKind kind = places[object].kind();
    bool pointed = kind == PlaceKind::Deref && places[places[object].parent()].kind() == PlaceKind::Field;
    if (!pointed && kind != PlaceKind::Field && kind != PlaceKind::Global && kind != PlaceKind::Local &&
        kind != PlaceKind::Element)
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
    // What a wrapper does with its own member needs no telling; what takes a wrapper's for its caller does.
    const Places &places = program_.places();
    PlaceId inner = acquisitions_[a.via].lock, object = places[inner].parent();
    bool member = object != kNone && places[object].kind() == PlaceKind::Deref && places.rootKind(object) == PlaceKind::This;
    // Nor does what a function takes, for its caller, of the object that it was given: there the lock has the parameter's name.
    bool given = places.rootKind(inner) == PlaceKind::Param;
    if (((guard || given) && handsOver(id)) || (member && wrapped_.count(inner)))
      break;
  }
  return result;
}

bool LockState::semaphore(PlaceId lock, BodyId body) const {
  const ClassModel *model = program_.classModel(program_.recordAt(lock, program_.facts().body(body)));
  return model && model->is == "semaphore";
}

std::optional<bool> LockState::recursive(PlaceId lock, BodyId body) const {
  std::optional<bool> known = program_.lockKinds().recursive(lock, body);
  RecordId record = known ? RecordId(kNone) : program_.recordAt(lock, program_.facts().body(body));
  // What declares itself a capability can't be taken twice, as its attributes say (Clang, Thread Safety Analysis).
  if (record != kNone && !program_.classModel(record) && attributes_.capability(record))
    return false;
  return known;
}

} // namespace heddle
