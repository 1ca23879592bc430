// Library functions that keep state of their own, called by two threads at the same time: one static buffer, one environment.
// Which they are stands in program/models/c-static-state.yaml; who runs beside whom, and what orders them, is the theory of
// data-race (program/Phases.h, HandOver.h, Vetoes.h) on a state that is surely the same.
#include "checks/Check.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

#include <map>

namespace heddle {
namespace {

constexpr size_t kPairs = 4000; // weighed for one state

class MtUnsafeCall {
public:
  MtUnsafeCall(const Program &program, Sink &sink)
      : program_(program), sharing_(program.sharing()), story_(sharing_), sink_(sink) {}

  void run() {
    if (sharing_.entries().all().size() < 2)
      return;
    collect();
    for (const auto &[state, uses] : uses_)
      weigh(state, uses);
  }

private:
  struct Use {
    Access access;
    facts::FunctionId function;
  };
  struct Pair {
    const Use *first = nullptr, *second = nullptr;
    std::vector<std::string> considered;
  };

  const FunctionModel *modelOf(facts::FunctionId function) const {
    const FunctionModel *model = program_.bodiesOf(function).empty() ? program_.model(function) : nullptr;
    return model && !model->staticState.empty() ? model : nullptr;
  }

  void collect() {
    Frames &frames = sharing_.entries().frames();
    for (FrameId frame : frames.reached()) {
      facts::BodyView body = frames.body(frame);
      for (facts::EventId event = 0; event < body.events.size(); ++event) {
        const facts::Event &row = body.events[event];
        if (row.kind() != facts::EventKind::Call || row.callee() == facts::kNone)
          continue;
        const FunctionModel *model = modelOf(row.callee());
        if (!model)
          continue;
        Use use;
        use.function = row.callee();
        use.access.point = {frame, event};
        use.access.object = frames.stateOf(row.callee());
        use.access.write = model->keepsState;
        uses_[model->staticState].push_back(use);
      }
    }
  }

  std::tuple<bool, size_t, SourceRange, SourceRange> rank(const Use &a, const Use &b) const {
    const Point &here = a.access.point, &there = b.access.point;
    return {here.event == there.event, story_.distance(here, there), story_.placeOf(here), story_.placeOf(there)};
  }

  void weigh(const std::string &state, const std::vector<Use> &uses) {
    Pair best;
    size_t pairs = 0;
    for (size_t i = 0; i < uses.size(); ++i)
      for (size_t k = i; k < uses.size(); ++k) {
        const Use *a = &uses[i], *b = &uses[k];
        if (!a->access.write && !b->access.write)
          continue;
        if (++pairs > kPairs) {
          ++program_.cut().paths;
          k = i = uses.size();
          continue;
        }
        if (!a->access.write)
          std::swap(a, b);
        Pair pair{a, b, {}};
        if (vetoed({sharing_, a->access, b->access}, pair.considered, veto::notShared))
          continue;
        if (!best.first || rank(*a, *b) < rank(*best.first, *best.second))
          best = std::move(pair);
      }
    if (best.first)
      report(state, best);
  }

  std::string nameOf(const Use &use) const { return program_.nameOf(use.function).str(); }

  Lane laneOf(const Use &use, const Use &other, const char *name) const {
    Lane lane = story_.lane(name, use.access.point, other.access.point);
    Step step = story_.step(use.access.point, "call", "calls '" + nameOf(use) + "'", lane.steps.size());
    step.own = true;
    step.held = story_.heldAt(use.access.point);
    lane.steps.push_back(std::move(step));
    return lane;
  }

  void report(const std::string &state, const Pair &pair) {
    const Use &first = *pair.first, &second = *pair.second;
    std::string name = nameOf(first), other = nameOf(second);
    Finding finding = story_.finding("mt-unsafe-call", Severity::Warning, first.access, second.access);
    finding.message = "'" + name + "' changes state that all threads share (" + state + "), and " +
                      story_.who(second.access.point, first.access.point) + " calls " +
                      (other == name ? "it" : "'" + other + "'") + " at the same time";
    if (const FunctionModel *model = modelOf(first.function); !model->reentrant.empty())
      finding.message += "; '" + model->reentrant + "' has no such state";
    finding.entities = {name, other};
    finding.lanes = {laneOf(first, second, "thread 1"), laneOf(second, first, "thread 2")};
    finding.considered = pair.considered;
    sink_.report(std::move(finding));
  }

  const Program &program_;
  const Sharing &sharing_;
  RaceStory story_;
  Sink &sink_;
  std::map<std::string, std::vector<Use>> uses_; // by state
};

void run(const Program &program, Sink &sink) { MtUnsafeCall(program, sink).run(); }

} // namespace

extern const Check mtUnsafeCall{
    "mt-unsafe-call",  "race",        "a library function with state of its own, called by two threads at once",
    Severity::Warning, World::Closed, run};

} // namespace heddle
