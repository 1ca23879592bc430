// Guards that guard nothing: without a name they are destroyed at once, with the name of the lock they have no lock, and without
// a lock there is nothing to take. What a making takes is program/GuardMaking.h's.
#include "checks/Check.h"
#include "program/GuardMaking.h"
#include "program/LockOrder.h"
#include "program/Story.h"
#include "program/Uses.h"

namespace heddle {
namespace {

using namespace facts;

Finding findingAt(const Program &program, BodyId body, EventId event, std::string message) {
  Finding finding;
  finding.check = "unnamed-guard";
  finding.severity = Severity::Error;
  finding.message = std::move(message);
  finding.lanes.push_back({"this thread", {}});
  Step step = stepAt(program, body, event, "", "");
  finding.place = step.place;
  finding.function = step.function;
  return finding;
}

void addFix(const Program &program, const Shape &shape, Finding &finding) {
  if (shape.edit() == kNone)
    return;
  Fix fix;
  fix.message = program.facts().string(shape.edit()).str();
  fix.edits.push_back({rangeOf(program.facts(), shape.location()), fix.message});
  finding.fixes.push_back(std::move(fix)); // for review: a section that nobody entered before may deadlock
}

Step ownStep(const Program &program, BodyId body, EventId event, std::string kind, std::string message) {
  Step step = stepAt(program, body, event, std::move(kind), std::move(message));
  step.own = true;
  return step;
}

/// `std::lock_guard<std::mutex>(mutex_);`
void temporary(const Program &program, const BodyView &body, const Shape &shape, Sink &sink) {
  const Event &made = body.events[shape.event()];
  if (shape.other() == kNone || made.callee() == kNone)
    return; // nothing follows that it could guard: passing through the section is all it can be for
  if (!locksOf(program, body, shape.other(), Verb::Notify).empty())
    return; // an empty section before a notification, so that no waiter is between its test and its wait
  PlaceId object = program.places().canonical(made.place());
  EventId end = Uses(program, body).endOf(object);
  if (end == kNone || !releasesAtEnd(program, program.facts().functions()[made.callee()].record()) ||
      worksInside(program, made.callee()))
    return;
  std::vector<Held> taken = takenUntil(program, body.id, shape.event(), end);
  if (taken.empty())
    return;
  const Places &places = program.places();
  PlaceId lock = program.locks().lockObject(taken.front().lock);
  std::string name = "'" + places.text(lock, &body) + "'";
  Finding finding =
      findingAt(program, body.id, shape.event(),
                "the guard of " + name + " has no name and is destroyed at once; what follows runs without the lock");
  finding.entities = {program.lockOrder().name(program.lockOrder().node(lock, body.id))};
  finding.lanes[0].steps = {ownStep(program, body.id, shape.event(), "acquire", "locks " + name),
                            stepAt(program, body.id, end, "release", "releases it at the end of the statement"),
                            stepAt(program, body.id, shape.other(), "unguarded", "goes on with " + name + " unlocked")};
  addFix(program, shape, finding);
  sink.report(std::move(finding));
}

/// `std::unique_lock<std::mutex>(mutex_);` declares a guard that is named mutex_.
void hiding(const Program &program, const BodyView &body, const Shape &shape, Sink &sink) {
  if (makingOf(program, body, shape.event()) != Making::Empty)
    return;
  PlaceId object = program.places().canonical(body.events[shape.event()].place());
  Uses uses(program, body);
  EventId end = uses.endOf(object);
  for (EventId use : uses.of(object))
    if (use != shape.event() && body.events[use].kind() != EventKind::Destroy)
      return; // it gets its lock later
  std::string name = "'" + program.places().text(object, &body) + "'";
  Finding finding = findingAt(program, body.id, shape.event(),
                              "this declares a guard named " + name + ", which hides the lock of that name and locks nothing");
  finding.entities = {program.nameOf(body.function()).str() + "::" + program.places().text(object, &body)};
  finding.lanes[0].steps = {ownStep(program, body.id, shape.event(), "declare", "declares " + name + ", a guard without a lock")};
  if (end != kNone)
    finding.lanes[0].steps.push_back(stepAt(program, body.id, end, "end", "the scope ends, in which nothing was locked"));
  addFix(program, shape, finding);
  sink.report(std::move(finding));
}

/// Whether a class takes as many locks as it is given, and was given none.
bool takesNone(const Program &program, TypeId type) {
  const ClassModel *guard = kindOf(program, type, "guard");
  if (!guard || guard->holds.empty())
    return false;
  const Record &record = program.facts().records()[classOf(program, type)];
  llvm::StringRef pattern = program.facts().string(record.pattern());
  auto rows = program.models().functions().find((pattern + "::" + pattern.substr(pattern.rfind(':') + 1)).str());
  return record.arg_count() == 0 && rows != program.models().functions().end() &&
         llvm::any_of(rows->second, [](const FunctionModel &model) {
           return llvm::any_of(model.ops,
                               [](const Op &op) { return op.verb == Verb::Acquire && op.operands[0].root == Operand::Rest; });
         });
}

/// `std::scoped_lock lock;`
void nothing(const Program &program, const BodyView &body, Sink &sink) {
  const Function &function = program.facts().functions()[body.function()];
  if (has(function.flags(), FunctionFlag::Instantiation))
    return; // a pack of locks that is empty here
  for (uint32_t i = 0; i < body.locals.size(); ++i) {
    const Local &local = body.locals[i];
    if (!takesNone(program, local.type()))
      continue;
    std::string name = program.facts().string(local.name()).str();
    Finding finding;
    finding.check = "unnamed-guard";
    finding.severity = Severity::Error;
    finding.message = "the guard '" + name + "' is given no lock and locks nothing";
    finding.place = rangeOf(program.facts(), local.location());
    finding.function = program.displayOf(body.function()).str();
    finding.entities = {program.nameOf(body.function()).str() + "::" + name};
    Step made{finding.place, finding.function, "makes '" + name + "' of no lock", "declare"};
    made.own = true;
    Step runs{rangeOf(program.facts(), body), finding.function, "all of '" + finding.function + "' runs without it", "unguarded"};
    finding.lanes.push_back({"this thread", {made, runs}});
    sink.report(std::move(finding));
  }
}

void run(const Program &program, Sink &sink) {
  for (BodyId id : program.bodies()) {
    BodyView body = program.facts().body(id);
    for (const Shape &shape : body.shapes) {
      if (shape.kind() == ShapeKind::TemporaryStatement)
        temporary(program, body, shape, sink);
      if (shape.kind() == ShapeKind::HidingDeclaration)
        hiding(program, body, shape, sink);
    }
    nothing(program, body, sink);
  }
}

} // namespace

extern const Check unnamedGuard{"unnamed-guard", "lock",      "guards that are destroyed at once or guard no lock",
                                Severity::Error, World::Open, run};

} // namespace heddle
