#include "program/AtomicTests.h"
#include "facts/Relations.h"
#include "program/Decisions.h"
#include "program/MemoryOrder.h"
#include "program/Uses.h"

#include "llvm/ADT/STLExtras.h"

namespace heddle {

using namespace facts;

namespace {

class AtomicTestsOfBody {
public:
  AtomicTestsOfBody(const Program &program, BodyId id)
      : program_(program), id_(id), body_(program.facts().body(id)), all_(atomicAccessesOf(program, body_)), graph_(body_),
        uses_(program, body_) {}

  std::vector<AtomicTest> find() const {
    std::vector<AtomicTest> found;
    for (const AtomicAccess &load : all_)
      if (load.kind == AtomicAccess::Load)
        for (const AtomicAccess &act : all_)
          if (act.kind != AtomicAccess::Load && act.place == load.place && graph_.inOrder(load.event, act.event) &&
              breaks(load, act)) {
            found.push_back({id_, load.event, act.event, load.place});
            break;
          }
    return found;
  }

private:
  bool looksAgain(const AtomicAccess &load) const {
    return llvm::any_of(all_, [&](const AtomicAccess &other) {
      return other.kind == AtomicAccess::Update && other.place == load.place && uses_.resultUsed(other.event);
    });
  }

  bool breaks(const AtomicAccess &load, const AtomicAccess &act) const {
    DerivedValues value(program_, body_, graph_, load.event, load.place);
    std::optional<Decision> tested = decisionFor(program_, body_, graph_, value, load.event, act.event);
    if (!tested || looksAgain(load))
      return false;
    if (act.kind == AtomicAccess::Update)
      return bounds(*tested);
    if (act.value == kNone || computedFrom(program_, body_, all_, act) != kNone)
      return false;
    if (bounds(*tested) && comparesWith(load, act.value)) // the greatest of several: another one's may be greater by now
      return ordered(load) || ordered(act); // who asks for no order at all is alone, or wants no more than an estimate
    if (std::optional<int64_t> constant = program_.places().asConstant(act.value))
      return undone(*constant, *tested) && givenBack(act, *tested);
    return tested->relation == Relation::Eq && tested->constant == 0 && made(act.value);
  }

  bool ordered(const AtomicAccess &access) const {
    MemoryOrder order = memoryOrderOf(program_, body_, body_.events[access.event]);
    return order.releases || order.acquires;
  }

  /// Whether a branch asks which is greater, what was loaded or `value`.
  bool comparesWith(const AtomicAccess &load, PlaceId value) const {
    const Places &places = program_.places();
    PlaceId result = places.canonical(body_.events[load.event].result() == kNone ? kNone : body_.events[load.event].result());
    auto loaded = [&](PlaceId place) {
      return place == load.place || place == result ||
             (places[place].kind() == PlaceKind::Result && places[place].id() == load.event);
    };
    return llvm::any_of(body_.blocks, [&](const Block &block) {
      return llvm::any_of(body_.edgesOf(block), [&](const Edge &edge) {
        if (edge.value() == kNone)
          return false;
        const facts::Place compared = places[places.canonical(edge.value())];
        if (compared.kind() != PlaceKind::Expr || !relationOf(compared.op()) || compared.id() == kNone)
          return false;
        PlaceId left = places.canonical(compared.parent()), right = places.canonical(compared.id());
        return (loaded(left) && right == value) || (loaded(right) && left == value);
      });
    });
  }

  static bool bounds(const Decision &tested) {
    return tested.relation == Relation::Lt || tested.relation == Relation::Le || tested.relation == Relation::Gt ||
           tested.relation == Relation::Ge;
  }

  static bool undone(int64_t stored, const Decision &tested) {
    return tested.constant && !holds(stored, tested.relation, *tested.constant);
  }

  /// Whether a later store makes the test true again.
  bool givenBack(const AtomicAccess &act, const Decision &tested) const {
    return llvm::any_of(all_, [&](const AtomicAccess &other) {
      if (other.kind != AtomicAccess::Store || other.event == act.event || other.place != act.place ||
          !graph_.inOrder(act.event, other.event))
        return false;
      std::optional<int64_t> constant = other.value == kNone ? std::nullopt : program_.places().asConstant(other.value);
      return constant && tested.constant && holds(*constant, tested.relation, *tested.constant);
    });
  }

  /// Whether a value is a new object.
  bool made(PlaceId value) const {
    const Places &places = program_.places();
    if (places[value].kind() == PlaceKind::Result)
      return body_.events[places[value].id()].kind() == EventKind::Allocate;
    return places[value].kind() == PlaceKind::Local && llvm::any_of(body_.events, [&](const Event &event) {
             if (event.kind() != EventKind::Write || places.canonical(event.place()) != value || event.operand_count() == 0)
               return false;
             PlaceId from = places.canonical(body_.operands(event)[0]);
             return places[from].kind() == PlaceKind::Result && body_.events[places[from].id()].kind() == EventKind::Allocate;
           });
  }

  const Program &program_;
  BodyId id_;
  BodyView body_;
  std::vector<AtomicAccess> all_;
  BlockGraph graph_;
  Uses uses_;
};

} // namespace

std::vector<AtomicTest> atomicTestsOf(const Program &program, BodyId body) {
  // Cheap first: most bodies have no atomics.
  std::vector<AtomicAccess> all = atomicAccessesOf(program, program.facts().body(body));
  bool loads = llvm::any_of(all, [](const AtomicAccess &access) { return access.kind == AtomicAccess::Load; });
  return loads && all.size() > 1 ? AtomicTestsOfBody(program, body).find() : std::vector<AtomicTest>();
}

} // namespace heddle
