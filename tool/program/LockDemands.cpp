#include "program/LockDemands.h"
#include "program/CallGraph.h"

#include <algorithm>

namespace heddle {

using namespace facts;

namespace {

class DemandFinder {
public:
  DemandFinder(const Program &program, const LockAttributes &attributes, const BodyView &body)
      : program_(program), facts_(program.facts()), places_(program.places()), attributes_(attributes), body_(body) {}

  std::vector<Demand> run() {
    for (EventId event = 0; event < body_.events.size(); ++event)
      look(event);
    return std::move(result_);
  }

private:
  void look(EventId id) {
    const Event &event = body_.events[id];
    PlaceId place = places_.canonical(event.place());
    switch (event.kind()) {
    case EventKind::Read:
      touch(id, place, Demand::Read, Demand::ReadPointee);
      return;
    case EventKind::Write:
      if (!has(event.flags(), EventFlag::Initial))
        touch(id, place, Demand::Write, Demand::WritePointee);
      return;
    case EventKind::Call:
    case EventKind::Construct:
    case EventKind::Destroy:
      if (event.callee() == kNone || attributes_.unchecked(event.callee()))
        return;
      if (event.kind() == EventKind::Call && !has(event.flags(), EventFlag::Indirect))
        touchObject(id, event, place);
      passReferences(id, event);
      if (!attributes_.ofFunction(event.callee()).empty())
        call(id, event);
      return;
    default:
      return;
    }
  }

  /// The object of a member call is read; assigned, it is written. A smart pointer's operators reach what it points at too.
  void touchObject(EventId id, const Event &event, PlaceId place) {
    const Function &callee = facts_.functions()[event.callee()];
    if (place == kNone || !has(callee.flags(), FunctionFlag::Member))
      return;
    bool assigned = has(callee.flags(), FunctionFlag::AssignmentOperator);
    touch(id, place, assigned ? Demand::Write : Demand::Read, assigned ? Demand::WritePointee : Demand::ReadPointee);
    llvm::StringRef name = program_.nameOf(event.callee());
    bool follows = has(callee.flags(), FunctionFlag::Operator) &&
                   (name.ends_with("operator->") || name.ends_with("operator*") || name.ends_with("operator[]"));
    if (follows)
      pointee(id, place, Demand::ReadPointee);
  }

  void passReferences(EventId id, const Event &event) {
    auto params = facts_.params(facts_.functions()[event.callee()]);
    auto operands = body_.operands(event);
    for (size_t i = 0; i < params.size() && i < operands.size(); ++i)
      if (PlaceId operand = places_.canonical(operands[i]); operand != kNone && program_.isReference(params[i]))
        touch(id, places_.deref(operand), Demand::Reference, Demand::PointeeReference);
  }

  /// `place` is read, written or passed: so is every object that it is a part of, up to the pointer that leads there.
  void touch(EventId id, PlaceId place, Demand::Kind direct, Demand::Kind pointed) {
    while (place != kNone) {
      const facts::Place row = places_[place];
      switch (row.kind()) {
      case PlaceKind::Field:
        guarded(id, place, AttributeKind::GuardedBy, direct);
        break;
      case PlaceKind::Global:
        guarded(id, place, AttributeKind::GuardedBy, direct);
        return;
      case PlaceKind::Element:
        break;
      case PlaceKind::Deref:
        pointee(id, row.parent(), pointed);
        // What a reference refers to has the reference's name.
        if (refers(row.parent())) {
          guarded(id, row.parent(), AttributeKind::GuardedBy, direct);
          place = row.parent();
          break;
        }
        return;
      default:
        return;
      }
      place = places_[place].parent();
    }
  }

  bool refers(PlaceId pointer) const {
    const facts::Place row = places_[pointer];
    if (row.kind() == PlaceKind::Field && row.id() < facts_.fields().size())
      return program_.isReference(facts_.fields()[row.id()].type());
    return row.kind() == PlaceKind::Global && program_.isReference(facts_.variables()[row.id()].type());
  }

  void pointee(EventId id, PlaceId pointer, Demand::Kind kind) {
    // An element of an array of pointers, or a part of it, is guarded as the array is.
    while (places_[pointer].kind() == PlaceKind::Element)
      pointer = places_[pointer].parent();
    if (places_[pointer].kind() == PlaceKind::AddressOf)
      return;
    guarded(id, pointer, AttributeKind::PtGuardedBy, kind);
  }

  void guarded(EventId id, PlaceId place, AttributeKind wanted, Demand::Kind kind) {
    const facts::Place row = places_[place];
    if (row.kind() != PlaceKind::Global && (row.kind() != PlaceKind::Field || row.id() >= facts_.fields().size()))
      return;
    OwnerKind owner = row.kind() == PlaceKind::Global ? OwnerKind::Variable : OwnerKind::Field;
    PlaceId object = row.kind() == PlaceKind::Global ? kNone : row.parent();
    if (object != kNone && ownOfMaking(object))
      return;
    for (const Attribute &attribute : attributes_.of(owner, row.id())) {
      if (attribute.kind() != wanted)
        continue;
      Demand demand{id, kind, modeOf(kind), kNone, place, row.id(), owner};
      llvm::SmallVector<PlaceId, 2> locks = attributes_.locks(attribute);
      if (attribute.arg_count() == 0)
        result_.push_back(demand);
      for (PlaceId lock : locks) {
        demand.lock = ofObject(lock, object);
        if (demand.lock != kNone && !attributes_.isAnyLock(demand.lock))
          result_.push_back(demand);
      }
    }
  }

  static Mode modeOf(Demand::Kind kind) {
    return kind == Demand::Write || kind == Demand::WritePointee ? Mode::Exclusive : Mode::Shared;
  }

  /// A constructor's and a destructor's own members: nobody else has the object then.
  bool ownOfMaking(PlaceId object) const {
    FunctionFlag flags = facts_.functions()[body_.function()].flags();
    return has(flags, FunctionFlag::Constructor | FunctionFlag::Destructor) && places_.rootKind(object) == PlaceKind::This;
  }

  PlaceId ofObject(PlaceId lock, PlaceId object) {
    return places_.substitute(lock, [&](PlaceId root) -> PlaceId {
      return places_[root].kind() == PlaceKind::This && object != kNone ? places_.addressOf(object) : kNone;
    });
  }

  void call(EventId id, const Event &event) {
    Invocation invocation = invocationOf(id, event);
    for (const Attribute &attribute : attributes_.ofFunction(event.callee())) {
      Demand demand{id, Demand::Call, Mode::Exclusive, kNone, kNone, event.callee(), OwnerKind::Function};
      switch (attribute.kind()) {
      case AttributeKind::Requires:
        break;
      case AttributeKind::RequiresShared:
        demand.mode = Mode::Shared;
        break;
      case AttributeKind::Excludes:
        demand.kind = Demand::Exclude;
        demand.mode = Mode::Shared;
        break;
      case AttributeKind::AssertCapability:
        demand.kind = Demand::Assert;
        break;
      case AttributeKind::AssertShared:
        demand.kind = Demand::Assert;
        demand.mode = Mode::Shared;
        break;
      default:
        continue;
      }
      llvm::SmallVector<PlaceId, 2> locks = attributes_.locks(attribute);
      if (attribute.arg_count() == 0 && invocation.self != kNone)
        locks.push_back(places_.deref(places_.make(PlaceKind::This, kNone)));
      for (PlaceId lock : locks) {
        demand.lock = program_.translate(lock, invocation, body_, id);
        if (demand.lock != kNone && !attributes_.isAnyLock(demand.lock) && !ownOfMaking(demand.lock))
          result_.push_back(demand);
      }
    }
  }

  Invocation invocationOf(EventId id, const Event &event) const {
    for (Invocation &invocation : program_.calls().invocations(body_, id))
      if (invocation.function == event.callee())
        return std::move(invocation);
    return program_.calls().direct(body_, id);
  }

  const Program &program_;
  const Facts &facts_;
  Places &places_;
  const LockAttributes &attributes_;
  const BodyView &body_;
  std::vector<Demand> result_;
};

} // namespace

std::vector<Demand> demandsOf(const Program &program, const LockAttributes &attributes, const BodyView &body) {
  if (attributes.empty() || attributes.unchecked(body.function()))
    return {};
  return DemandFinder(program, attributes, body).run();
}

} // namespace heddle
