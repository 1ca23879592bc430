// Two accesses, one of them a write, that threads may make at the same time, with no lock in common. One object is one finding:
// the pair that shows it best, and the other places in a lane of their own. The theory is in program/Sharing.h (is it one
// object), Phases.h (can they run together), HandOver.h and Vetoes.h (what orders them).
#include "checks/Check.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

#include <algorithm>
#include <map>
#include <set>

namespace heddle {
namespace {

constexpr size_t kPairs = 4000;   // weighed for one object
constexpr size_t kElsewhere = 12; // other places that are told

struct Pair {
  uint32_t first = facts::kNone, second = facts::kNone; // accesses; the first one writes
  Severity severity = Severity::Warning;
  std::vector<std::string> considered;
};

/// All that is known of one object: a variable, or one field of one class.
struct Claim {
  Pair best;
  std::set<uint32_t> accesses;
};

class DataRace {
public:
  DataRace(const Program &program, Sink &sink) : program_(program), sharing_(program.sharing()), story_(sharing_), sink_(sink) {}

  void run() {
    for (ObjectId object : sharing_.accesses().objects())
      weigh(object);
    for (const std::string &entity : order_)
      report(entity, claims_[entity]);
  }

private:
  const Access &access(uint32_t id) const { return sharing_.accesses()[id]; }
  EntryId entryOf(const Access &access) const { return sharing_.frames()[access.point.frame].entry; }

  void weigh(ObjectId object) {
    auto all = sharing_.accesses().of(object);
    if (std::none_of(all.begin(), all.end(), [&](uint32_t id) { return access(id).write; }))
      return;
    size_t pairs = 0;
    for (size_t i = 0; i < all.size(); ++i)
      for (size_t k = i; k < all.size(); ++k) {
        const Access &a = access(all[i]), &b = access(all[k]);
        if (!a.write && !b.write)
          continue;
        if (entryOf(a) == entryOf(b) && !sharing_.phases().beside(entryOf(a)))
          continue;
        if (++pairs > kPairs) {
          ++program_.cut().paths;
          return;
        }
        weigh(all[i], all[k]);
      }
  }

  void weigh(uint32_t a, uint32_t b) {
    Pair pair;
    if (vetoed({sharing_, access(a), access(b)}, pair.considered))
      return;
    if (!access(a).write)
      std::swap(a, b);
    const Access &first = access(a), &second = access(b);
    pair.first = a;
    pair.second = b;
    pair.severity = story_.severityOf(first, second);
    auto [at, isNew] = claims_.try_emplace(entityOf(pair));
    Claim &claim = at->second;
    if (isNew)
      order_.push_back(at->first);
    if (isNew || rank(pair) < rank(claim.best))
      claim.best = std::move(pair);
    claim.accesses.insert({a, b});
  }

  /// Memory that is freed too early is one defect, however many of its fields are in use.
  std::string entityOf(const Pair &pair) const {
    const Access &first = access(pair.first);
    const facts::Facts &facts = program_.facts();
    const Object object = sharing_.frames().objects()[first.object];
    if ((first.frees || access(pair.second).frees) && object.kind == ObjectKind::Field && object.id < facts.fields().size())
      return facts.string(facts.records()[facts.fields()[object.id].record()].name()).str();
    return sharing_.entityOf(first.object);
  }

  /// What is surer first, then different functions, a write that meets a read, and what stands first in the source.
  std::tuple<bool, bool, bool, size_t, SourceRange, SourceRange> rank(const Pair &pair) const {
    const Access &a = access(pair.first), &b = access(pair.second);
    bool one = sharing_.frames()[a.point.frame].body == sharing_.frames()[b.point.frame].body;
    return {pair.severity != Severity::Error, one, b.write, story_.distance(a.point, b.point), story_.placeOf(a.point),
            story_.placeOf(b.point)};
  }

  static std::string eventOf(const Access &access) { return access.frees ? "free" : access.write ? "write" : "read"; }
  static std::string verb(const Access &access) { return access.frees ? "frees" : access.write ? "writes" : "reads"; }

  std::string messageOf(const Pair &pair) const {
    const Access &first = access(pair.first), &second = access(pair.second);
    std::string here = story_.holding(first.point), there = story_.holding(second.point);
    std::string message = "'" + sharing_.nameOf(first.object) + (first.frees ? "' is freed here " : "' is written here ") + here +
                          " while " + story_.who(second.point, first.point) + " " + verb(second) + " it";
    return here == there ? message : message + " " + there;
  }

  /// The order of steps that goes wrong.
  std::string interleaving(const Pair &pair) const {
    const Access &first = access(pair.first), &second = access(pair.second);
    std::string name = "'" + sharing_.nameOf(first.object) + "'";
    if (first.frees || second.frees)
      return std::string(first.frees ? "thread 1" : "thread 2") + " frees the memory of " + name +
             " before the other is done with it";
    if (second.write && first.update && second.update)
      return "both read " + name + ", then both write what they computed from the old value: one update is lost";
    if (second.write)
      return "thread 1 writes " + name + ", thread 2 writes it before thread 1 is done with it: one of the two values is lost";
    return "thread 2 reads " + name +
           " just before, while or just after thread 1 writes it: which value it sees is left to chance";
  }

  /// Other places of the same race.
  Lane elsewhere(const Claim &claim) const {
    Lane lane{"elsewhere", {}};
    std::set<SourceRange> told{story_.placeOf(access(claim.best.first).point), story_.placeOf(access(claim.best.second).point)};
    std::vector<Step> steps;
    for (uint32_t id : claim.accesses) {
      const Access &at = access(id);
      if (!told.insert(story_.placeOf(at.point)).second)
        continue;
      Step step = story_.access(at, eventOf(at), sharing_.nameOf(at.object), 0);
      step.own = false;
      steps.push_back(std::move(step));
    }
    std::sort(steps.begin(), steps.end(), [](const Step &a, const Step &b) { return a.place < b.place; });
    if (steps.size() > kElsewhere)
      steps.resize(kElsewhere);
    lane.steps = std::move(steps);
    return lane;
  }

  void report(const std::string &entity, const Claim &claim) {
    const Access &first = access(claim.best.first), &second = access(claim.best.second);
    Finding finding = story_.finding("data-race", claim.best.severity, first, second);
    finding.message = messageOf(claim.best);
    finding.entities = {entity};
    if (Lane others = elsewhere(claim); !others.steps.empty())
      finding.lanes.push_back(std::move(others));
    finding.reasons.push_back(interleaving(claim.best));
    finding.considered = claim.best.considered;
    sink_.report(std::move(finding));
  }

  const Program &program_;
  const Sharing &sharing_;
  RaceStory story_;
  Sink &sink_;
  std::map<std::string, Claim> claims_; // by entity
  std::vector<std::string> order_;
};

void run(const Program &program, Sink &sink) { DataRace(program, sink).run(); }

} // namespace

extern const Check dataRace{
    "data-race",     "race",      "two threads use one object at the same time, one of them writes, and no lock is held at both",
    Severity::Error, World::Open, run};

} // namespace heddle
