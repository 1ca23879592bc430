// What the descriptors of a program are: files, sockets or pipes, and whether one was ever made non-blocking.
//
// Computes. Places that hold a descriptor (locals, parameters, globals, fields, results) are one class when a value goes from one
// to the other by an assignment, an argument, a return or a dup; a class has the kinds of all that is opened into it. Whoever
// makes one descriptor of a class non-blocking, at its making or later, makes the class so. Order, objects and calls are not told
// apart. Source: unification-based flow (Steensgaard, "Points-to Analysis in Almost Linear Time", POPL 1996).
//
// Gets wrong: a class whose origin isn't seen has no kind, and the same where two kinds flow into one field; both are "unknown".
#pragma once

#include "program/CallGraph.h"

#include "llvm/ADT/DenseMap.h"

namespace heddle {

class DescriptorKinds {
public:
  explicit DescriptorKinds(const Program &program);

  enum Kind : uint8_t { Unknown, File, Socket, Pipe };
  /// What the descriptor that a place of `body` holds surely is.
  Kind kindOf(facts::BodyId body, PlaceId place) const;
  /// Whether two places may hold the same descriptor.
  bool same(facts::BodyId a, PlaceId x, facts::BodyId b, PlaceId y) const;
  /// Whether a use of it may be told not to wait.
  bool nonBlocking(facts::BodyId body, PlaceId place) const;

private:
  using Node = uint32_t;
  struct Class {
    bool file = false, socket = false, pipe = false, other = false, nonBlocking = false;
  };
  Node nodeOf(facts::BodyId body, PlaceId place) const;
  Node node(uint64_t kind, uint32_t owner, uint32_t id) const;
  Node find(Node node) const;
  void unite(Node a, Node b);
  bool mayHold(facts::TypeId type) const;
  void addBody(facts::BodyId body);
  void addCall(const facts::BodyView &body, facts::EventId event);
  void addModel(const FunctionModel &model, const facts::BodyView &body, facts::EventId event);

  const Program &program_;
  mutable std::vector<Node> parent_;
  mutable std::vector<Class> classes_;
  mutable llvm::DenseMap<std::pair<uint64_t, uint64_t>, Node> nodes_;
};

/// What is known of a model's test of an argument before the call: of a constant, or a mask of one.
std::optional<bool> holdsAtCall(const Program &program, const Test &test, PlaceId value);

} // namespace heddle
