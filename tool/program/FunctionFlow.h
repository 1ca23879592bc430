// The constraints that one target's bodies and initial values put on function values (FunctionValues.h).
#pragma once

#include "program/FunctionValues.h"

namespace heddle {

class FunctionFlow {
public:
  FunctionFlow(FunctionValues &values, const Program &program, const Instances &instances)
      : values_(values), program_(program), facts_(program.facts()), instances_(instances) {}

  void run();

private:
  using NodeId = FunctionValues::NodeId;

  void findKept();
  void initialValues();
  void event(const facts::BodyView &body, facts::EventId id);
  void call(const facts::BodyView &body, facts::EventId id);
  void enter(const facts::BodyView &body, facts::FunctionId callee, facts::EventId id);
  void indirect(const facts::BodyView &body, PlaceId callable, std::vector<PlaceId> arguments, NodeId result);
  void model(const facts::BodyView &body, facts::EventId id, const FunctionModel &model);
  void construct(const facts::BodyView &body, facts::TypeId type, llvm::ArrayRef<PlaceId> arguments);
  void opaque(const facts::BodyView &body, facts::EventId id);
  NodeId resultOf(const facts::BodyView &body, facts::EventId id);
  bool writable(facts::TypeId type) const;

  FunctionValues &values_;
  const Program &program_;
  const facts::Facts &facts_;
  const Instances &instances_;
  std::vector<llvm::SmallVector<facts::FunctionId, 2>> constructors_; // by record: those with a body
};

} // namespace heddle
