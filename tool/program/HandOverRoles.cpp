#include "program/HandOverRoles.h"
#include "program/AtomicAccesses.h"
#include "program/MemoryOrder.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace heddle {

using namespace facts;

bool runsOnce(const Program &program, const Event &event) {
  const FunctionModel *model = event.callee() == kNone ? nullptr : program.model(event.callee());
  if (!model || event.kind() != EventKind::Call || program.classModel(program.facts().functions()[event.callee()].record()))
    return false;
  bool locks = false, runs = false, waits = false;
  for (const Op &op : model->ops) {
    locks = locks || (op.verb == Verb::Acquire && op.operands.size() == 1);
    runs = runs || op.verb == Verb::Run;
    waits = waits || op.verb == Verb::Await || op.verb == Verb::Start || op.verb == Verb::Join;
  }
  return locks && runs && !waits;
}

namespace {

/// A wait that another thread or process may end; a file is no way to say that one is done.
bool waitsForOthers(const Op &op) { return op.verb == Verb::Block && blockWord(op.note).kind != BlockKind::File; }

/// The static local that an event is the first to write.
VariableId initialised(const Program &program, const Event &event) {
  bool first =
      event.kind() == EventKind::Construct || (event.kind() == EventKind::Write && has(event.flags(), EventFlag::Initial));
  if (!first || event.place() == kNone)
    return kNone;
  const facts::Place &place = program.places()[program.places().canonical(event.place())];
  bool local =
      place.kind() == PlaceKind::Global && has(program.facts().variables()[place.id()].flags(), VariableFlag::StaticLocal);
  return local ? place.id() : kNone;
}

/// Whether a branch of the body, or its caller, looks at what an event gave: an update in one step that nobody asks about counts
/// or draws a number, and waits for nobody.
bool askedFor(const Program &program, const BodyView &body, const Event &event) {
  Places &places = program.places();
  llvm::SmallVector<PlaceId, 4> names{places.make(PlaceKind::Result, body.idOf(event))};
  auto mentions = [&](PlaceId value) {
    return value != kNone && llvm::any_of(names, [&](PlaceId name) { return places.mentions(places.canonical(value), name); });
  };
  for (const Event &other : body.events)
    if (other.kind() == EventKind::Write && other.operand_count() > 0 && mentions(body.operands(other)[0]) && names.size() < 4)
      names.push_back(places.canonical(other.place()));
  return llvm::any_of(body.blocks,
                      [&](const Block &block) {
                        return llvm::any_of(body.edgesOf(block), [&](const Edge &edge) { return mentions(edge.value()); });
                      }) ||
         llvm::any_of(body.events, [&](const Event &other) {
           // An answer, not a number.
           TypeId type = program.facts().functions()[body.function()].result();
           return other.kind() == EventKind::Return && other.operand_count() > 0 && mentions(body.operands(other)[0]) &&
                  (type == kNone || program.facts().types()[type].kind() == TypeKind::Bool ||
                   places[places.canonical(body.operands(other)[0])].kind() == PlaceKind::Expr);
         });
}

HandOverRole roleOf(const Program &program, const BodyView &body, const Event &event, VariableId initialises) {
  HandOverRole role;
  if (initialises != kNone && (event.kind() == EventKind::Call || event.kind() == EventKind::Construct)) {
    role.initialises = initialises;
    role.waits = role.tells = role.once = true;
    return role;
  }
  if (std::optional<AtomicAccess> access = atomicAccessAt(program, body, body.idOf(event))) {
    role.atomic = true;
    role.tells = access->kind != AtomicAccess::Load;
    role.stores = access->kind == AtomicAccess::Store;
    // Who adds draws a number: it says how many came before, not that they are done.
    role.waits = access->kind == AtomicAccess::Load ||
                 (access->kind == AtomicAccess::Update && !access->raises && askedFor(program, body, event));
    MemoryOrder order = memoryOrderOf(program, body, event);
    role.releases = order.releases;
    role.acquires = order.acquires;
    return role;
  }
  if (event.kind() != EventKind::Call || event.callee() == kNone || !program.bodiesOf(event.callee()).empty())
    return role;
  const Function &function = program.facts().functions()[event.callee()];
  const ClassModel *owner = program.classModel(function.record());
  if (owner && (owner->is == "lock" || owner->is == "guard" || owner->is == "thread" || owner->is == "pointer"))
    return role;
  const FunctionModel *model = program.model(event.callee());
  bool locks = false, joins = false;
  if (model)
    for (const Op &op : model->ops) {
      role.fence = role.fence || op.verb == Verb::Fence;
      // All that meet at a barrier tell and wait.
      role.tells = role.tells || (op.verb == Verb::Block && op.note == "barrier");
      locks = locks || ((op.verb == Verb::Acquire || op.verb == Verb::Release) && op.operands.size() == 1);
      joins = joins || op.verb == Verb::Join || op.verb == Verb::Start;
      role.condition = role.condition || op.verb == Verb::Await;
      role.waits = role.waits || op.verb == Verb::Await || waitsForOthers(op);
      role.tells = role.tells || op.verb == Verb::Notify;
      role.channel = role.channel || op.verb == Verb::Advance;
      role.tells = role.tells || (op.verb == Verb::Advance && op.note == "write");
    }
  if (joins || role.fence)
    return {.fence = role.fence};
  if (locks && !role.waits && runsOnce(program, event))
    return {.waits = true, .tells = true, .once = true};
  if (locks && !role.waits)
    return {};
  // Whatever a library does to an object on which another thread waits may be what it waits for.
  role.tells = role.tells || !role.waits;
  return role;
}

} // namespace

const HandOverRoles::Acting &HandOverRoles::of(BodyId id) {
  auto [at, isNew] = acting_.try_emplace(id);
  if (!isNew)
    return at->second;
  BodyView body = program_.facts().body(id);
  for (const Block &block : body.blocks) {
    // A static local's initialiser has blocks of its own: what stands before the variable's event in one of them belongs to it.
    VariableId initialises = kNone;
    for (const Event &event : llvm::reverse(body.eventsOf(block))) {
      if (VariableId variable = initialised(program_, event); variable != kNone)
        initialises = variable;
      if (HandOverRole role = roleOf(program_, body, event, initialises); role.waits || role.tells || role.fence)
        at->second.emplace_back(body.idOf(event), role);
    }
  }
  std::sort(at->second.begin(), at->second.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  return at->second;
}

HandOverRole HandOverRoles::at(BodyId body, EventId event) {
  const Acting &acting = of(body);
  auto found = std::lower_bound(acting.begin(), acting.end(), event, [](const auto &a, EventId id) { return a.first < id; });
  return found != acting.end() && found->first == event ? found->second : HandOverRole{};
}

} // namespace heddle
