// A linked program: one link target's bodies with models bound to what has none. Immutable; views are made on first use.
#pragma once

#include "facts/Facts.h"
#include "program/Model.h"
#include "program/Places.h"
#include "program/ResultTypes.h"

#include <memory>
#include <string>
#include <vector>

namespace heddle {

class CallGraph;
class BlockGraph;
struct Invocation;
class Endings;
class LockKinds;
class LockState;
class LockOrder;
class LockMisuses;
class FieldWrites;
class Entries;
class Sharing;
class Descriptors;
class Guards;
class DescriptorKinds;
class Blocking;
class Sections;

/// A link target: which units form one program, and whether they are all of it.
struct Target {
  std::string name;
  bool closed = false;              // the whole program is here: it has a main and its link line is known or resolved
  std::vector<facts::UnitId> units; // sorted
};

/// What was cut because a bound was reached; reported, never silent.
struct Cut {
  uint32_t functions = 0, paths = 0;
};

class Program {
public:
  /// `facts` and `models` outlive the program.
  Program(const facts::Facts &facts, const Models &models, Target target);
  ~Program();
  Program(const Program &) = delete;

  const facts::Facts &facts() const { return facts_; }
  const Models &models() const { return models_; }
  const Target &target() const { return target_; }
  Places &places() const { return *places_; }

  /// Bodies of the target's units, in order of id; and those of one function (several: variants).
  std::span<const facts::BodyId> bodies() const { return bodies_; }
  std::span<const facts::BodyId> bodiesOf(facts::FunctionId function) const;
  /// Whether the target has a `main`: then what runs is what main reaches, also when only a unit of it is seen. Without one,
  /// anybody may call what has external linkage.
  bool hasMain() const { return hasMain_; }
  /// The model that stands for a function's body; a body in the target wins over a built-in
  /// row that isn't marked `instead`; else such bodies are not among bodies().
  const FunctionModel *model(facts::FunctionId function) const;
  const ClassModel *classModel(facts::RecordId record) const;
  /// The record that a type is, or points or refers to, or is an array of; kNone otherwise.
  facts::RecordId recordOf(facts::TypeId type) const;
  /// The class of an object of the type, or of an array's elements; none for pointers and references.
  facts::RecordId classOf(facts::TypeId type) const;
  bool isReference(facts::TypeId type) const;
  /// The type of a place of a body; kNone when it isn't known. A row of places() can't tell: a parameter, a local or a result of
  /// many bodies is one place there, with the type that one of them has.
  facts::TypeId typeOf(PlaceId place, const facts::BodyView &body) const;
  /// The class of a place of a body, or of what it points or refers to; kNone otherwise.
  facts::RecordId recordAt(PlaceId place, const facts::BodyView &body) const;
  /// The members of a class that its objects have, in order of declaration; those of its bases are theirs.
  std::span<const facts::FieldId> fieldsOf(facts::RecordId record) const { return fieldsOf_[record]; }
  /// Whether a class has a lock as a member by value, or in such a member.
  bool ownsLock(facts::RecordId record) const;
  bool isA(facts::RecordId derived, facts::RecordId base) const;

  /// The value of a model's operand at a call: what `this`, argN, result mean there. kNone when it has no name.
  PlaceId value(const Operand &operand, const facts::BodyView &body, facts::EventId event) const;
  /// The ops of a model at a call, `rest` and `[]` written out.
  std::vector<Op> ops(const FunctionModel &model, const facts::BodyView &body, facts::EventId event) const;
  /// The operands of an expanded `op` from `first` on.
  std::vector<PlaceId> values(const Op &op, size_t first, const facts::BodyView &body, facts::EventId event) const;
  /// The type that a `targN` operand of `callee`'s model means: a template argument of it, else of its class; kNone otherwise.
  facts::TypeId typeArgument(const Operand &operand, facts::FunctionId callee) const;
  /// A place of a callee's frame in its caller's. kNone when it has no name there (a local of the callee).
  PlaceId translate(PlaceId calleePlace, const Invocation &invocation, const facts::BodyView &caller, facts::EventId event) const;

  llvm::StringRef nameOf(facts::FunctionId function) const;    // qualified, no signature
  llvm::StringRef displayOf(facts::FunctionId function) const; // signature

  /// The control flow of a body, made once.
  const BlockGraph &graph(facts::BodyId body) const;
  const CallGraph &calls() const;
  const Endings &endings() const;
  const LockKinds &lockKinds() const;
  const LockState &locks() const;
  const LockOrder &lockOrder() const;
  const LockMisuses &lockMisuses() const;
  const FieldWrites &fieldWrites() const;
  const Entries &entries() const;
  const Sharing &sharing() const;
  const Descriptors &descriptors() const;
  const Guards &guards() const;
  const DescriptorKinds &descriptorKinds() const;
  const Blocking &blocking() const;
  const Sections &sections() const;
  Cut &cut() const { return cut_; }

private:
  const facts::Facts &facts_;
  const Models &models_;
  Target target_;
  std::unique_ptr<Places> places_;
  ResultTypes resultTypes_;
  std::vector<facts::BodyId> bodies_;
  std::vector<std::pair<uint32_t, uint32_t>> bodyRanges_; // by function: range in bodiesByFunction_
  std::vector<facts::BodyId> bodiesByFunction_;
  std::vector<const FunctionModel *> functionModels_;
  std::vector<std::vector<facts::FieldId>> fieldsOf_; // by record
  bool hasMain_ = false;
  mutable Cut cut_;
  mutable std::vector<llvm::SmallVector<facts::RecordId, 1>> basesOf_; // by record
  struct Views;
  static std::shared_ptr<Views> noViews();
  std::shared_ptr<Views> views_; // shared: its type is complete in Views.cpp alone
};

} // namespace heddle
