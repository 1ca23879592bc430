// Walks the paths of one body and makes its summary.
#pragma once

#include "program/CallGraph.h"
#include "program/DescriptorsSummary.h"

#include "llvm/ADT/DenseMap.h"

namespace heddle::descriptors {

using Summaries = llvm::DenseMap<facts::BodyId, Summary>;

class Walk {
public:
  /// `followsNumbers`: whether numbers are worth knowing, as the body can fork.
  Walk(const Program &program, const Summaries &summaries, const facts::BodyView &body, bool followsNumbers);

  /// The summary; `cut` when a bound was reached and paths were dropped.
  Summary run(bool &cut);

private:
  using States = std::vector<State>;
  struct Callee {
    Invocation invocation;
    const Summary *summary;
  };

  // paths and events (DescriptorsWalk.cpp)
  void arrive(facts::BlockId block, State state);
  States limited(States states);
  void leaveBlock(const facts::Block &block, const State &state);
  void finish(const State &state);
  States step(facts::EventId event, State state);

  States call(facts::EventId event, State state);
  void write(facts::EventId event, State &state);

  // calls of modelled functions (DescriptorsModel.cpp)
  States applyModel(facts::EventId event, const FunctionModel &model, State state);
  bool applyOp(facts::EventId event, const Op &op, State &state); // false: the path ends
  void open(facts::EventId event, const Op &op, State &state);
  void set(PlaceId place, PlaceId from, State &state);
  States fork(facts::EventId event, const State &state);
  States wait(facts::EventId event, const Op &op, bool blocks, State state);
  void forgetOutputs(facts::EventId event, State &state);
  std::optional<bool> holds(const Test &test, facts::EventId event, const State &state) const;
  bool isDevice(facts::EventId event) const;

  // calls of functions with bodies (DescriptorsCall.cpp)
  States applySummary(facts::EventId event, const Callee &callee, const State &state);
  PlaceId translated(PlaceId place, facts::EventId event, const Invocation &invocation) const;
  void importForks(facts::EventId event, const Callee &callee, const State &state);
  State applyOutcome(facts::EventId event, const Callee &callee, const Outcome &outcome, const State &state);
  void applyStore(facts::EventId event, const Callee &callee, const Outcome &outcome, const Store &store, const State &before,
                  State &after);
  std::optional<Held> imported(facts::EventId event, const Callee &callee, DescriptionId id, const State &before);
  DescriptorUse viaCall(facts::EventId event, const DescriptorUse &use) const;
  ForkId importedFork(facts::EventId event, const Callee &callee, ForkId id);

  // descriptions
  std::optional<Held> heldBy(const State &state, PlaceId value);
  DescriptionId entryDescription(PlaceId place);
  void use(const State &state, PlaceId value, DescriptorUse use, bool ordered);
  void enterSide(State &state, ForkSide side);
  DescriptionId closedDescription();
  void name(const State &state, PlaceId variable, PlaceId value);

  // the summary (DescriptorsCall.cpp)
  Outcome outcomeOf(const State &state);
  void exportStore(PlaceId storage, PlaceId value, PlaceId returned, const State &state, Outcome &outcome) const;
  bool mayLead(PlaceId place) const;
  PlaceId exported(PlaceId place, PlaceId returned) const; // kNone: the caller has no name for it

  const Program &program_;
  const Summaries &summaries_;
  facts::BodyView body_;
  bool followsNumbers_;
  Reader reader_;
  Places &places_;
  PlaceId returnSlot_;

  std::vector<std::vector<State>> atBlock_;
  std::vector<std::pair<facts::BlockId, State>> todo_;
  std::vector<std::vector<std::vector<Callee>>> callees_; // by event, then by group
  unsigned steps_ = 0;
  bool cut_ = false;

  Summary summary_;
  std::map<PlaceId, DescriptionId> entryIds_;
  std::map<std::tuple<facts::EventId, facts::BodyId, uint32_t>, DescriptionId> openedIds_; // by callee's body and its id
  std::map<std::tuple<facts::EventId, facts::BodyId, uint32_t>, ForkId> forkIds_;
};

} // namespace heddle::descriptors
