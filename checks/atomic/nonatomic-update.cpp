// An atomic that is loaded, computed with and stored again as if it were one step: what another thread writes in between is lost.
// Which accesses these are is in program/AtomicAccesses.h; that another thread writes it too, in Sharing.h and Vetoes.h.
#include "checks/Check.h"
#include "program/AtomicAccesses.h"
#include "program/CallGraph.h"
#include "program/LockState.h"
#include "program/MemoryOrder.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace heddle {
namespace {

constexpr const char *kId = "nonatomic-update";
constexpr size_t kPairs = 4000; // weighed for one object

class NonatomicUpdate {
public:
  NonatomicUpdate(const Program &program, Sink &sink) : program_(program), sink_(sink) {}

  void run() {
    for (facts::BodyId id : program_.bodies())
      collect(id);
    if (steps_.empty())
      return;
    if (program_.hasMain())
      weighThreads();
    else
      weighWriters();
  }

private:
  /// A store, and the load that it is computed from.
  struct TwoSteps {
    facts::BodyId body;
    facts::EventId load, store;
    PlaceId place;
  };
  struct Writer {
    facts::BodyId body;
    facts::EventId event;
    PlaceId place;
    bool update; // in one step
  };

  void collect(facts::BodyId id) {
    facts::BodyView body = program_.facts().body(id);
    std::vector<AtomicAccess> all = atomicAccessesOf(program_, body);
    std::optional<BlockGraph> graph;
    for (const AtomicAccess &access : all) {
      if (access.kind == AtomicAccess::Load)
        continue;
      writers_.push_back({id, access.event, access.place, access.kind == AtomicAccess::Update});
      if (access.kind != AtomicAccess::Store)
        continue;
      facts::EventId load = computedFrom(program_, body, all, access);
      if (load == facts::kNone)
        continue;
      if (!graph)
        graph.emplace(body);
      // Beside a compare-and-swap of the same atomic in one loop, the store is part of a protocol that looks again.
      auto retries = [&](const AtomicAccess &other) {
        return other.kind == AtomicAccess::Update && other.place == access.place && graph->cyclic(graph->blockOf(access.event)) &&
               graph->component(graph->blockOf(other.event)) == graph->component(graph->blockOf(access.event));
      };
      if (llvm::none_of(all, retries))
        steps_.push_back({id, load, access.event, access.place});
    }
  }

  /// Threads are known: two of them write it at the same time, with no lock in common.
  void weighThreads() {
    const Sharing &sharing = program_.sharing();
    if (sharing.entries().all().size() < 2)
      return;
    Frames &frames = sharing.entries().frames();
    std::map<facts::BodyId, std::vector<FrameId>> framesOf;
    for (FrameId frame : frames.reached())
      framesOf[frames[frame].body].push_back(frame);
    std::map<ObjectId, std::vector<Access>> writes;
    auto accessesOf = [&](facts::BodyId body, facts::EventId event, PlaceId place) {
      std::vector<Access> result;
      for (FrameId frame : framesOf[body]) {
        ObjectSet objects = frames.storage(frame, place);
        if (objects.size() != 1)
          continue;
        Access access;
        access.point = {frame, event};
        access.object = objects.front();
        access.write = true;
        result.push_back(access);
      }
      return result;
    };
    for (const Writer &writer : writers_)
      for (const Access &access : accessesOf(writer.body, writer.event, writer.place))
        writes[access.object].push_back(access);
    for (const TwoSteps &steps : steps_)
      for (const Access &store : accessesOf(steps.body, steps.store, steps.place)) {
        size_t pairs = 0;
        for (const Access &other : writes[store.object]) {
          if (++pairs > kPairs) {
            ++program_.cut().paths;
            break;
          }
          if (weigh(steps, store, other))
            break;
        }
      }
  }

  bool weigh(const TwoSteps &steps, const Access &store, const Access &other) {
    const Sharing &sharing = program_.sharing();
    std::vector<std::string> considered;
    // An atomic that hands itself over orders nothing between its own load and store.
    if (vetoed({sharing, store, other}, considered, veto::handedOver))
      return false;
    if (!told_.insert({steps.body, steps.store}).second)
      return true;
    RaceStory story(sharing);
    std::string name = sharing.nameOf(store.object);
    Finding finding = story.finding(kId, story.severityOf(store, other), store, other);
    finding.message = messageOf(name);
    finding.entities = {sharing.entityOf(store.object)};
    if (steps.load != steps.store) {
      Access load = store;
      load.point.event = steps.load;
      std::vector<Step> &first = finding.lanes[0].steps;
      first.insert(first.end() - 1, story.access(load, "read", name, story.chain(store.point, other.point).size()));
    }
    finding.reasons.push_back(
        "thread 1 loads '" + name +
        "', thread 2 writes it, thread 1 stores what it computed from the old value: " + "what thread 2 wrote is lost");
    finding.considered = considered;
    sink_.report(std::move(finding));
    return true;
  }

  /// No thread is seen: that it is atomic says that it is shared; some other function writes it too, and no lock is held.
  void weighWriters() {
    const Places &places = program_.places();
    auto keyOf = [&](PlaceId place) -> std::optional<std::pair<PlaceKind, uint32_t>> {
      const facts::Place &p = places[place];
      bool shared = p.kind() == PlaceKind::Global || (p.kind() == PlaceKind::Field && places.rootKind(place) != PlaceKind::Local);
      return shared ? std::optional(std::pair(p.kind(), p.id())) : std::nullopt;
    };
    for (const TwoSteps &steps : steps_) {
      auto key = keyOf(steps.place);
      const LockState &locks = program_.locks();
      // Who asks for an order on both sides knows what a step is, and says that there is one writer at a time.
      facts::BodyView own = program_.facts().body(steps.body);
      auto orders = [&](facts::EventId event) {
        MemoryOrder order = memoryOrderOf(program_, own, own.events[event]);
        return int(!order.releases) + int(!order.acquires);
      };
      // Not so where others update it in one step: then there are several writers. Who asks for no order at all does it in two
      // steps to save the one that costs, where he knows that he is alone.
      int fewest = std::min(orders(steps.store), orders(steps.load));
      bool chosen = fewest == 2 || (fewest == 1 && llvm::none_of(writers_, [&](const Writer &other) {
                                      return other.update && keyOf(other.place) == key;
                                    }));
      if (chosen || !key || !locks.at(steps.body, steps.store).empty() || !locks.byCallers(steps.body).empty() ||
          !locks.declared(steps.body, steps.store).empty() || makes(steps.body))
        continue;
      auto writes = [&](const Writer &other) {
        return other.body != steps.body && !makes(other.body) && keyOf(other.place) == key;
      };
      auto other = llvm::find_if(writers_, writes);
      if (other == writers_.end() || !told_.insert({steps.body, steps.store}).second)
        continue;
      facts::BodyView body = program_.facts().body(steps.body);
      std::string name = places.text(steps.place, &body);
      Finding finding;
      finding.check = kId;
      finding.severity = Severity::Warning;
      finding.message = messageOf(name);
      finding.place = rangeOf(program_.facts(), body.events[steps.store].location());
      finding.function = program_.displayOf(body.function()).str();
      finding.entities = {name};
      finding.lanes = {{"thread 1", {stepAt(program_, steps.body, steps.load, "read", "loads '" + name + "'")}},
                       {"thread 2", {stepAt(program_, other->body, other->event, "write", "writes it")}}};
      finding.lanes[0].steps.push_back(stepAt(program_, steps.body, steps.store, "write", "stores what it computed from that"));
      for (Lane &lane : finding.lanes)
        for (Step &step : lane.steps)
          step.own = true;
      finding.reasons.push_back("it is atomic, so it is meant for several threads, and more than one function writes it");
      sink_.report(std::move(finding));
    }
  }

  bool makes(facts::BodyId body) const {
    using facts::FunctionFlag;
    return has(program_.facts().functions()[program_.facts().bodies()[body].function()].flags(),
               FunctionFlag::Constructor | FunctionFlag::Destructor);
  }

  static std::string messageOf(const std::string &name) {
    return "'" + name + "' is loaded and stored again in two steps; what another thread writes in between is lost";
  }

  const Program &program_;
  Sink &sink_;
  std::vector<TwoSteps> steps_;
  std::vector<Writer> writers_;
  std::set<std::pair<facts::BodyId, facts::EventId>> told_;
};

void run(const Program &program, Sink &sink) { NonatomicUpdate(program, sink).run(); }

} // namespace

extern const Check nonatomicUpdate{
    kId, "atomic", "an atomic loaded and stored again as if that were one step", Severity::Error, World::Open, run};

} // namespace heddle
