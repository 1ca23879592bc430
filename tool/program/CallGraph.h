// Who runs whom before an event goes on: direct calls, overriders, callables, implicit destructors of members.
//
// Computes, for every event of every body in the target, its invocations, and the strongly connected components of bodies in
// bottom-up order (Tarjan 1972), which is the order in which summaries are made.
//
// A virtual call has the overriders of classes that are made (Instances.h). A call through a value has, in this order, what the
// body itself says of the value (a function, a lambda made here); nothing, if the value is a parameter or a capture: it is a
// *given call*, which each caller resolves by what it passes, so that for_all(f) and for_all(g) don't mix; else what the value
// may be in the whole target (FunctionValues.h). More than kTargets are as good as none: the call is counted as cut.
//
// Gets wrong: a function that is given a callback and also run by somebody who can't be seen runs those that are seen.
#pragma once

#include "program/FunctionValues.h"

namespace heddle {

/// One function run by an event. Values are places in the caller's frame; kNone has no name there.
struct Invocation {
  facts::FunctionId function = kNone;
  PlaceId self = kNone;                    // value of `this`
  llvm::SmallVector<PlaceId, 4> arguments; // values of the parameters
  facts::EventId closure = kNone;          // the Closure event of the caller that gives the captures
  /// Invocations of one event run in order of group; those of one group are alternatives.
  uint32_t group = 0;
  /// Exact: this is what runs. OneOf: it or another one of its group. Open: it, another one, or something that isn't known.
  enum Certainty : uint8_t { Exact, OneOf, Open } certainty = Exact;
  bool foreign = false; // its object and captures may have no name in the caller's frame
  bool nested = false;  // run by a function that the event calls and that the callable was given to
};

/// A call of what the caller of a body gave it, by the body itself or by somebody it passed it on to.
struct GivenCall {
  PlaceId callable = kNone;                // from a parameter or capture of the body on
  llvm::SmallVector<PlaceId, 2> arguments; // kNone: has no name in the body
  facts::EventId event = kNone;            // of the body
  friend bool operator==(const GivenCall &, const GivenCall &) = default;
};

class CallGraph {
public:
  static constexpr size_t kTargets = 16; // of one call through a value
  static constexpr size_t kGiven = 16;   // given calls of one body
  static constexpr unsigned kPassed = 3; // callbacks of callbacks

  explicit CallGraph(const Program &program);

  /// The event's callee as it is written: with its object and arguments, whatever stands for it when it runs.
  Invocation direct(const facts::BodyView &body, facts::EventId event) const;
  /// What the event runs by itself: its callee, or what may stand for it.
  std::vector<Invocation> invocations(const facts::BodyView &body, facts::EventId event) const;
  /// What running the callable `value` with `arguments` invokes; empty when unknown, or given by the body's caller.
  std::vector<Invocation> callable(PlaceId value, llvm::ArrayRef<PlaceId> arguments, const facts::BodyView &body) const;
  /// What a `run` or `start` op (expanded) of a model invokes at a call.
  std::vector<Invocation> run(const Op &op, const facts::BodyView &body, facts::EventId event) const;
  /// What destroying an object of `record` at `object` invokes.
  std::vector<Invocation> destruction(facts::RecordId record, PlaceId object) const;
  /// What making an object of `record` at `object` from `arguments` invokes: constructors with fitting parameters.
  std::vector<Invocation> construction(facts::RecordId record, PlaceId object, llvm::ArrayRef<PlaceId> arguments,
                                       const facts::BodyView &body) const;
  /// All that the event runs, with the callables, constructors and destructors that its callee's model runs, and the callables
  /// that it passes to a callee that runs them.
  std::vector<Invocation> reached(const facts::BodyView &body, facts::EventId event) const;
  /// Whether the invocations of a call are all that it can run. Never so in an open target, for what is not called by name.
  bool allKnown(const facts::BodyView &body, facts::EventId event) const;

  /// Whether a callable, kept somewhere, is one that code outside of the target registers.
  bool registered(PlaceId value, const facts::BodyView &body) const;
  /// What a virtual call of a method may run in the target.
  llvm::ArrayRef<facts::FunctionId> overriders(facts::FunctionId method) const { return instances_.overriders(method); }

  /// Whether the callable is what the caller of the body gave it.
  bool isGiven(PlaceId value, const facts::BodyView &body) const;
  std::span<const GivenCall> givenCalls(facts::BodyId body) const { return given_[body]; }
  /// What a given call of a body runs for any of its callers, as far as the target tells.
  llvm::SmallVector<facts::FunctionId, 4> mayBe(facts::BodyId body, const GivenCall &call) const;
  /// What a given call of `callee` runs when it is called by `invocation` at an event of `body`. `named` is told its place in
  /// that body, kNone if it has none; if it is given there in turn, nothing is returned.
  std::vector<Invocation> resolve(PlaceId callable, llvm::ArrayRef<PlaceId> arguments, const facts::BodyView &callee,
                                  const Invocation &invocation, const facts::BodyView &body, facts::EventId event,
                                  PlaceId &named) const;

  struct Caller {
    facts::BodyId body;
    facts::EventId event;
    bool named; // it names the callee, or makes the callable itself
  };
  std::span<const Caller> callers(facts::BodyId body) const;
  /// Components of mutually recursive bodies, callees before callers.
  std::span<const std::vector<facts::BodyId>> components() const { return components_; }
  /// Whether the component of `body` has a cycle.
  bool recursive(facts::BodyId body) const { return recursive_[body]; }

private:
  void link(std::vector<std::vector<facts::BodyId>> &callees, facts::BodyId from, facts::EventId event,
            const Invocation &invocation);
  void findGiven();
  bool give(const facts::BodyView &body, GivenCall call);
  void passOn(const Invocation &invocation, const facts::BodyView &body, facts::EventId event, unsigned depth,
              std::vector<Invocation> &out) const;
  std::vector<Invocation> ofSet(const FunctionSet &set, PlaceId value, llvm::ArrayRef<PlaceId> arguments,
                                const facts::BodyView &body) const;
  void countCut(const facts::BodyView &body) const;
  FunctionSet fitting(FunctionSet set, size_t arguments) const;
  PlaceId referred(PlaceId argument, const facts::BodyView &body) const;
  void addMembers(const Op &op, facts::FunctionId callee, std::vector<Invocation> &out) const;
  void bind(Invocation &invocation, const facts::BodyView &body) const;
  void destroy(facts::RecordId record, PlaceId object, unsigned depth, std::vector<Invocation> &out) const;
  void findComponents(const std::vector<std::vector<facts::BodyId>> &callees);

  const Program &program_;
  Instances instances_;
  FunctionValues values_;
  std::vector<llvm::SmallVector<facts::FunctionId, 1>> callOperators_; // by record
  std::vector<llvm::SmallVector<facts::FunctionId, 2>> constructors_;  // by record
  std::vector<llvm::SmallVector<facts::FunctionId, 4>> methods_;       // by record: the rest that has a body
  std::vector<std::vector<facts::RecordId>> basesOf_;
  std::vector<std::vector<Caller>> callers_;
  std::vector<std::vector<facts::BodyId>> components_;
  std::vector<bool> recursive_;
  std::vector<std::vector<GivenCall>> given_; // by body
  std::vector<bool> uncalled_; // by body: nobody is seen to call it, so what it is given is asked of FunctionValues
};

} // namespace heddle
