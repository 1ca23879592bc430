// Facts of made-up units that share entities, agree on most and contradict each other on some, as real ones do.
#pragma once

#include "facts/Builder.h"

#include <random>

namespace heddle::test {

class RandomUnit {
public:
  /// The same seed and index give the same unit.
  RandomUnit(unsigned seed, unsigned index) : index_(index), random_(seed * 1000 + index) {}

  facts::Facts make() {
    file_ = b_.file("src/u" + std::to_string(index_) + ".cc", facts::FileFlag::MainFile);
    header_ = b_.file("include/h.h", pick(2) ? facts::FileFlag::System : facts::FileFlag::NONE);
    unit_ =
        b_.unit({file_, b_.string("command"), pick(3) ? facts::kNone : b_.string("error " + std::to_string(pick(9))), pick(40)});
    b_.unitFile(unit_, header_);
    for (unsigned i = 0; i < 6; ++i)
      entities(i);
    for (unsigned i = 0; i < 6; ++i)
      if (pick(4))
        body(i);
    if (pick(2))
      b_.nolint(location(3), facts::NolintKind::Line, b_.string("heddle-x"));
    llvm::Expected<facts::Facts> facts = facts::Facts::open(b_.freeze());
    if (!facts)
      llvm::report_fatal_error(facts.takeError());
    return std::move(*facts);
  }

private:
  unsigned pick(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random_); }
  std::string name(const char *stem, unsigned i) { return stem + std::to_string(i); }
  facts::LocationId location(unsigned line) { return b_.location({pick(2) ? file_ : header_, line, line, 1, 5, line * 10, 4}); }

  void entities(unsigned i) {
    using namespace facts;
    // A C tag: units may mean different records by one type name.
    RecordDraft record{b_.string(name("R", i) + (pick(4) ? "" : "@" + std::to_string(index_))), b_.string(name("R", i))};
    record.flags = pick(2) ? RecordFlag::Defined : RecordFlag::C;
    record.location = location(i + 1);
    RecordId recordId = b_.record(record);
    TypeDraft type{TypeKind::Record, b_.string(name("struct R", i))};
    type.record = recordId, type.size = pick(3) * 8;
    TypeId typeId = b_.type(type);
    FieldDraft field{recordId, b_.string("f"), pick(5) ? typeId : facts::kNone, location(i + 2), static_cast<uint16_t>(pick(2))};
    field_ = b_.field(field);
    if (pick(2))
      b_.base(recordId, b_.record({b_.string("Base")}), 0, pick(2));

    FunctionDraft function{b_.string(name("fn", i)), b_.string(name("ns::fn", i)), b_.string(name("fn() of ", pick(3)))};
    function.params = std::vector<TypeId>(pick(3), typeId);
    function.record = pick(2) ? recordId : facts::kNone;
    function.location = location(20 + i + pick(2));
    function.flags = static_cast<FunctionFlag>(1u << pick(6));
    functions_.push_back(b_.function(function));
    types_.push_back(typeId);
    b_.override_(functions_[pick(functions_.size())], functions_[pick(functions_.size())]);

    VariableDraft variable{b_.string(name("v", i)), b_.string(name("ns::v", i)), typeId, location(30 + i)};
    variable.flags = pick(2) ? VariableFlag::Defined : VariableFlag::NONE;
    VariableId variableId = b_.variable(variable);
    places_.push_back(b_.place(PlaceKind::Global, variableId, typeId));
    places_.push_back(b_.field(places_.back(), field_, typeId));
    places_.push_back(b_.addressOf(places_[pick(places_.size())], typeId));
    places_.push_back(b_.place(PlaceKind::Constant, b_.constant(pick(5)), typeId));
    places_.push_back(
        b_.place(PlaceKind::Expr, places_[pick(places_.size())], typeId, places_[pick(places_.size())], ExprOp::Eq));
    variable.initializer = places_[pick(places_.size())];
    b_.variable(variable);
    if (pick(2))
      b_.initial(variableId, places_[places_.size() - 4], places_[pick(places_.size())]);
    if (pick(2))
      b_.attribute({OwnerKind::Function, functions_.back(), AttributeKind::Requires, {places_[pick(places_.size())]}});
  }

  void body(unsigned i) {
    using namespace facts;
    BodyDraft body;
    body.function = functions_[i];
    // Half of the bodies are the same in every unit, as those of a header are.
    bool shared = pick(2);
    body.location = shared ? b_.location({header_, 40 + i, 41 + i, 1, 2, 400, 50}) : location(40 + i);
    body.locals.push_back({b_.string("x"), types_[i]});
    unsigned events = shared ? 2 : pick(5);
    for (unsigned k = 0; k < events; ++k) {
      EventDraft event{EventKind::Call};
      event.callee = functions_[shared ? i : pick(functions_.size())];
      if (!shared)
        event.operands = {places_[pick(places_.size())], facts::kNone};
      event.location = body.location;
      body.events.push_back(event);
    }
    BlockDraft block;
    block.count = events;
    block.edges.push_back({1, Relation::Eq, shared ? facts::kNone : places_[pick(places_.size())], 3});
    body.blocks = {block, {events, 0, {}, BlockFlag::Exit}};
    b_.body(unit_, body);
  }

  unsigned index_;
  std::mt19937 random_;
  facts::Builder b_;
  facts::FileId file_, header_;
  facts::UnitId unit_;
  facts::FieldId field_;
  std::vector<facts::FunctionId> functions_;
  std::vector<facts::TypeId> types_;
  std::vector<facts::PlaceId> places_;
};

} // namespace heddle::test
