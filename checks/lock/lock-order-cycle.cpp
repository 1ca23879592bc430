// Locks taken in no fixed order: each thread holds what the other waits for. The theory is in program/LockOrder.h.
#include "checks/Check.h"
#include "program/LockOrder.h"
#include "program/Story.h"

#include <algorithm>

namespace heddle {
namespace {

/// One thread's part: it takes `from`, and with it in hand waits for `to`.
Lane laneOf(const Program &program, const OrderEdge &edge, size_t number) {
  Lane lane{"thread " + std::to_string(number), {}};
  if (edge.start != facts::kNone)
    lane.steps.push_back(stepAt(program, edge.body, edge.start, "start", "starts the thread"));
  std::vector<Step> holding = acquisitionSteps(program, edge.held, "locks"),
                    waiting = acquisitionSteps(program, edge.wanted, "waits for");
  lane.steps.insert(lane.steps.end(), holding.begin(), holding.end());
  // What both chains have in common is told once.
  size_t shared = 0;
  while (shared + 1 < waiting.size() && shared + 1 < holding.size() && waiting[shared].place == holding[shared].place)
    ++shared;
  lane.steps.insert(lane.steps.end(), waiting.begin() + shared, waiting.end());
  return lane;
}

/// The function in which the second lock is taken, for "'bar' takes them the other way round".
std::string takerOf(const Program &program, const OrderEdge &edge) {
  facts::BodyId body = program.locks().acquisition(program.locks().story(edge.wanted).back()).body;
  return program.nameOf(program.facts().bodies()[body].function()).str();
}

std::string messageOf(const Program &program, const LockCycle &cycle) {
  const OrderEdge &first = *cycle.edges.front(), &second = *cycle.edges.back();
  // The lock that is waited for has its name where it is waited for, and so has the other if it is taken there too.
  const Acquisition &wait = program.locks().acquisition(program.locks().story(first.wanted).back());
  const Acquisition &hold = program.locks().acquisition(program.locks().story(first.held).back());
  std::string wanted = lockText(program, program.locks().lockObject(wait.lock), wait.body);
  std::string held = hold.body == wait.body ? lockText(program, program.locks().lockObject(hold.lock), hold.body)
                                            : lockText(program, first.from, first.body);
  std::string start = wanted + " is locked while " + held + " is held; ";
  if (cycle.swapped && cycle.edges.size() == 2 && cycle.edges[0] == cycle.edges[1])
    return start + "called with the two swapped this deadlocks";
  if (cycle.swapped)
    return start + "'" + takerOf(program, second) + "' takes the two the other way round";
  if (cycle.edges.size() == 2)
    return start + "'" + takerOf(program, second) + "' locks them in the opposite order";
  return start + "a cycle of " + std::to_string(cycle.edges.size()) + " locks that other threads close";
}

/// Two guards declared one after the other can be one that takes both locks at once.
void addFix(const Program &program, const OrderEdge &edge, std::vector<Fix> &fixes) {
  const Acquisition &hold = program.locks().acquisition(program.locks().story(edge.held).back());
  const Acquisition &wait = program.locks().acquisition(program.locks().story(edge.wanted).back());
  if (hold.body != wait.body)
    return;
  const facts::Facts &facts = program.facts();
  facts::BodyView body = facts.body(hold.body);
  for (const facts::Shape &shape : body.shapes) {
    if (shape.kind() != facts::ShapeKind::AdjacentObjects || shape.event() != hold.event || shape.other() != wait.event)
      continue;
    const facts::Event &guard = body.events[hold.event];
    const ClassModel *model =
        guard.callee() == facts::kNone ? nullptr : program.classModel(facts.functions()[guard.callee()].record());
    if (!model || model->together.empty())
      return;
    Fix fix;
    fix.message =
        model->together + " " + program.places().text(guard.place(), &body) + "(" + facts.string(shape.edit()).str() + ")";
    fix.edits.push_back({rangeOf(facts, shape.location()), fix.message + ";"});
    fixes.push_back(std::move(fix)); // for review: it needs C++17, and a section that may grow by one statement
    return;
  }
}

void report(const Program &program, const LockCycle &cycle, Sink &sink) {
  Finding finding;
  finding.check = "lock-order-cycle";
  finding.severity = cycle.sameObjects ? Severity::Error : Severity::Warning;
  finding.message = messageOf(program, cycle);
  for (size_t i = 0; i < cycle.edges.size(); ++i) {
    finding.lanes.push_back(laneOf(program, *cycle.edges[i], i + 1));
    finding.entities.push_back(program.lockOrder().name(cycle.edges[i]->fromNode));
  }
  addFix(program, *cycle.edges.front(), finding.fixes);
  const Step &wait = finding.lanes.front().steps.back();
  finding.place = wait.place;
  finding.function = wait.function;
  finding.reasons = {"each lane holds one lock and waits for the other's; no lock is held around both"};
  finding.considered = cycle.considered;
  sink.report(std::move(finding));
}

/// The cycle starts with the wait that comes first in the source.
void rotate(const Program &program, LockCycle &cycle) {
  auto place = [&](const OrderEdge *edge) {
    const Acquisition &wait = program.locks().acquisition(program.locks().story(edge->wanted).back());
    return stepAt(program, wait.body, wait.event, "", "").place;
  };
  auto first = std::min_element(cycle.edges.begin(), cycle.edges.end(), [&](auto *a, auto *b) { return place(a) < place(b); });
  std::rotate(cycle.edges.begin(), first, cycle.edges.end());
}

void run(const Program &program, Sink &sink) {
  for (LockCycle &cycle : program.lockOrder().cycles()) {
    rotate(program, cycle);
    report(program, cycle, sink);
  }
}

} // namespace

extern const Check lockOrderCycle{"lock-order-cycle", "lock",      "locks that different threads take in different orders",
                                  Severity::Error,    World::Open, run};

} // namespace heddle
