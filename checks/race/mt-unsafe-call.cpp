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

constexpr size_t kCalls = 10;   // in a lane, as for data-race
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

  SourceRange placeOf(const Use &use) const {
    const Point &at = use.access.point;
    return rangeOf(program_.facts(), sharing_.frames().body(at.frame).events[at.event].location());
  }

  std::tuple<bool, size_t, SourceRange, SourceRange> rank(const Use &a, const Use &b) const {
    size_t calls = story_.chain(a.access.point, b.access.point).size() + story_.chain(b.access.point, a.access.point).size();
    return {a.access.point.event == b.access.point.event, calls, placeOf(a), placeOf(b)};
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
        if (vetoed({sharing_, a->access, b->access}, pair.considered, veto::notShared) ||
            story_.chain(a->access.point, b->access.point).size() > kCalls ||
            story_.chain(b->access.point, a->access.point).size() > kCalls)
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
    Finding finding;
    finding.check = "mt-unsafe-call";
    finding.severity = Severity::Warning;
    finding.message = "'" + name + "' changes state that all threads share (" + state + "), and " +
                      story_.who(second.access.point, first.access.point) + " calls " +
                      (other == name ? "it" : "'" + other + "'") + " at the same time";
    if (const FunctionModel *model = modelOf(first.function); !model->reentrant.empty())
      finding.message += "; '" + model->reentrant + "' has no such state";
    finding.place = placeOf(first);
    finding.function = program_.displayOf(sharing_.frames().body(first.access.point.frame).function()).str();
    finding.entities = {name, other};
    finding.lanes = {laneOf(first, second, "thread 1"), laneOf(second, first, "thread 2")};
    std::string why;
    if (sharing_.phases().parallel(first.access.point, second.access.point, &why))
      finding.reasons.push_back(why);
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
