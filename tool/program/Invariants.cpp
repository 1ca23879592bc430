#include "program/Invariants.h"
#include "program/LockState.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {
constexpr uint8_t kUpdates = 1, kConstants = 2, kValues = 4;
constexpr uint32_t kReadDistance = 64; // events
} // namespace

Invariants::Invariants(const Program &program, const Entries &entries, const Phases &phases, const Accesses &accesses)
    : program_(program), frames_(entries.frames()), phases_(phases), accesses_(accesses) {
  findCounters();
  // Accesses stand frame by frame, and in order of events there.
  const std::vector<Access> &all = accesses.all();
  std::vector<uint32_t> ofFrame;
  for (uint32_t id = 0; id < all.size(); ++id) {
    if (!ofFrame.empty() && all[ofFrame.front()].point.frame != all[id].point.frame) {
      group(ofFrame);
      ofFrame.clear();
    }
    ofFrame.push_back(id);
  }
  group(ofFrame);
  for (uint32_t id = 0; id < groups_.size(); ++id) {
    auto [at, isNew] = byObject_.try_emplace(groups_[id].object);
    if (isNew)
      objects_.push_back(groups_[id].object);
    at->second.push_back(id);
  }
}

llvm::ArrayRef<uint32_t> Invariants::of(ObjectId object) const {
  auto at = byObject_.find(object);
  return at == byObject_.end() ? llvm::ArrayRef<uint32_t>() : llvm::ArrayRef<uint32_t>(at->second);
}

void Invariants::findCounters() {
  // All writes of a field count, also those of objects that aren't shared: how it is used is a property of the class.
  for (FrameId id : frames_.reached()) {
    BodyView body = frames_.body(id);
    for (const Event &event : body.events) {
      if (event.kind() != EventKind::Write || program_.places()[event.place()].kind() != PlaceKind::Field)
        continue;
      uint8_t how = kValues;
      if (has(event.flags(), EventFlag::Update))
        how = kUpdates;
      else if (event.operand_count() > 0) {
        PlaceKind value = program_.places()[body.operands(event)[0]].kind();
        if (value == PlaceKind::Constant || value == PlaceKind::String)
          how = kConstants;
      }
      writes_[program_.places()[event.place()].id()] |= how;
    }
  }
}

bool Invariants::counts(const Access &access) const {
  const Object object = frames_.objects()[access.object];
  if (object.kind != ObjectKind::Field || access.atomic || access.initial || access.frees ||
      object.id >= program_.facts().fields().size())
    return false;
  if (object.type == kNone)
    return true;
  const Type &type = program_.facts().types()[object.type];
  if (has(type.flags(), TypeFlag::Atomic))
    return false;
  if (type.kind() == TypeKind::Record)
    if (const ClassModel *model = program_.classModel(type.record());
        model && (model->is == "atomic" || model->is == "lock" || model->is == "semaphore"))
      return false;
  if (access.whole)
    return true;
  auto how = writes_.find(object.id);
  return how == writes_.end() || (how->second & kValues);
}

/// Whether one run of the frame does both with nothing in between that orders it against another thread.
bool Invariants::together(const Access &a, const Access &b) const {
  FrameId frame = a.point.frame;
  const BlockGraph &graph = phases_.graph(frame);
  BlockId first = graph.blockOf(a.point.event), second = graph.blockOf(b.point.event);
  if (a.write ? first != second : !graph.reachesForward(first, second))
    return false;
  if (!a.write && b.point.event - a.point.event > kReadDistance)
    return false;
  BodyId body = frames_[frame].body;
  if (program_.locks().at(body, a.point.event) != program_.locks().at(body, b.point.event))
    return false;
  for (const ThreadEffect &effect : frames_[frame].effects)
    if (effect.event > a.point.event && effect.event < b.point.event)
      return false;
  return true;
}

void Invariants::group(llvm::ArrayRef<uint32_t> ofFrame) {
  // By object, in order of its first access here.
  std::vector<std::pair<ObjectId, bool>> keys;
  std::map<std::pair<ObjectId, bool>, std::vector<uint32_t>> lists;
  for (uint32_t id : ofFrame) {
    const Access &access = accesses_[id];
    if (!counts(access))
      continue;
    std::pair<ObjectId, bool> key{frames_.objects()[access.object].parent, access.write};
    if (key.first == kNone)
      continue; // which object has the field isn't known
    if (lists[key].empty())
      keys.push_back(key);
    lists[key].push_back(id);
  }
  for (const auto &key : keys) {
    const std::vector<uint32_t> &list = lists[key];
    std::vector<bool> used(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      if (used[i])
        continue;
      std::vector<uint32_t> members{list[i]};
      used[i] = true;
      for (size_t j = i + 1; j < list.size(); ++j) {
        bool other = std::none_of(members.begin(), members.end(),
                                  [&](uint32_t m) { return accesses_[m].object == accesses_[list[j]].object; });
        if (!used[j] && other && together(accesses_[list[i]], accesses_[list[j]])) {
          members.push_back(list[j]);
          used[j] = true;
        }
      }
      addGroup(members, key.second);
    }
  }
}

void Invariants::addGroup(llvm::ArrayRef<uint32_t> members, bool writes) {
  if (members.size() < 2)
    return;
  bool tells = !writes || std::any_of(members.begin(), members.end(), [&](uint32_t id) { return !accesses_[id].constant; });
  if (!tells)
    return;
  const Access &first = accesses_[members.front()];
  groups_.push_back({first.point.frame, frames_.objects()[first.object].parent, writes, {members.begin(), members.end()}});
}

} // namespace heddle
