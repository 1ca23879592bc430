// Fields that belong together, changed one after the other while another thread reads or changes both: it can see one new and one
// old. The theory is in program/Invariants.h (what belongs together), Sharing.h, Phases.h and Vetoes.h.
#include "checks/Check.h"
#include "program/RaceStory.h"
#include "program/Story.h"
#include "program/Vetoes.h"

#include <algorithm>

namespace heddle {
namespace {

/// A group of writes and a group that it can be seen half done by, with the fields that both touch.
struct Claim {
  const Group *writes, *other;
  std::vector<std::pair<uint32_t, uint32_t>> fields; // accesses of one field: by `writes`, by `other`
  Severity severity = Severity::Warning;
  std::vector<std::string> considered;
};

class TornUpdate {
public:
  TornUpdate(const Program &program, Sink &sink)
      : program_(program), sharing_(program.sharing()), story_(sharing_), sink_(sink) {}

  void run() {
    for (ObjectId object : sharing_.invariants().objects())
      weigh(object);
    std::sort(claims_.begin(), claims_.end(), [&](const Claim &a, const Claim &b) { return rank(a) < rank(b); });
    for (const Claim &claim : claims_)
      if (isNew(claim))
        report(claim);
  }

private:
  void weigh(ObjectId object) {
    auto groups = sharing_.invariants().of(object);
    for (uint32_t w : groups) {
      const Group &writes = sharing_.invariants().all()[w];
      if (!writes.writes)
        continue;
      for (uint32_t o : groups)
        if (const Group &other = sharing_.invariants().all()[o]; !other.writes || o >= w)
          weigh(writes, other);
    }
  }

  void weigh(const Group &writes, const Group &other) {
    Claim claim{&writes, &other, {}, Severity::Warning, {}};
    for (uint32_t a : writes.members)
      for (uint32_t b : other.members) {
        const Access &first = sharing_.accesses()[a], &second = sharing_.accesses()[b];
        if (first.object == second.object && !vetoed({sharing_, first, second}, claim.considered))
          claim.fields.emplace_back(a, b);
      }
    if (claim.fields.size() < 2)
      return;
    const Access &first = sharing_.accesses()[claim.fields[0].first], &second = sharing_.accesses()[claim.fields[0].second];
    claim.severity = story_.severityOf(first, second);
    claims_.push_back(std::move(claim));
  }

  const Access &access(uint32_t id) const { return sharing_.accesses()[id]; }
  facts::FieldId fieldOf(uint32_t id) const { return sharing_.frames().objects()[access(id).object].id; }
  std::string fieldName(uint32_t id) const {
    return program_.facts().string(program_.facts().fields()[fieldOf(id)].name()).str();
  }

  /// Errors first, then readers before writers, the wider group, and what stands first in the source.
  std::tuple<bool, bool, size_t, SourceRange, SourceRange> rank(const Claim &claim) const {
    return {claim.severity != Severity::Error, claim.other->writes, 100 - std::min<size_t>(claim.fields.size(), 100),
            story_.placeOf(access(claim.fields.front().first).point), story_.placeOf(access(claim.fields.front().second).point)};
  }

  /// One report for a class and fields; another pair of sites of the same fields is the same defect.
  bool isNew(const Claim &claim) {
    std::vector<facts::FieldId> fields;
    for (auto [a, b] : claim.fields)
      fields.push_back(fieldOf(a));
    std::sort(fields.begin(), fields.end());
    for (const std::vector<facts::FieldId> &old : reported_) {
      std::vector<facts::FieldId> common;
      std::set_intersection(old.begin(), old.end(), fields.begin(), fields.end(), std::back_inserter(common));
      if (common.size() >= 2)
        return false;
    }
    reported_.push_back(std::move(fields));
    return true;
  }

  /// "'x' and 'y'"; of many, the first two and how many more.
  std::string fieldList(const Claim &claim) const {
    std::vector<std::string> names;
    for (auto [a, b] : claim.fields)
      if (std::string name = "'" + fieldName(a) + "'"; std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
    if (names.size() == 2)
      return names[0] + " and " + names[1];
    if (names.size() == 3)
      return names[0] + ", " + names[1] + " and " + names[2];
    return names[0] + ", " + names[1] + " and " + std::to_string(names.size() - 2) + " more";
  }

  std::string messageOf(const Claim &claim) const {
    Point here = access(claim.fields.front().first).point, there = access(claim.fields.front().second).point;
    std::string both = claim.fields.size() == 2 ? "both" : "them";
    std::string start = fieldList(claim) + " of '" + sharing_.nameOf(claim.writes->object) + "' are written here " +
                        story_.holding(here) + " while ";
    std::string other = story_.who(there, here);
    std::string how = story_.holding(there);
    other += claim.other->writes ? " writes " + both : " reads " + both;
    if (how != story_.holding(here))
      other += " " + how;
    return start + other + (claim.other->writes ? "; one value of each can be left" : "; it can see one new and one old");
  }

  /// Start of the thread, calls down to the group, then its accesses in order.
  Lane laneOf(const Claim &claim, bool first) const {
    std::vector<uint32_t> members, others;
    for (auto [a, b] : claim.fields) {
      members.push_back(first ? a : b);
      others.push_back(first ? b : a);
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    Point here = access(members.front()).point, there = access(others.front()).point;
    Lane lane = story_.lane(first ? "thread 1" : "thread 2", here, there);
    uint32_t depth = story_.chain(here, there).size();
    bool writes = (first ? claim.writes : claim.other)->writes;
    for (uint32_t member : members)
      lane.steps.push_back(story_.access(access(member), writes ? "write" : "read", fieldName(member), depth));
    return lane;
  }

  void report(const Claim &claim) {
    const Access &first = access(claim.fields.front().first), &second = access(claim.fields.front().second);
    Finding finding = story_.finding("torn-update", claim.severity, first, second);
    finding.message = messageOf(claim);
    for (auto [a, b] : claim.fields) {
      const facts::Field &field = program_.facts().fields()[fieldOf(a)];
      finding.entities.push_back(
          (program_.facts().string(program_.facts().records()[field.record()].name()) + "::" + fieldName(a)).str());
    }
    finding.lanes = {laneOf(claim, true), laneOf(claim, false)};
    finding.considered = claim.considered;
    sink_.report(std::move(finding));
  }

  const Program &program_;
  const Sharing &sharing_;
  RaceStory story_;
  Sink &sink_;
  std::vector<Claim> claims_;
  std::vector<std::vector<facts::FieldId>> reported_;
};

void run(const Program &program, Sink &sink) { TornUpdate(program, sink).run(); }

} // namespace

extern const Check tornUpdate{
    "torn-update",   "race",      "fields that belong together, changed one by one while another thread uses both",
    Severity::Error, World::Open, run};

} // namespace heddle
