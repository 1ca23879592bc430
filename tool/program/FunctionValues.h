// Which functions a value may be: what calls through pointers, pointers to members and std::function can run.
//
// Computes, for the whole target at once and without regard to order, the functions that locals, parameters, captures, globals
// and fields may hold (inclusion constraints, Andersen's, for function values alone). Fields are told apart by their declaration,
// not by their object: every `ops->lock` is one node. An element is its array, what a pointer points at is the pointer, and what
// a class of the system's library holds (the target of a std::function, the elements of a container, both members of a pair) is
// the object itself: so a table, a map of handlers and an iterator into it are one node. A lambda or a functor is its call
// operator. What a library keeps to run it often (Model.h) is a field like others, by its name in the models.
//
// A value is `open` when some of it comes from what isn't seen: an argument, field or global that code outside of the target can
// set, the result of a function without body, an initial value that has no name. What is known of it stays known.
//
// Gets wrong: casts through integers lose the value unseen; functions that take another number of arguments than the call gives
// are left out; a std::any or a type-erasing class of a foreign library keeps what it was given from view.
//
// Source: L. Andersen, Program Analysis and Specialization for C, 1994; Milanova, Rountev and Ryder, "Precise Call Graphs for C
// Programs with Function Pointers", ASE 2004, for how far fields without objects carry.
#pragma once

#include "program/Instances.h"

#include <map>

namespace heddle {

/// A function that a value may be.
struct FunctionValue {
  facts::FunctionId function = kNone;
  bool bound = false; // with arguments bound to it: a call's own aren't all that it gets
  friend auto operator<=>(const FunctionValue &, const FunctionValue &) = default;
};

struct FunctionSet {
  llvm::SmallVector<FunctionValue, 2> values; // sorted
  bool open = false;                          // and others that aren't known
  bool registered = false;                    // and others that code outside of the target gives as an argument, to be kept
};

class FunctionValues {
public:
  static constexpr size_t kMost = 512; // values of one node; more are given up

  FunctionValues(const Program &program, const Instances &instances);

  /// What the value of a place of a body may be, by what was stored there.
  FunctionSet at(const facts::BodyView &body, PlaceId place) const;
  /// The call operators of the class that a place is an object of; none for what models stand for.
  llvm::ArrayRef<facts::FunctionId> callOperators(PlaceId place, const facts::BodyView &body) const;
  /// Whether a pseudo-field is one that a library keeps a callable in until it runs it, often.
  bool kept(facts::FieldId field) const { return llvm::is_contained(kept_, field); }

private:
  friend class FunctionFlow;
  using NodeId = uint32_t;
  enum class NodeKind : uint8_t { Global, Field, Local, Param, Capture, Result, Returned };
  using Key = std::pair<uint64_t, uint32_t>; // kind and body, function or kNone; index

  /// A call through the node's value; its arguments flow to whatever it turns out to run.
  struct Site {
    facts::BodyId body;
    std::vector<PlaceId> arguments;
    NodeId result; // or kNone
  };
  struct Node {
    llvm::SmallVector<FunctionValue, 2> values;
    bool open = false;
    bool registered = false;
    bool queued = false;
    llvm::SmallVector<NodeId, 2> to;
    llvm::SmallVector<NodeId, 1> bindsTo; // the same, with arguments bound on the way
    llvm::SmallVector<uint32_t, 1> sites;
    uint32_t seen = 0; // how many values its sites were told of
  };

  std::optional<Key> keyOf(const facts::BodyView &body, PlaceId place) const;
  NodeId node(Key key);
  bool outside(Key key) const;
  bool inUnit(facts::FieldId field) const;
  NodeId node(const facts::BodyView &body, PlaceId place); // kNone: it has none
  NodeId param(facts::FunctionId function, uint32_t index);
  NodeId returned(facts::FunctionId function);
  void add(NodeId node, FunctionValue value);
  void open(NodeId node);
  void registered(NodeId node);
  void edge(NodeId from, NodeId to);
  void bind(NodeId from, NodeId to);
  void flow(const facts::BodyView &body, PlaceId from, NodeId to);
  void solve();
  void enter(const Site &site, FunctionValue value);
  bool carries(facts::TypeId type) const;

  const Program &program_;
  std::vector<llvm::SmallVector<facts::FunctionId, 1>> callOperators_; // by record: those with a body
  llvm::SmallVector<facts::FieldId, 8> kept_;
  std::map<PlaceId, facts::FunctionId> constants_; // by part of a constant variable
  std::map<Key, NodeId> ids_;
  std::vector<Node> nodes_;
  std::vector<Site> sites_;
  std::vector<NodeId> work_;
  mutable std::vector<uint8_t> carries_; // by type: 0 not asked, 1 no, 2 yes
};

/// Whether `function` can be called with that many arguments, its object included if it is a plain member.
bool takes(const facts::Facts &facts, facts::FunctionId function, size_t arguments);

} // namespace heddle
