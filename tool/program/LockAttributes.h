// What the program declares of its locks: thread-safety attributes by who carries them, in the carrier's frame.
//
// Two uses. As *effects*: a function that is seen without body and without model takes, tries or releases what it declares
// (LockFlow::declaredEffect); so does one whose body touches no lock that is known here, for that is how a lock is made, and one
// that turns the analysis off for itself. As *ground truth*: what an access or a call demands (LockDemands.h), and the order that
// locks declare.
//
// Gets wrong: attributes of locals aren't facts; an overrider doesn't inherit what the overridden function declares, as in Clang.
// Source: Hutchins, Ballman, Sutherland, "C/C++ Thread Safety Analysis", SCAM 2014.
#pragma once

#include "program/Model.h"
#include "program/Places.h"

#include <span>

namespace heddle {

class LockAttributes {
public:
  LockAttributes(const facts::Facts &facts, Places &places);

  bool empty() const { return facts_.attributes().empty(); }
  std::span<const facts::Attribute> of(facts::OwnerKind kind, uint32_t owner) const;
  std::span<const facts::Attribute> ofFunction(facts::FunctionId id) const { return of(facts::OwnerKind::Function, id); }
  /// The locks of an attribute, as places of its owner's frame.
  llvm::SmallVector<PlaceId, 2> locks(const facts::Attribute &attribute) const;

  /// Whether a function says that its body isn't to be checked.
  bool unchecked(facts::FunctionId id) const { return carries(id, facts::AttributeKind::NoThreadSafetyAnalysis); }
  /// Whether it declares to take, try, release or give a lock, or that one is held where it returns.
  bool hasEffect(facts::FunctionId id) const;
  /// Whether it declares to take, try or release `lock` of its own frame, or something around it.
  bool declaresChange(facts::FunctionId id, PlaceId lock) const;
  bool scoped(facts::RecordId id) const;
  bool capability(facts::RecordId id) const;
  /// "*": whichever lock is asked for.
  bool isAnyLock(PlaceId place) const;

  /// Two locks, fields or variables, of which `before` is declared to be taken first.
  struct Order {
    PlaceId before = kNone, after = kNone; // of one frame: globals, or members of one object
    friend auto operator<=>(const Order &, const Order &) = default;
  };
  /// Sorted, with what follows from others.
  std::span<const Order> order() const { return order_; }
  /// Whether `first` is declared to be taken before `second`: places of one frame.
  bool declaredBefore(PlaceId first, PlaceId second) const;

private:
  bool carries(facts::FunctionId id, facts::AttributeKind kind) const;
  void findOrder();

  const facts::Facts &facts_;
  Places &places_;
  std::vector<Order> order_;
};

} // namespace heddle
