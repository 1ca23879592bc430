// An object that others can reach before it is made: lazy initialisation with no lock and no once, a thread that is started on
// `this` before the constructor is done, a constructor that registers `this` and goes on. The first two are races of a shape:
// Sharing.h and Vetoes.h know them; the third is in program/SelfRegistration.h.
#include "checks/Check.h"
#include "program/Decisions.h"
#include "program/Entries.h"
#include "program/RaceStory.h"
#include "program/SelfRegistration.h"
#include "program/Story.h"
#include "program/Uses.h"
#include "program/Vetoes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

namespace heddle {
namespace {

constexpr const char *kId = "unsafe-publication";
constexpr size_t kPairs = 2000; // weighed for one object

class UnsafePublication {
public:
  UnsafePublication(const Program &program, Sink &sink) : program_(program), sink_(sink) {}

  void run() {
    if (program_.hasMain() && program_.entries().all().size() < 2)
      return; // one thread
    for (const SelfRegistration &registration : selfRegistrations(program_))
      report(registration);
    if (program_.entries().all().size() < 2)
      return;
    for (ObjectId object : program_.sharing().accesses().objects())
      weigh(object);
  }

private:
  const Access &access(uint32_t id) const { return program_.sharing().accesses()[id]; }
  EntryId entryOf(const Access &at) const { return program_.sharing().frames()[at.point.frame].entry; }

  void weigh(ObjectId object) {
    size_t pairs = 0;
    auto all = program_.sharing().accesses().of(object);
    for (uint32_t w : all) {
      const Access &write = access(w);
      if (!write.write || write.frees || write.whole)
        continue;
      std::optional<facts::EventId> test = testOf(write, all);
      if (!test && !inConstructor(write))
        continue;
      for (uint32_t o : all) {
        const Access &other = access(o);
        if ((entryOf(write) == entryOf(other) && !program_.sharing().phases().beside(entryOf(write))) || other.frees)
          continue;
        if (++pairs > kPairs) {
          ++program_.cut().paths;
          return;
        }
        // In a constructor: what the started thread does.
        if (!test && program_.sharing().phases().startedBetween(write.point, other.point) == facts::kNone)
          continue;
        if (weigh(write, other, test))
          return;
      }
    }
  }

  bool weigh(const Access &write, const Access &other, std::optional<facts::EventId> test) {
    std::vector<std::string> considered;
    if (vetoed({program_.sharing(), write, other}, considered))
      return false;
    if (told_.insert(program_.sharing().entityOf(write.object)).second)
      report(write, other, test, considered);
    return true;
  }

  /// The test that the object isn't there yet, which leads to the write.
  std::optional<facts::EventId> testOf(const Access &write, llvm::ArrayRef<uint32_t> all) const {
    const Frames &frames = program_.sharing().frames();
    facts::BodyView body = frames.body(write.point.frame);
    const BlockGraph &graph = program_.sharing().phases().graph(write.point.frame);
    for (uint32_t id : all) {
      const Access &test = access(id);
      if (test.write || test.point.frame != write.point.frame || body.events[test.point.event].kind() != facts::EventKind::Read)
        continue;
      PlaceId place = program_.places().canonical(body.events[test.point.event].place());
      DerivedValues value(program_, body, graph, test.point.event, place);
      std::optional<Decision> none = decisionFor(program_, body, graph, value, test.point.event, write.point.event);
      if (none && none->direct && none->relation == facts::Relation::Eq && none->constant == 0 &&
          makes(body, graph, write, none->block))
        return test.point.event;
    }
    return std::nullopt;
  }

  /// Whether the write stores what was made, or, of a flag, comes with other work on shared data.
  bool makes(const facts::BodyView &body, const BlockGraph &graph, const Access &write, facts::BlockId test) const {
    const facts::Event &row = body.events[write.point.event];
    if (row.operand_count() == 0)
      return false;
    std::optional<int64_t> constant = program_.places().asConstant(body.operands(row)[0]);
    if (!constant)
      return !write.update;
    if (*constant == 0)
      return false;
    for (facts::EventId id = 0; id < body.events.size(); ++id) {
      const facts::Event &event = body.events[id];
      bool works = event.kind() == facts::EventKind::Write && !has(event.flags(), facts::EventFlag::Initial) &&
                   outlivesCall(program_, program_.places().canonical(event.place())) && event.operand_count() > 0 &&
                   !program_.places().asConstant(body.operands(event)[0]);
      if (works && graph.blockOf(id) != test && graph.reachesForward(test, graph.blockOf(id)) &&
          graph.reaches(id, write.point.event))
        return true;
    }
    return false;
  }

  /// Whether the write is of a member of the object that the frame constructs.
  bool inConstructor(const Access &write) const {
    const Frames &frames = program_.sharing().frames();
    facts::FunctionId function = frames.body(write.point.frame).function();
    return has(program_.facts().functions()[function].flags(), facts::FunctionFlag::Constructor) &&
           llvm::any_of(frames[write.point.frame].self,
                        [&](ObjectId self) { return frames.objects().within(write.object, self); });
  }

  void report(const Access &write, const Access &other, std::optional<facts::EventId> test,
              const std::vector<std::string> &considered) {
    const Sharing &sharing = program_.sharing();
    RaceStory story(sharing);
    std::string name = sharing.nameOf(write.object), who = story.who(other.point, write.point);
    Finding finding = story.finding(kId, Severity::Warning, write, other);
    if (test)
      finding.message = "'" + name + "' is made here when there is none yet, " + story.holding(write.point) + ", while " + who +
                        " " + (other.write ? "makes it too" : "uses it") + "; two can be made, or one used half made";
    else
      finding.message = "'" + name + "' is set here in a constructor after " + who + ", which " +
                        (other.write ? "writes" : "reads") + " it, was started on the object";
    finding.entities = {sharing.entityOf(write.object)};
    if (test) {
      Access tested = write;
      tested.point.event = *test;
      std::vector<Step> &first = finding.lanes[0].steps;
      first.insert(first.end() - 1, story.access(tested, "read", name, story.chain(write.point, other.point).size()));
    }
    finding.considered = considered;
    sink_.report(std::move(finding));
  }

  void report(const SelfRegistration &at) {
    const facts::Facts &facts = program_.facts();
    const facts::Field &field = facts.fields()[at.field];
    std::string name = facts.string(field.name()).str(), record = facts.string(facts.records()[field.record()].name()).str();
    facts::BodyView storer = facts.body(at.storer);
    std::string where = program_.places().text(at.where, &storer);
    Step writes = stepAt(program_, at.body, at.write, "write", "writes '" + name + "'");
    writes.own = true;
    Finding finding;
    finding.check = kId;
    finding.severity = Severity::Warning;
    finding.place = writes.place;
    finding.function = writes.function;
    finding.message = "'" + name + "' is set here after the object was put into '" + where +
                      "', where other threads find it; they can use it before it is made";
    finding.entities = {record + "::" + name};
    Lane first{"thread 1", {}};
    if (at.storer != at.body)
      first.steps.push_back(
          stepAt(program_, at.body, at.handOver, "call", ("calls '" + program_.nameOf(storer.function()) + "'").str()));
    first.steps.push_back(stepAt(program_, at.storer, at.store, "write", "puts the object into '" + where + "'"));
    first.steps.push_back(std::move(writes));
    Step reads = stepAt(program_, at.reader, at.read, "read", "reads '" + name + "'");
    finding.lanes = {std::move(first), {"thread 2", {std::move(reads)}}};
    finding.reasons = {"'" + where + "' is written under a lock, so other threads use it"};
    finding.considered = {"registered last: no", "atomic: no"};
    sink_.report(std::move(finding));
  }

  const Program &program_;
  Sink &sink_;
  std::set<std::string> told_;
};

void run(const Program &program, Sink &sink) { UnsafePublication(program, sink).run(); }

} // namespace

extern const Check unsafePublication{
    "unsafe-publication", "race",      "an object that other threads can reach before it is made",
    Severity::Warning,    World::Open, run};

} // namespace heddle
