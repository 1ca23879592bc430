#include "program/Vetoes.h"
#include "program/HandOver.h"

#include <algorithm>

namespace heddle {

using namespace facts;

std::optional<std::string> veto::atomic(const Rivals &rivals) {
  if (rivals.a.atomic && rivals.b.atomic)
    return "both are atomic";
  return std::nullopt;
}

/// An object isn't shared while its own constructor or destructor runs: who knows it then was given it by that very one.
std::optional<std::string> veto::construction(const Rivals &rivals) {
  const Frames &frames = rivals.sharing.frames();
  for (const Access *access : {&rivals.a, &rivals.b})
    for (FrameId id = access->point.frame; id != kNone;
         id = frames[id].callers.empty() ? kNone : frames[id].callers.front().caller) {
      FunctionId function = frames.body(id).function();
      FunctionFlag flags = rivals.sharing.program().facts().functions()[function].flags();
      if (!has(flags, FunctionFlag::Constructor | FunctionFlag::Destructor))
        continue;
      for (ObjectId self : frames[id].self)
        if (frames.objects().within(access->object, self))
          return "in its constructor or destructor";
    }
  return std::nullopt;
}

std::optional<std::string> veto::notShared(const Rivals &rivals) {
  switch (rivals.sharing.identity(rivals.a.object, rivals.a.point, rivals.b.point)) {
  case Identity::Distinct:
    return "each thread has its own";
  case Identity::Unknown:
    return "not known to be the same object";
  case Identity::Likely:
  case Identity::Same:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> veto::notParallel(const Rivals &rivals) {
  if (rivals.sharing.phases().parallel(rivals.a.point, rivals.b.point))
    return std::nullopt;
  return "ordered by the start or the join of a thread";
}

/// A lock that may be held at both. One that has no name might be any.
std::optional<std::string> veto::commonLock(const Rivals &rivals) {
  Frames &frames = rivals.sharing.entries().frames();
  bool unknownA = false, unknownB = false;
  ObjectSet a = frames.held(rivals.a.point.frame, rivals.a.point.event, unknownA);
  ObjectSet b = frames.held(rivals.b.point.frame, rivals.b.point.event, unknownB);
  for (ObjectId lock : a)
    if (std::binary_search(b.begin(), b.end(), lock))
      return "'" + rivals.sharing.nameOf(lock) + "' is held at both";
  if ((unknownA && (unknownB || !b.empty())) || (unknownB && !a.empty()))
    return "both hold a lock, and it may be the same";
  return std::nullopt;
}

std::optional<std::string> veto::handedOver(const Rivals &rivals) {
  const HandOver &handOver = rivals.sharing.handOver();
  ObjectId through = kNone;
  if ((rivals.a.write && handOver.orders(rivals.a.point, rivals.b.point, through)) ||
      (rivals.b.write && handOver.orders(rivals.b.point, rivals.a.point, through)))
    return "'" + rivals.sharing.nameOf(through) + "' may order one after the other";
  return std::nullopt;
}

llvm::ArrayRef<Veto> vetoes() {
  static constexpr Veto kVetoes[] = {{"atomic", veto::atomic},          {"construction", veto::construction},
                                     {"not shared", veto::notShared},   {"not parallel", veto::notParallel},
                                     {"common lock", veto::commonLock}, {"handed over", veto::handedOver}};
  return kVetoes;
}

std::optional<std::string> vetoed(const Rivals &rivals, std::vector<std::string> &tried) {
  for (const Veto &veto : vetoes()) {
    if (std::optional<std::string> reason = veto.reason(rivals))
      return reason;
    std::string note = std::string(veto.name) + ": no";
    if (std::find(tried.begin(), tried.end(), note) == tried.end())
      tried.push_back(note);
  }
  return std::nullopt;
}

} // namespace heddle
