// Locks taken one by one by guards that stand side by side, where one guard could take them all in an order that can't deadlock.
#include "checks/Check.h"
#include "program/GuardMaking.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

#include <optional>
#include <set>

namespace heddle {
namespace {

using namespace facts;

/// Guards that stand one after the other, first to last.
struct Chain {
  std::vector<EventId> guards;
  std::vector<PlaceId> locks;
  std::vector<const Shape *> shapes;
};

/// Whether a class can be locked together with others: a lock of the library's, or one that can be tried, under one of the names
/// by which guards try what they are given.
bool canBeTried(const Program &program, const BodyView &body, PlaceId lock) {
  if (kindAt(program, body, lock, "lock"))
    return true;
  RecordId record = classAt(program, body, lock);
  if (record == kNone)
    return false;
  const Facts &facts = program.facts();
  std::string prefix = (facts.string(facts.records()[record].pattern()) + "::").str();
  for (const auto &row : program.models().functions())
    for (const FunctionModel &model : row.second)
      for (const Op &op : model.ops)
        if (op.attempt && op.mode == Mode::Exclusive && !op.by.empty())
          for (const Function &function : facts.functions())
            if (function.record() == record && facts.string(function.name()) == prefix + op.by)
              return true;
  return false;
}

bool throughPointer(const Places &places, PlaceId place) {
  for (; place != kNone; place = places[place].parent())
    if (places[place].kind() == PlaceKind::Deref)
      return true;
  return false;
}

/// What a guard's argument names, if it is there before any of the locks is taken: the lock is not found through what another
/// guards.
PlaceId steadyLock(const Program &program, const BodyView &body, EventId made) {
  const Places &places = program.places();
  if (makingOf(program, body, made) != Making::Owning || body.events[made].operand_count() != 1)
    return kNone;
  PlaceId value = places.canonical(body.operands(body.events[made])[0]);
  if (value == kNone || places[value].kind() != PlaceKind::AddressOf)
    return kNone;
  PlaceId lock = places[value].parent();
  if (!canBeTried(program, body, lock))
    return kNone;
  if (places.rootKind(lock) == PlaceKind::Local && throughPointer(places, lock))
    return kNone; // a pointer that may have been chosen by an order
  const Place &root = places[places.root(lock)];
  if (root.kind() == PlaceKind::Global && has(program.facts().variables()[root.id()].flags(), VariableFlag::ThreadLocal))
    return kNone; // nobody else can have it
  for (PlaceId id = lock; places[id].parent() != kNone; id = places[id].parent()) {
    bool ofRoot = places[places[id].parent()].parent() == kNone;
    if (places[id].kind() != PlaceKind::Field && !(places[id].kind() == PlaceKind::Deref && ofRoot))
      return kNone;
  }
  return lock;
}

/// The field or variable that a lock is.
std::pair<OwnerKind, uint32_t> ownerOfAttributes(const Places &places, PlaceId lock) {
  const Place &place = places[lock];
  if (place.kind() == PlaceKind::Field)
    return {OwnerKind::Field, place.id()};
  return {OwnerKind::Variable, place.kind() == PlaceKind::Global ? place.id() : kNone};
}

/// Whether an attribute of one of the two says which comes first.
bool documented(const Program &program, PlaceId a, PlaceId b) {
  const Facts &facts = program.facts();
  const Places &places = program.places();
  auto says = [&](PlaceId lock, PlaceId other) {
    for (const Attribute &attribute : facts.attributes()) {
      if (attribute.kind() != AttributeKind::AcquiredBefore && attribute.kind() != AttributeKind::AcquiredAfter)
        continue;
      if (std::pair(attribute.owner_kind(), attribute.owner()) != ownerOfAttributes(places, lock))
        continue;
      for (PlaceId argument : facts.list(attribute.args(), attribute.arg_count()))
        if (argument = places.canonical(argument); ownerOfAttributes(places, argument) == ownerOfAttributes(places, other))
          return true;
    }
    return false;
  };
  return says(a, b) || says(b, a);
}

/// What the program does about the order of locks already.
class Settled {
public:
  explicit Settled(const Program &program) : order_(program.lockOrder()) {
    for (const OrderEdge &edge : order_.edges())
      edges_.insert({edge.fromNode, edge.toNode});
  }

  /// Whether two locks are taken both ways round, or are one member of two objects, and yet can't deadlock: by a gate, by their
  /// addresses, by a number. Where they can, that is another check's to say.
  bool operator()(PlaceId first, PlaceId second, BodyId body) {
    LockNode a = order_.node(first, body), b = order_.node(second, body);
    return a == b ? !cyclic(a) : edges_.count({b, a}) != 0;
  }

private:
  bool cyclic(const LockNode &node) {
    if (!cycles_)
      cycles_ = order_.cycles();
    return llvm::any_of(*cycles_, [&](const LockCycle &cycle) {
      return cycle.edges.front()->fromNode == node && cycle.edges.front()->toNode == node;
    });
  }

  const LockOrder &order_;
  std::set<std::pair<LockNode, LockNode>> edges_;
  std::optional<std::vector<LockCycle>> cycles_;
};

std::vector<Chain> chainsOf(const Program &program, const BodyView &body) {
  std::vector<Chain> chains;
  for (const Shape &shape : body.shapes) {
    if (shape.kind() != ShapeKind::AdjacentObjects)
      continue;
    PlaceId first = steadyLock(program, body, shape.event()), second = steadyLock(program, body, shape.other());
    if (first == kNone || second == kNone || first == second || documented(program, first, second))
      continue;
    if (chains.empty() || chains.back().guards.back() != shape.event())
      chains.push_back({{shape.event()}, {first}, {}});
    Chain &chain = chains.back();
    chain.guards.push_back(shape.other());
    chain.locks.push_back(second);
    chain.shapes.push_back(&shape);
  }
  return chains;
}

/// The edit of two neighbours lists both arguments; a longer chain is edited by its reader.
void addFix(const Program &program, const BodyView &body, const Chain &chain, llvm::StringRef together, Finding &finding) {
  if (chain.shapes.size() != 1 || chain.shapes[0]->edit() == kNone)
    return;
  const Shape &shape = *chain.shapes[0];
  Fix fix;
  fix.message = (together + " " + program.places().text(body.events[chain.guards[0]].place(), &body) + "(" +
                 program.facts().string(shape.edit()) + ")")
                    .str();
  fix.edits.push_back({rangeOf(program.facts(), shape.location()), fix.message + ";"});
  finding.fixes.push_back(std::move(fix));
}

void report(const Program &program, const BodyView &body, const Chain &chain, Sink &sink) {
  RecordId record = program.facts().functions()[body.events[chain.guards[0]].callee()].record();
  const ClassModel *guard = program.classModel(record);
  if (!guard || guard->together.empty())
    return;
  Finding finding;
  finding.check = "unordered-multi-lock";
  finding.severity = Severity::Advice;
  Lane lane{"this thread", {}};
  std::string names;
  for (size_t i = 0; i < chain.guards.size(); ++i) {
    std::string name = "'" + program.places().text(chain.locks[i], &body) + "'";
    names += (i == 0 ? "" : i + 1 < chain.guards.size() ? ", " : " and ") + name;
    Step step = stepAt(program, body.id, chain.guards[i], "acquire", "locks " + name);
    step.own = true;
    lane.steps.push_back(std::move(step));
    finding.entities.push_back(program.lockOrder().name(program.lockOrder().node(chain.locks[i], body.id)));
  }
  finding.message = names + " are locked one after the other, in an order that every other place must keep to; one '" +
                    guard->together + "' takes them together";
  finding.place = lane.steps.back().place;
  finding.function = lane.steps.back().function;
  finding.lanes.push_back(std::move(lane));
  addFix(program, body, chain, guard->together, finding);
  sink.report(std::move(finding));
}

void run(const Program &program, Sink &sink) {
  std::optional<Settled> settled;
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (const Chain &chain : chainsOf(program, body)) {
      if (!settled)
        settled.emplace(program);
      bool known = false;
      for (size_t i = 1; i < chain.locks.size(); ++i)
        known = known || (*settled)(chain.locks[i - 1], chain.locks[i], id);
      if (!known)
        report(program, body, chain, sink);
    }
  }
}

} // namespace

extern const Check unorderedMultiLock{
    "unordered-multi-lock", "lock",      "locks taken one by one that one guard could take together",
    Severity::Advice,       World::Open, run};

} // namespace heddle
