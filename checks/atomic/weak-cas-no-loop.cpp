// A compare-and-swap that may fail for no reason, tried once and then taken at its word. Which functions these are (`spurious`)
// stands in the models.
#include "checks/Check.h"
#include "program/BlockGraph.h"
#include "program/CallGraph.h"
#include "program/Story.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {
namespace {

class WeakCas {
public:
  WeakCas(const Program &program, Sink &sink) : program_(program), sink_(sink) {}

  void run() {
    using facts::FunctionFlag;
    for (facts::BodyId id : program_.bodies()) {
      facts::BodyView body = program_.facts().body(id);
      if (has(program_.facts().functions()[body.function()].flags(), FunctionFlag::System))
        continue;
      for (facts::EventId event = 0; event < body.events.size(); ++event)
        if (spurious(body.events[event]) && !inLoop(id, event) && !reports(body, event) && !calledInLoop(id))
          report(id, event);
    }
  }

private:
  bool spurious(const facts::Event &event) const {
    const FunctionModel *model =
        event.kind() == facts::EventKind::Call && event.callee() != facts::kNone ? program_.model(event.callee()) : nullptr;
    return model && model->spurious;
  }

  bool inLoop(facts::BodyId id, facts::EventId event) const {
    BlockGraph graph(program_.facts().body(id));
    return graph.cyclic(graph.blockOf(event));
  }

  /// The function is one step of a loop that stands in its caller.
  bool calledInLoop(facts::BodyId id) const {
    return llvm::any_of(program_.calls().callers(id),
                        [&](const CallGraph::Caller &caller) { return inLoop(caller.body, caller.event); });
  }

  /// Whether the outcome is handed on: returned, stored where others find it, passed to a function.
  bool reports(const facts::BodyView &body, facts::EventId event) const {
    Places &places = program_.places();
    llvm::SmallVector<PlaceId, 2> outcomes{places.make(PlaceKind::Result, event)};
    for (size_t i = 0; i < outcomes.size(); ++i)
      for (const facts::Event &later : body.events.subspan(event + 1)) {
        auto tells = [&](PlaceId operand) { return operand != kNone && places.mentions(places.canonical(operand), outcomes[i]); };
        if (!llvm::any_of(body.operands(later), tells))
          continue;
        PlaceId to = later.kind() == facts::EventKind::Write ? places.canonical(later.place()) : kNone;
        if (to == kNone || places[to].kind() != PlaceKind::Local)
          return true;
        if (!llvm::is_contained(outcomes, to))
          outcomes.push_back(to);
      }
    return false;
  }

  void report(facts::BodyId id, facts::EventId event) {
    facts::BodyView body = program_.facts().body(id);
    PlaceId atomic = program_.places().canonical(body.events[event].place());
    std::string name = atomic == kNone ? "it" : "'" + program_.places().text(atomic, &body) + "'";
    Finding finding;
    finding.check = "weak-cas-no-loop";
    finding.severity = Severity::Error;
    finding.message = "this weak compare-and-swap may fail though " + name +
                      " has the expected value, and nothing tries again; use the strong one, or a loop";
    finding.place = rangeOf(program_.facts(), body.events[event].location());
    finding.function = program_.displayOf(body.function()).str();
    finding.entities = {atomic == kNone ? finding.function : program_.places().text(atomic, &body)};
    Step step = stepAt(program_, id, event, "write", "tries once to change " + name);
    step.own = true;
    finding.lanes = {{"thread", {startOf(program_, id), std::move(step)}}};
    finding.reasons = {"processors with load-linked and store-conditional give up when anything comes between the two"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  Sink &sink_;
};

void run(const Program &program, Sink &sink) { WeakCas(program, sink).run(); }

} // namespace

extern const Check weakCasNoLoop{"weak-cas-no-loop", "atomic",    "a weak compare-and-swap whose failure isn't retried",
                                 Severity::Error,    World::Open, run};

} // namespace heddle
