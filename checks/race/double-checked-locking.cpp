// Double-checked locking whose first test is a plain read: a thread that sees the pointer, or the flag, set need not see what was
// written before it. Source: Meyers and Alexandrescu, "C++ and the Perils of Double-Checked Locking", 2004.
#include "checks/Check.h"
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/Endings.h"
#include "program/Entries.h"
#include "program/LockState.h"
#include "program/Story.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace heddle {
namespace {

using facts::BlockId;
using facts::BodyId;
using facts::EventId;

class DoubleChecked {
public:
  DoubleChecked(const Program &program, Sink &sink) : program_(program), locks_(program.locks()), sink_(sink) {}

  void run() {
    if (program_.hasMain() && program_.entries().all().size() < 2)
      return; // one thread
    for (BodyId id : program_.bodies())
      look(id);
  }

private:
  /// A test of a place: the read and the block that branches on it.
  struct Test {
    EventId read;
    BlockId block;
    PlaceId place;
  };
  struct Slow {
    BodyId body;
    EventId test, write;
    PlaceId lock;
  };

  /// What several threads can name: a global, or a member reached through a pointer; and plain.
  bool isShared(PlaceId place) const {
    using facts::TypeFlag;
    const Places &places = program_.places();
    PlaceKind kind = places[place].kind(), root = places.rootKind(place);
    if ((kind != PlaceKind::Global && kind != PlaceKind::Field) ||
        (root != PlaceKind::Global && root != PlaceKind::This && root != PlaceKind::Param))
      return false;
    facts::TypeId type = kind == PlaceKind::Global ? program_.facts().variables()[places[place].id()].type()
                         : places[place].id() < program_.facts().fields().size()
                             ? program_.facts().fields()[places[place].id()].type()
                             : facts::kNone;
    const ClassModel *model = type == facts::kNone ? nullptr : program_.classModel(program_.facts().types()[type].record());
    return type != facts::kNone && !has(program_.facts().types()[type].flags(), TypeFlag::Atomic) &&
           !(model && model->is == "atomic");
  }

  std::vector<Test> testsOf(const facts::BodyView &body, const BlockGraph &graph) const {
    const Places &places = program_.places();
    std::vector<Test> tests;
    for (EventId event = 0; event < body.events.size(); ++event) {
      const facts::Event &row = body.events[event];
      if (row.kind() != facts::EventKind::Read || has(row.flags(), facts::EventFlag::Atomic) || row.place() == kNone)
        continue;
      PlaceId place = places.canonical(row.place());
      BlockId block = graph.blockOf(event);
      bool tested = llvm::any_of(body.edgesOf(body.blocks[block]), [&](const facts::Edge &edge) {
        return edge.value() != kNone && places.canonical(edge.value()) == place;
      });
      if (tested && isShared(place) && !program_.endings().asserted(body.id, event))
        tests.push_back({event, block, place});
    }
    return tests;
  }

  bool unlocked(BodyId id, EventId event) const {
    return locks_.known(id, event) && locks_.at(id, event).empty() && locks_.byCallers(id).empty() && locks_.declared(id).empty();
  }

  /// A test of the same under a lock, and a write under that lock after it.
  std::optional<Slow> slowPath(BodyId id, const facts::BodyView &body, const BlockGraph &graph,
                               std::pair<PlaceKind, uint32_t> subject, BlockId from, EventId but) const {
    const Places &places = program_.places();
    auto isSubject = [&](PlaceId place) { return std::pair(places[place].kind(), uint32_t(places[place].id())) == subject; };
    for (const Test &test : testsOf(body, graph)) {
      if (test.read == but || !isSubject(test.place) || (but != facts::kNone && !graph.reachesForward(from, test.block)))
        continue;
      for (const Held &held : locks_.at(id, test.read)) {
        if (held.maybe)
          continue;
        for (EventId event = 0; event < body.events.size(); ++event) {
          const facts::Event &row = body.events[event];
          if (row.kind() != facts::EventKind::Write || row.place() == kNone || !isSubject(places.canonical(row.place())) ||
              !graph.reachesForward(test.block, graph.blockOf(event)) || graph.blockOf(event) == test.block)
            continue;
          auto same = [&](const Held &other) { return other.lock == held.lock; };
          if (llvm::any_of(locks_.at(id, event), same))
            return Slow{id, test.read, event, held.lock};
        }
      }
    }
    return std::nullopt;
  }

  void look(BodyId id) {
    facts::BodyView body = program_.facts().body(id);
    using facts::FunctionFlag;
    if (has(program_.facts().functions()[body.function()].flags(),
            FunctionFlag::Constructor | FunctionFlag::Destructor | FunctionFlag::System))
      return;
    BlockGraph graph(body);
    for (const Test &test : testsOf(body, graph)) {
      if (!unlocked(id, test.read))
        continue;
      const facts::Place &place = program_.places()[test.place];
      std::pair<PlaceKind, uint32_t> subject(place.kind(), place.id());
      std::optional<Slow> slow = slowPath(id, body, graph, subject, test.block, test.read);
      // The slow path may be a function of its own, called on one branch.
      for (EventId event = 0; !slow && event < body.events.size(); ++event) {
        const facts::Event &call = body.events[event];
        BlockId at = graph.blockOf(event);
        if (call.kind() != facts::EventKind::Call || call.callee() == facts::kNone ||
            !llvm::is_contained(graph.after(test.block), at) || !locks_.at(id, event).empty())
          continue;
        for (BodyId callee : program_.bodiesOf(call.callee())) {
          facts::BodyView inner = program_.facts().body(callee);
          if (callee != id && (place.kind() == PlaceKind::Global || sameReceiver(call, test.place)))
            slow = slowPath(callee, inner, BlockGraph(inner), subject, 0, facts::kNone);
        }
      }
      if (slow && told_.insert(subject).second)
        report(id, test, *slow);
    }
  }

  /// Whether a member function is called on the object that the tested member belongs to.
  bool sameReceiver(const facts::Event &call, PlaceId tested) const {
    const Places &places = program_.places();
    PlaceId object = call.place() == kNone ? kNone : places.canonical(call.place());
    return object != kNone && places.within(tested, object);
  }

  void report(BodyId id, const Test &test, const Slow &slow) {
    facts::BodyView body = program_.facts().body(id), other = program_.facts().body(slow.body);
    std::string name = nameOf(test.place), lock = nameOf(slow.lock, other);
    Finding finding;
    finding.check = "double-checked-locking";
    finding.severity = Severity::Error;
    finding.message = "'" + name + "' is tested here without '" + lock +
                      "', under which it is tested again and set; a thread that sees it set need not see what was written before";
    finding.place = rangeOf(program_.facts(), body.events[test.read].location());
    finding.function = program_.displayOf(body.function()).str();
    finding.entities = {entityOf(test.place)};
    Step writes = stepAt(program_, slow.body, slow.write, "write", "sets '" + name + "'");
    writes.held = {lock};
    Step reads = stepAt(program_, id, test.read, "read", "tests '" + name + "', with no lock");
    writes.own = reads.own = true;
    finding.lanes = {
        {"thread 1", {stepAt(program_, slow.body, slow.test, "read", "tests '" + name + "' again"), std::move(writes)}},
        {"thread 2", {std::move(reads)}}};
    finding.reasons = {
        "the first test is a plain read: it is ordered with nothing, and the compiler may move what follows before it"};
    sink_.report(std::move(finding));
  }

  /// Without what leads there: "loaded_", "configMutex".
  std::string nameOf(PlaceId place) const {
    const facts::Facts &facts = program_.facts();
    const facts::Place &p = program_.places()[place];
    bool field = p.kind() == PlaceKind::Field && p.id() < facts.fields().size();
    return facts.string(field ? facts.fields()[p.id()].name() : facts.variables()[p.id()].name()).str();
  }

  std::string nameOf(PlaceId lock, const facts::BodyView &body) const {
    PlaceId object = program_.places().canonical(locks_.lockObject(lock));
    PlaceKind kind = program_.places()[object].kind();
    return kind == PlaceKind::Field || kind == PlaceKind::Global ? nameOf(object) : program_.places().text(lock, &body);
  }

  std::string entityOf(PlaceId place) const {
    const facts::Facts &facts = program_.facts();
    const facts::Place &p = program_.places()[place];
    if (p.kind() == PlaceKind::Global)
      return facts.string(facts.variables()[p.id()].name()).str();
    const facts::Field &field = facts.fields()[p.id()];
    return (facts.string(facts.records()[field.record()].name()) + "::" + facts.string(field.name())).str();
  }

  const Program &program_;
  const LockState &locks_;
  Sink &sink_;
  std::set<std::pair<PlaceKind, uint32_t>> told_;
};

void run(const Program &program, Sink &sink) { DoubleChecked(program, sink).run(); }

} // namespace

extern const Check doubleCheckedLocking{
    "double-checked-locking", "race",      "double-checked locking whose first test is a plain read",
    Severity::Error,          World::Open, run};

} // namespace heddle
