// A const member function that writes a mutable member with no lock, in a class that is meant for several threads: callers take
// const for "any number of us at once", as the standard library does ([res.on.data.races]).
#include "checks/Check.h"
#include "program/BodyAccesses.h"
#include "program/CallGraph.h"
#include "program/Entries.h"
#include "program/Guards.h"
#include "program/LockState.h"
#include "program/Story.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace heddle {
namespace {

class MutableInConst {
public:
  MutableInConst(const Program &program, Sink &sink) : program_(program), locks_(program.locks()), sink_(sink) {}

  void run() {
    using facts::FunctionFlag;
    if (program_.hasMain() && program_.entries().all().size() < 2)
      return; // one thread
    for (facts::BodyId id : program_.bodies()) {
      const facts::Function &function = program_.facts().functions()[program_.facts().bodies()[id].function()];
      if (!has(function.flags(), FunctionFlag::Const) || has(function.flags(), FunctionFlag::System | FunctionFlag::Lambda) ||
          function.record() == facts::kNone || !program_.ownsLock(function.record()) || calledLocked(id) ||
          locks_.attributes().unchecked(program_.facts().bodies()[id].function()))
        continue;
      facts::BodyView body = program_.facts().body(id);
      for (facts::EventId event = 0; event < body.events.size(); ++event)
        for (const PlaceAccess &access : accessesOf(program_, body, event))
          if (access.write && !access.atomic && locks_.at(id, event).empty() && locks_.known(id, event))
            if (facts::FieldId field = mutableOf(access.place); field != facts::kNone)
              note(field, id, event);
    }
    for (const auto &[field, writes] : writes_)
      report(field, writes);
  }

private:
  struct Write {
    facts::BodyId body;
    facts::EventId event;
  };

  /// A caller may hold the lock.
  bool calledLocked(facts::BodyId id) const {
    return !locks_.byCallers(id).empty() || !locks_.declared(id).empty() ||
           llvm::any_of(program_.calls().callers(id),
                        [&](const CallGraph::Caller &caller) { return !locks_.at(caller.body, caller.event).empty(); });
  }

  /// The mutable member of *this that a place is, or is a part of by value.
  facts::FieldId mutableOf(PlaceId id) const {
    using facts::FieldFlag;
    const Places &places = program_.places();
    const facts::Facts &facts = program_.facts();
    facts::FieldId found = facts::kNone;
    for (PlaceId place = places.canonical(id); place != kNone; place = places[place].parent()) {
      const facts::Place &step = places[place];
      if (step.kind() == PlaceKind::Deref)
        return places[step.parent()].kind() == PlaceKind::This ? found : facts::kNone;
      if (step.kind() != PlaceKind::Field && step.kind() != PlaceKind::Element)
        return facts::kNone;
      if (step.kind() == PlaceKind::Field && step.id() < facts.fields().size() &&
          has(facts.fields()[step.id()].flags(), FieldFlag::Mutable) && !isSynchronised(facts.fields()[step.id()].type()))
        found = step.id();
    }
    return facts::kNone;
  }

  bool isSynchronised(facts::TypeId type) const {
    using facts::TypeFlag;
    if (type == facts::kNone || has(program_.facts().types()[type].flags(), TypeFlag::Atomic))
      return true;
    const ClassModel *model = program_.classModel(program_.recordOf(type));
    return model && (model->is == "lock" || model->is == "atomic" || model->is == "condition" || model->is == "semaphore");
  }

  void note(facts::FieldId field, facts::BodyId body, facts::EventId event) { writes_[field].push_back({body, event}); }

  void report(facts::FieldId id, const std::vector<Write> &writes) {
    const facts::Facts &facts = program_.facts();
    const facts::Field &field = facts.fields()[id];
    std::string name = facts.string(field.name()).str();
    std::string record = facts.string(facts.records()[field.record()].name()).str();
    facts::BodyView body = facts.body(writes.front().body);
    Finding finding;
    finding.check = "mutable-in-const";
    finding.severity = Severity::Warning;
    finding.message =
        "'" + name + "' is mutable and written here in a const member function with no lock, in a class that owns one";
    finding.place = rangeOf(facts, body.events[writes.front().event].location());
    finding.function = program_.displayOf(body.function()).str();
    finding.entities = {record + "::" + name};
    for (const char *lane : {"thread 1", "thread 2"}) {
      Step step = stepAt(program_, writes.front().body, writes.front().event, "write", "writes '" + name + "'");
      step.own = true;
      finding.lanes.push_back({lane, {std::move(step)}});
    }
    finding.reasons = {"callers take a const member function to be safe for several threads at once; '" + record +
                       "' owns a lock, so it is meant for several"};
    finding.considered = {"held by callers: no", "atomic: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  const LockState &locks_;
  Sink &sink_;
  std::map<facts::FieldId, std::vector<Write>> writes_;
};

void run(const Program &program, Sink &sink) { MutableInConst(program, sink).run(); }

} // namespace

extern const Check mutableInConst{
    "mutable-in-const", "race",      "a const member function of a shared class that writes a mutable member with no lock",
    Severity::Warning,  World::Open, run};

} // namespace heddle
