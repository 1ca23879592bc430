// A plain or volatile flag that a loop tests until another thread sets it, with no lock on either side: the compiler may read it
// once, and the loop never ends. The theory is that of data-race: program/Sharing.h, Phases.h, Vetoes.h.
#include "checks/Check.h"
#include "program/LockState.h"
#include "program/OwnThreads.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

#include "facts/Relations.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <set>

namespace heddle {
namespace {

class PlainStopFlag {
public:
  PlainStopFlag(const Program &program, Sink &sink)
      : program_(program), sharing_(program.sharing()), story_(sharing_), sink_(sink) {}

  void run() {
    for (ObjectId object : sharing_.accesses().objects())
      if (isFlag(object))
        weigh(object);
    for (const auto &[place, claim] : claims_)
      report(claim);
    if (!program_.hasMain())
      weighClasses();
  }

private:
  struct Claim {
    uint32_t test, set;
    Severity severity;
    std::vector<std::string> considered;
  };
  const Access &access(uint32_t id) const { return sharing_.accesses()[id]; }

  bool isFlag(ObjectId id) const {
    const Object &object = sharing_.frames().objects()[id];
    if (object.type == facts::kNone)
      return false;
    facts::TypeKind kind = program_.facts().types()[object.type].kind();
    return kind == facts::TypeKind::Bool || kind == facts::TypeKind::Integer || kind == facts::TypeKind::Enum;
  }

  /// Whether a loop ends, or goes on, by what is read there, and doesn't write it itself.
  bool stopsLoop(const Access &read) const {
    const BlockGraph &graph = sharing_.phases().graph(read.point.frame);
    const Places &places = program_.places();
    facts::BodyView body = sharing_.frames().body(read.point.frame);
    facts::BlockId block = graph.blockOf(read.point.event);
    if (read.write || !graph.cyclic(block))
      return false;
    PlaceId flag = places.canonical(body.events[read.point.event].place());
    bool tests = false;
    for (const facts::Edge &edge : body.edgesOf(body.blocks[block]))
      tests = tests || (edge.value() != kNone && places.canonical(edge.value()) == flag);
    bool leaves =
        llvm::any_of(graph.after(block), [&](facts::BlockId next) { return graph.component(next) != graph.component(block); });
    auto writes = [&](uint32_t id) {
      const Access &other = access(id);
      return other.write && other.point.frame == read.point.frame &&
             graph.component(graph.blockOf(other.point.event)) == graph.component(block);
    };
    return tests && leaves && llvm::none_of(sharing_.accesses().of(read.object), writes);
  }

  void weigh(ObjectId object) {
    auto all = sharing_.accesses().of(object);
    for (uint32_t test : all) {
      if (access(test).atomic || !stopsLoop(access(test)))
        continue;
      for (uint32_t set : all)
        if (access(set).write && access(set).constant && !access(set).frees)
          weigh(test, set);
    }
  }

  void weigh(uint32_t test, uint32_t set) {
    const Access &read = access(test), &write = access(set);
    Claim claim{test, set, Severity::Warning, {}};
    if (vetoed({sharing_, write, read}, claim.considered, veto::declaredVolatile))
      return;
    claim.severity = story_.severityOf(read, write);
    auto [at, isNew] = claims_.try_emplace(story_.placeOf(read.point), claim);
    if (!isNew && rank(claim) < rank(at->second))
      at->second = claim;
  }

  std::tuple<bool, size_t, SourceRange> rank(const Claim &claim) const {
    const Access &read = access(claim.test), &write = access(claim.set);
    return {claim.severity != Severity::Error, story_.distance(read.point, write.point), story_.placeOf(write.point)};
  }

  void report(const Claim &claim) {
    const Access &read = access(claim.test), &write = access(claim.set);
    Finding finding = story_.finding("plain-stop-flag", claim.severity, read, write);
    finding.message = "the loop goes on until '" + sharing_.nameOf(read.object) + "' changes, which " +
                      story_.who(write.point, read.point) + " writes " + story_.holding(write.point) + "; a " +
                      (read.isVolatile ? "volatile" : "plain") + " flag orders nothing, and may be read once for all rounds";
    finding.entities = {sharing_.entityOf(read.object)};
    finding.considered = claim.considered;
    sink_.report(std::move(finding));
  }

  // ---- a class that starts a thread on its own object, where nobody is seen to use it
  // ------------------------------------------

  bool unlocked(facts::BodyId body, facts::EventId event) const {
    const LockState &locks = program_.locks();
    return locks.at(body, event).empty() && locks.byCallers(body).empty() && locks.declared(body).empty();
  }

  bool isPlainNumber(facts::FieldId field) const {
    facts::TypeId id = program_.facts().fields()[field].type();
    if (id == facts::kNone || has(program_.facts().types()[id].flags(), facts::TypeFlag::Atomic))
      return false;
    facts::TypeKind kind = program_.facts().types()[id].kind();
    return kind == facts::TypeKind::Bool || kind == facts::TypeKind::Integer || kind == facts::TypeKind::Enum;
  }

  void weighClasses() {
    for (const OwnThread &thread : ownThreadsOf(program_))
      for (facts::BodyId id : thread.bodies) {
        facts::BodyView body = program_.facts().body(id);
        for (facts::EventId event = 0; event < body.events.size(); ++event)
          if (body.events[event].kind() == facts::EventKind::Read)
            weighClass(thread, body, event);
      }
  }

  /// The edges by which a loop ends where a member has a certain value; none if the loop writes it.
  std::vector<facts::Edge> endsOf(const facts::BodyView &body, facts::EventId test, facts::FieldId field) const {
    const BlockGraph &graph = program_.graph(body.id);
    const Places &places = program_.places();
    facts::BlockId block = graph.blockOf(test);
    std::vector<facts::Edge> ends;
    if (!graph.cyclic(block))
      return ends;
    for (const facts::Event &event : body.events)
      if (event.kind() == facts::EventKind::Write && ownField(program_, places.canonical(event.place())) == field &&
          graph.component(graph.blockOf(body.idOf(event))) == graph.component(block))
        return ends;
    for (const facts::Edge &edge : body.edgesOf(body.blocks[block]))
      if (edge.to() != facts::kNone && edge.value() != facts::kNone && graph.component(edge.to()) != graph.component(block) &&
          ownField(program_, places.canonical(edge.value())) == field)
        ends.push_back(edge);
    return ends;
  }

  void weighClass(const OwnThread &thread, const facts::BodyView &body, facts::EventId test) {
    const Places &places = program_.places();
    facts::FieldId field = ownField(program_, places.canonical(body.events[test].place()));
    if (field == facts::kNone || program_.facts().fields()[field].record() != thread.record || !isPlainNumber(field) ||
        !unlocked(body.id, test))
      return;
    std::vector<facts::Edge> ends = endsOf(body, test, field);
    if (ends.empty())
      return;
    for (facts::BodyId id : program_.bodies()) {
      facts::BodyView other = program_.facts().body(id);
      if (thread.bodies.count(id) || program_.facts().functions()[other.function()].record() != thread.record)
        continue;
      for (facts::EventId event = 0; event < other.events.size(); ++event) {
        const facts::Event &row = other.events[event];
        if (row.kind() != facts::EventKind::Write || has(row.flags(), facts::EventFlag::Initial) || row.operand_count() == 0 ||
            ownField(program_, places.canonical(row.place())) != field || !unlocked(id, event) ||
            (id == thread.starter && !program_.graph(id).inOrder(thread.start, event)))
          continue;
        std::optional<int64_t> value = places.asConstant(places.canonical(other.operands(row)[0]));
        if (value && !joinedBefore(other, event) &&
            llvm::any_of(ends, [&](const facts::Edge &edge) { return holds(*value, edge.relation(), edge.constant()); }))
          return reportClass(thread, body, test, id, event);
      }
    }
  }

  /// Whether the function has joined a thread before.
  bool joinedBefore(const facts::BodyView &body, facts::EventId event) const {
    return llvm::any_of(body.events, [&](const facts::Event &row) {
      const FunctionModel *model = row.callee() == facts::kNone ? nullptr : program_.model(row.callee());
      return model && llvm::any_of(model->ops, [](const Op &op) { return op.verb == Verb::Join; }) &&
             program_.graph(body.id).inOrder(body.idOf(row), event);
    });
  }

  void reportClass(const OwnThread &thread, const facts::BodyView &body, facts::EventId test, facts::BodyId setter,
                   facts::EventId set) {
    Step read = stepAt(program_, body.id, test, "read", "asks in each round");
    if (claims_.count(read.place) || !toldClasses_.insert(read.place).second)
      return;
    std::string name = program_.places().text(program_.places().canonical(body.events[test].place()), &body);
    std::string by = program_.nameOf(program_.facts().body(setter).function()).str();
    Step write = stepAt(program_, setter, set, "write", "writes '" + name + "'");
    Finding finding;
    finding.check = "plain-stop-flag";
    finding.severity = Severity::Warning;
    finding.place = read.place;
    finding.function = read.function;
    finding.message = "the loop goes on until '" + name + "' changes, which '" + by +
                      "' writes with no lock; a plain flag orders nothing, and may be read once for all rounds";
    finding.entities = {name};
    read.own = write.own = true;
    finding.lanes = {{"thread 1", {stepAt(program_, thread.starter, thread.start, "start", "starts the thread"), read}},
                     {"thread 2", {write}}};
    finding.reasons.push_back("the class starts the thread on its own object, and others may call '" + by + "' meanwhile");
    sink_.report(std::move(finding));
  }

  const Program &program_;
  const Sharing &sharing_;
  RaceStory story_;
  Sink &sink_;
  std::map<SourceRange, Claim> claims_; // by the loop's test
  std::set<SourceRange> toldClasses_;
};

void run(const Program &program, Sink &sink) { PlainStopFlag(program, sink).run(); }

} // namespace

extern const Check plainStopFlag{"plain-stop-flag", "atomic",    "a plain or volatile flag that stops another thread's loop",
                                 Severity::Error,   World::Open, run};

} // namespace heddle
