// A plain or volatile flag that a loop tests until another thread sets it, with no lock on either side: the compiler may read it
// once, and the loop never ends. The theory is that of data-race (program/Sharing.h, Phases.h, Vetoes.h), and, where no thread is
// seen, of what a class does to its own thread (program/OwnThreads.h).
#include "checks/Check.h"
#include "program/OwnThreads.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

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
      for (const OwnStop &stop : ownStopsOf(program_))
        report(stop);
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
    finding.message = messageOf(sharing_.nameOf(read.object), story_.who(write.point, read.point), story_.holding(write.point),
                                read.isVolatile ? "volatile" : "plain");
    finding.entities = {sharing_.entityOf(read.object)};
    finding.considered = claim.considered;
    sink_.report(std::move(finding));
  }

  /// A class that starts a thread on its own object, where nobody is seen to use it.
  void report(const OwnStop &stop) {
    Step read = stepAt(program_, stop.loop, stop.test, "read", "asks in each round");
    if (claims_.count(read.place) || !toldClasses_.insert(read.place).second)
      return;
    facts::BodyView body = program_.facts().body(stop.loop);
    std::string name = program_.places().text(program_.places().canonical(body.events[stop.test].place()), &body);
    std::string by = program_.nameOf(program_.facts().body(stop.setter).function()).str();
    Step write = stepAt(program_, stop.setter, stop.set, "write", "writes '" + name + "'");
    Finding finding;
    finding.check = "plain-stop-flag";
    finding.severity = Severity::Warning;
    finding.place = read.place;
    finding.function = read.function;
    finding.message = messageOf(name, "'" + by + "'", "with no lock", "plain");
    finding.entities = {name};
    read.own = write.own = true;
    finding.lanes = {{"thread 1", {stepAt(program_, stop.starter, stop.start, "start", "starts the thread"), read}},
                     {"thread 2", {write}}};
    finding.reasons.push_back("the class starts the thread on its own object, and others may call '" + by + "' meanwhile");
    sink_.report(std::move(finding));
  }

  static std::string messageOf(const std::string &name, const std::string &who, const std::string &holding,
                               const std::string &kind) {
    return "the loop goes on until '" + name + "' changes, which " + who + " writes " + holding + "; a " + kind +
           " flag orders nothing" + (kind == "volatile" ? "" : ", and may be read once for all rounds");
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
