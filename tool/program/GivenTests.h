// Given tests: what is never reached with the constants that its callers give.
//
// Computes, for an event, the branches that lead there alone; of what each tests, whether it is a parameter of the function, or a
// local or a field that has just been given that parameter; and what the callers of the frame pass for it, up to a few calls.
// Where every call passes a constant for which another way is taken, the event isn't reached. Calls that are made before a
// certain thread runs can be left out.
//
// Gets wrong: values that are worked out, and more than one test at a time.
#pragma once

#include "program/Phases.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace heddle {

class GivenTests {
public:
  explicit GivenTests(const Program &program, const Phases &phases) : program_(program), phases_(phases) {}
  /// Whether no caller gives what the event needs, of the calls that are made while a thread of `beside` may be running.
  bool never(Point point, EntryId beside = facts::kNone) const;

private:
  static constexpr unsigned kCalls = 4;

  /// What one way on needs of a parameter.
  struct Need {
    uint32_t param = facts::kNone;
    const facts::Edge *edge = nullptr;
  };
  /// The ways on from one test, all that lead to an event; every way there comes by that test.
  using Needs = llvm::SmallVector<Need, 2>;

  bool never(Point point, EntryId beside, unsigned depth) const;
  const std::vector<Needs> &needsOf(FrameId frame, facts::BlockId target) const;
  std::optional<Needs> needsOf(FrameId frame, facts::BlockId test, facts::BlockId target) const;
  bool contradicts(Point call, uint32_t param, const facts::Edge &edge, EntryId beside, unsigned depth) const;
  template <class F> bool everyCall(FrameId frame, EntryId beside, F holds) const;
  uint32_t paramOf(FrameId frame, facts::BlockId test, PlaceId value) const;

  const Program &program_;
  const Phases &phases_;
  mutable llvm::DenseMap<std::pair<FrameId, facts::BlockId>, std::vector<Needs>> needs_; // made when first asked for
};

} // namespace heddle
