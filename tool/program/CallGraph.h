// Who runs whom before an event goes on: direct calls, overriders, callables that models run, implicit destructors of members.
//
// Computes, for every event of every body in the target, its invocations, and the strongly connected components of bodies in
// bottom-up order (Tarjan 1972), which is the order in which summaries are made.
// Gets wrong: a call through a pointer or std::function whose value the body doesn't name has no invocation; a virtual call has
// those overriders of the static type that the target has bodies for, whether or not their class is ever made.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

namespace heddle {

/// One function run by an event. Values are places in the caller's frame; kNone has no name there.
struct Invocation {
  facts::FunctionId function = kNone;
  PlaceId self = kNone;                    // value of `this`
  llvm::SmallVector<PlaceId, 4> arguments; // values of the parameters
  facts::EventId closure = kNone;          // the Closure event of the caller that gives the captures
  /// Invocations of one event run in order of group; those of one group are alternatives.
  uint32_t group = 0;
};

class CallGraph {
public:
  explicit CallGraph(const Program &program);

  /// The event's callee as it is written: with its object and arguments, whatever stands for it when it runs.
  Invocation direct(const facts::BodyView &body, facts::EventId event) const;
  /// What the event runs by itself: its callee, or what may stand for it.
  std::vector<Invocation> invocations(const facts::BodyView &body, facts::EventId event) const;
  /// What running the callable `value` with `arguments` invokes; empty when unknown.
  std::vector<Invocation> callable(PlaceId value, llvm::ArrayRef<PlaceId> arguments, const facts::BodyView &body) const;
  /// What a `run` or `start` op (expanded) of a model invokes at a call.
  std::vector<Invocation> run(const Op &op, const facts::BodyView &body, facts::EventId event) const;
  /// What destroying an object of `record` at `object` invokes.
  std::vector<Invocation> destruction(facts::RecordId record, PlaceId object) const;
  /// What making an object of `record` at `object` from `arguments` invokes: constructors with fitting parameters.
  std::vector<Invocation> construction(facts::RecordId record, PlaceId object, llvm::ArrayRef<PlaceId> arguments,
                                       const facts::BodyView &body) const;
  /// All that the event runs, with the callables, constructors and destructors that its callee's model runs.
  std::vector<Invocation> reached(const facts::BodyView &body, facts::EventId event) const;

  struct Caller {
    facts::BodyId body;
    facts::EventId event;
  };
  std::span<const Caller> callers(facts::BodyId body) const;
  /// Components of mutually recursive bodies, callees before callers.
  std::span<const std::vector<facts::BodyId>> components() const { return components_; }
  /// Whether the component of `body` has a cycle.
  bool recursive(facts::BodyId body) const { return recursive_[body]; }

private:
  PlaceId referred(PlaceId argument, const facts::BodyView &body) const;
  void addMembers(const Op &op, facts::FunctionId callee, std::vector<Invocation> &out) const;
  void bind(Invocation &invocation, const facts::BodyView &body) const;
  void destroy(facts::RecordId record, PlaceId object, unsigned depth, std::vector<Invocation> &out) const;
  void findComponents(const std::vector<std::vector<facts::BodyId>> &callees);

  const Program &program_;
  std::vector<std::vector<facts::FunctionId>> overriders_;             // by function, direct
  std::vector<llvm::SmallVector<facts::FunctionId, 1>> callOperators_; // by record
  std::vector<llvm::SmallVector<facts::FunctionId, 2>> constructors_;  // by record
  std::vector<llvm::SmallVector<facts::FunctionId, 4>> methods_;       // by record: the rest that has a body
  std::vector<std::vector<facts::FieldId>> fieldsOf_;                  // by record, in order
  std::vector<std::vector<facts::RecordId>> basesOf_;
  std::vector<std::vector<Caller>> callers_;
  std::vector<std::vector<facts::BodyId>> components_;
  std::vector<bool> recursive_;
};

} // namespace heddle
