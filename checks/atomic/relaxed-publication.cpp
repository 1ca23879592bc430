// What one thread writes, and another takes to be there by an atomic whose memory order orders nothing: a relaxed store, or a
// load that doesn't acquire. The theory is that of data-race, with program/HandOver.h for which atomic is meant to say so and
// what its orders are worth (program/MemoryOrder.h).
#include "checks/Check.h"
#include "program/HandOver.h"
#include "program/RaceStory.h"
#include "program/Vetoes.h"

#include <map>

namespace heddle {
namespace {

constexpr const char *kId = "relaxed-publication";
constexpr size_t kPairs = 4000; // weighed for one object

class RelaxedPublication {
public:
  RelaxedPublication(const Program &program, Sink &sink)
      : program_(program), sharing_(program.sharing()), story_(sharing_), sink_(sink) {}

  void run() {
    if (!sharing_.handOver().hasWeak())
      return;
    for (ObjectId object : sharing_.accesses().objects())
      weigh(object);
    for (const auto &[place, claim] : claims_)
      report(claim);
  }

private:
  /// A write, an access that is meant to come after it, and the atomic that says so.
  struct Claim {
    uint32_t write = facts::kNone, after = facts::kNone; // accesses
    ObjectId atomic = kNone;
    std::optional<Point> tell, wait; // the operations that order nothing
    std::vector<std::string> considered;
    size_t distance = 0;
  };
  const Access &access(uint32_t id) const { return sharing_.accesses()[id]; }
  EntryId entryOf(FrameId frame) const { return sharing_.frames()[frame].entry; }

  void weigh(ObjectId object) {
    auto all = sharing_.accesses().of(object);
    size_t pairs = 0;
    for (uint32_t first : all) {
      if (!access(first).write || access(first).frees)
        continue;
      for (uint32_t second : all) {
        EntryId a = entryOf(access(first).point.frame), b = entryOf(access(second).point.frame);
        if (first == second || (a == b && !sharing_.phases().beside(a)))
          continue;
        if (++pairs > kPairs) {
          ++program_.cut().paths;
          return;
        }
        weigh(first, second);
      }
    }
  }

  void weigh(uint32_t first, uint32_t second) {
    const Access &write = access(first), &after = access(second);
    const HandOver &handOver = sharing_.handOver();
    ObjectId other = kNone;
    Claim claim{.write = first, .after = second};
    // What tells most pairs apart first: who meets whom, before what comes after what.
    if (vetoed({sharing_, write, after}, claim.considered, {veto::handedOver, veto::lastToArrive, veto::notShared}) ||
        handOver.order(write.object, write.point, after.point, claim.atomic) != HandOver::Order::Weak ||
        handOver.order(write.object, after.point, write.point, other) == HandOver::Order::Strong)
      return;
    claim.tell = operation(claim.atomic, true, write);
    claim.wait = operation(claim.atomic, false, after);
    if ((!claim.tell && !claim.wait) || (veto::notShared({sharing_, write, after}) && !publishes(claim.atomic, write)))
      return;
    claim.distance = story_.distance(write.point, after.point);
    auto [at, isNew] = claims_.try_emplace(story_.placeOf(claim.tell ? *claim.tell : *claim.wait), claim);
    if (!isNew && claim.distance < at->second.distance)
      at->second = std::move(claim);
  }

  /// The operation on the atomic, in the thread of an access, that orders nothing.
  std::optional<Point> operation(ObjectId atomic, bool tells, const Access &of) const {
    for (const HandOver::Operation &operation : sharing_.handOver().operations(atomic, tells))
      if (!operation.strong && entryOf(operation.point.frame) == entryOf(of.point.frame))
        return operation.point;
    return std::nullopt;
  }

  /// Whether the thread that writes to an object then stores a pointer to it in the atomic: who follows that one meets this
  /// object, though it was made after the threads were started.
  bool publishes(ObjectId atomic, const Access &write) const {
    Frames &frames = program_.entries().frames();
    for (const HandOver::Operation &operation : sharing_.handOver().operations(atomic, true)) {
      Point at = operation.point;
      if (entryOf(at.frame) != entryOf(write.point.frame))
        continue;
      facts::BodyView body = frames.body(at.frame);
      for (PlaceId operand : body.operands(body.events[at.event]))
        for (ObjectId target : frames.values(at.frame, operand))
          if (frames.objects().within(write.object, target))
            return true;
    }
    return false;
  }

  void report(const Claim &claim) {
    const Access &write = access(claim.write), &after = access(claim.after);
    std::string data = "'" + sharing_.nameOf(write.object) + "'", atomic = "'" + sharing_.nameOf(claim.atomic) + "'";
    Finding finding = story_.finding(kId, Severity::Warning, write, after);
    Point here = claim.tell ? *claim.tell : *claim.wait;
    finding.place = story_.placeOf(here);
    finding.function = program_.displayOf(sharing_.frames().body(here.frame).function()).str();
    finding.message = claim.tell
                          ? atomic + " is set with a relaxed order: who sees it may not yet see what was written to " + data
                          : atomic + " is read with an order that acquires nothing: what is then seen of " + data +
                                " may be older than the value of " + atomic;
    finding.entities = {sharing_.entityOf(claim.atomic), sharing_.entityOf(write.object)};
    auto &first = finding.lanes[0].steps, &second = finding.lanes[1].steps;
    if (claim.tell)
      first.push_back(own(story_.step(*claim.tell, "write", "sets " + atomic + ", and releases nothing", first.back().depth)));
    if (claim.wait)
      second.insert(second.end() - 1,
                    own(story_.step(*claim.wait, "read", "reads " + atomic + ", and acquires nothing", second.back().depth)));
    finding.reasons.push_back("nothing but " + atomic + " tells thread 2 that thread 1 has written " + data);
    finding.considered = claim.considered;
    sink_.report(std::move(finding));
  }

  static Step own(Step step) {
    step.own = true;
    return step;
  }

  const Program &program_;
  const Sharing &sharing_;
  RaceStory story_;
  Sink &sink_;
  std::map<SourceRange, Claim> claims_; // by what is told
};

void run(const Program &program, Sink &sink) { RelaxedPublication(program, sink).run(); }

} // namespace

extern const Check relaxedPublication{
    kId,           "atomic", "data handed to another thread by an atomic whose memory order orders nothing", Severity::Warning,
    World::Closed, run};

} // namespace heddle
