#include "program/MemoryOrder.h"

namespace heddle {

using namespace facts;

namespace {

/// Values of std::memory_order, which are those of __ATOMIC_RELAXED and the others (GCC, "Memory model aware atomic operations").
enum Order : int64_t { Relaxed, Consume, Acquire, Release, AcquireRelease, Sequential };

} // namespace

MemoryOrder memoryOrderOf(const Program &program, const BodyView &body, const Event &event) {
  if (has(event.flags(), EventFlag::Relaxed))
    return {.releases = false, .acquires = false};
  if (event.kind() != EventKind::Call || event.callee() == kNone)
    return {};
  const Facts &facts = program.facts();
  std::span<const TypeId> params = facts.params(facts.functions()[event.callee()]);
  auto operands = body.operands(event);
  // The first one: a compare-and-swap is told by its success.
  for (size_t i = 0; i < std::min<size_t>(params.size(), operands.size()); ++i) {
    if (params[i] == kNone || !facts.string(facts.types()[params[i]].name()).ends_with("memory_order"))
      continue;
    std::optional<int64_t> order = program.places().asConstant(program.places().canonical(operands[i]));
    if (!order)
      return {};
    return {.releases = *order >= Release, .acquires = *order != Relaxed && *order != Release};
  }
  return {};
}

} // namespace heddle
