// Resolve and patch: the rows of a frozen unit are interned into a Builder table by table, each id replaced by the Builder's.
#include "facts/Builder.h"

namespace heddle::facts {
namespace {

/// From the ids of the merged facts to the Builder's.
struct Remap {
  std::vector<uint32_t> strings, constants, files, locations, types, records, fields, variables, functions, places;
  static uint32_t at(const std::vector<uint32_t> &table, uint32_t id) { return id == kNone ? kNone : table[id]; }
};

LocalDraft draftOf(const Local &row, const Remap &to) {
  return {Remap::at(to.strings, row.name()), Remap::at(to.types, row.type()), Remap::at(to.locations, row.location()),
          row.flags()};
}

} // namespace

static PlaceId importPlace(Builder &builder, const Place &row, const Remap &to) {
  uint32_t id = row.id();
  if (id != kNone) {
    switch (row.kind()) {
    case PlaceKind::Global:
      id = to.variables[id];
      break;
    case PlaceKind::Function:
      id = to.functions[id];
      break;
    case PlaceKind::Constant:
      id = to.constants[id];
      break;
    case PlaceKind::String:
      id = to.strings[id];
      break;
    case PlaceKind::Field:
      id = to.fields[id];
      break;
    case PlaceKind::Element:
      id = to.places[id];
      break;
    case PlaceKind::Expr:
      id = row.op() == ExprOp::Opaque ? to.constants[id] : to.places[id];
      break;
    default:
      break; // body-relative
    }
  }
  return builder.place(row.kind(), id, Remap::at(to.types, row.type()), Remap::at(to.places, row.parent()), row.op());
}

static BodyDraft importBody(const BodyView &view, const Facts &other, const Remap &to) {
  BodyDraft draft;
  draft.function = to.functions[view.function()];
  draft.location = Remap::at(to.locations, view.row->location());
  draft.flags = view.row->flags();
  for (const Block &block : view.blocks) {
    BlockDraft &d = draft.blocks.emplace_back();
    d.first = block.events(), d.count = block.event_count(), d.flags = block.flags();
    for (const Edge &e : view.edgesOf(block))
      d.edges.push_back({e.to(), e.relation(), Remap::at(to.places, e.value()), e.constant()});
  }
  for (const Event &event : view.events) {
    EventDraft &d = draft.events.emplace_back();
    d.kind = event.kind(), d.flags = event.flags(), d.cleanup = event.cleanup();
    d.place = Remap::at(to.places, event.place()), d.callee = Remap::at(to.functions, event.callee());
    d.result = Remap::at(to.places, event.result()), d.location = Remap::at(to.locations, event.location());
    for (PlaceId operand : view.operands(event))
      d.operands.push_back(Remap::at(to.places, operand));
  }
  for (const Local &row : view.locals)
    draft.locals.push_back(draftOf(row, to));
  for (const Local &row : view.params)
    draft.params.push_back(draftOf(row, to));
  for (const Capture &c : view.captures)
    draft.captures.push_back({Remap::at(to.strings, c.name()), Remap::at(to.types, c.type()), c.flags()});
  for (const Cleanup &c : view.cleanups)
    draft.cleanups.push_back(
        {c.kind(), c.next(), Remap::at(to.places, c.place()), Remap::at(to.functions, c.callee()), c.block()});
  for (const Shape &s : view.shapes)
    draft.shapes.push_back(
        {s.kind(), s.event(), s.other(), Remap::at(to.strings, s.edit()), Remap::at(to.locations, s.location())});
  return draft;
}

void Builder::merge(const Facts &other) {
  Remap to;
  for (StringId i = 0; i < other.stringCount(); ++i)
    to.strings.push_back(string(other.string(i)));
  for (ConstantId i = 0; i < other.constantCount(); ++i)
    to.constants.push_back(constant(other.constant(i)));
  for (const File &row : other.files())
    to.files.push_back(file(strings_[to.strings[row.path()]], row.flags()));
  for (const Location &l : other.locations())
    to.locations.push_back(
        location({to.files[l.file()], l.line(), l.end_line(), l.column(), l.end_column(), l.offset(), l.length()}));

  // Types, records and functions name each other: first their keys, then what they say.
  for (const Type &row : other.types())
    to.types.push_back(type({row.kind(), to.strings[row.name()], kNone, kNone, row.size(), row.flags()}));
  for (const Record &row : other.records())
    to.records.push_back(record({.entity = to.strings[row.entity()], .location = kNone, .flags = RecordFlag::NONE}));
  for (const Function &row : other.functions())
    to.functions.push_back(function({.entity = to.strings[row.entity()]}));

  auto str = [&](StringId id) { return Remap::at(to.strings, id); };
  auto typ = [&](TypeId id) { return Remap::at(to.types, id); };
  auto loc = [&](LocationId id) { return Remap::at(to.locations, id); };
  auto all = [](std::span<const uint32_t> ids, const std::vector<uint32_t> &table) {
    std::vector<uint32_t> result;
    for (uint32_t id : ids)
      result.push_back(Remap::at(table, id));
    return result;
  };
  for (const Type &row : other.types())
    type({row.kind(), str(row.name()), typ(row.pointee()), Remap::at(to.records, row.record()), row.size(), row.flags()});
  for (const Record &row : other.records())
    record({str(row.entity()), str(row.name()), str(row.pattern()), all(other.args(row), to.types),
            Remap::at(to.functions, row.destructor()), loc(row.location()), row.flags()});
  for (const Function &row : other.functions())
    function({str(row.entity()), str(row.name()), str(row.display()), Remap::at(to.records, row.record()), typ(row.result()),
              all(other.params(row), to.types), all(other.args(row), to.types), str(row.pattern()), loc(row.location()),
              row.flags()});
  for (const Field &row : other.fields())
    to.fields.push_back(
        field({to.records[row.record()], str(row.name()), typ(row.type()), loc(row.location()), row.index(), row.flags()}));
  for (const Base &row : other.bases())
    base(to.records[row.record()], to.records[row.base()], row.index(), row.is_virtual());
  for (const Variable &row : other.variables())
    to.variables.push_back(variable({str(row.entity()), str(row.name()), typ(row.type()), loc(row.location()),
                                     Remap::at(to.functions, row.owner()), kNone, row.flags()}));
  for (const Override &row : other.overrides())
    override_(to.functions[row.overridden()], to.functions[row.function()]);
  for (const Place &row : other.places())
    to.places.push_back(importPlace(*this, row, to));
  for (size_t i = 0; i < other.variables().size(); ++i)
    if (PlaceId value = other.variables()[i].initializer(); value != kNone) {
      VariableDraft again = variables_[to.variables[i]];
      again.initializer = to.places[value];
      variable(again);
    }
  for (const Initial &row : other.initials())
    initial(to.variables[row.variable()], to.places[row.part()], to.places[row.value()]);
  for (const Attribute &row : other.attributes()) {
    const std::vector<uint32_t> &owners = row.owner_kind() == OwnerKind::Function ? to.functions
                                          : row.owner_kind() == OwnerKind::Record ? to.records
                                          : row.owner_kind() == OwnerKind::Field  ? to.fields
                                                                                  : to.variables;
    attribute({row.owner_kind(), owners[row.owner()], row.kind(), all(other.list(row.args(), row.arg_count()), to.places),
               row.success()});
  }

  std::vector<UnitId> unitIds;
  for (const Unit &row : other.units())
    unitIds.push_back(unit({to.files[row.file()], str(row.command()), str(row.detail()), row.functions(), row.flags()}));
  for (const UnitFile &row : other.unit_files())
    unitFile(unitIds[row.unit()], to.files[row.file()]);
  for (const UnitVariable &row : other.unit_variables())
    unitVariables_.emplace(unitIds[row.unit()], to.variables[row.variable()]);
  std::vector<std::vector<UnitId>> owners(other.bodies().size());
  for (const UnitBody &row : other.unit_bodies())
    owners[row.body()].push_back(unitIds[row.unit()]);
  for (BodyId i = 0; i < owners.size(); ++i) {
    // A body that is here already is not taken apart again: its entity and content say all of it.
    BodyView view = other.body(i);
    auto known = bodyIds_.find(std::pair(to.functions[view.function()], view.row->hash()));
    if (known == bodyIds_.end()) {
      body(kNone, importBody(view, other, to));
      known = bodyIds_.find(std::pair(to.functions[view.function()], view.row->hash()));
    }
    if (known != bodyIds_.end())
      for (UnitId unit : owners[i])
        unitBodies_.emplace(unit, known->second);
  }
  for (const Nolint &row : other.nolints())
    nolint(loc(row.location()), row.kind(), str(row.checks()));
}

} // namespace heddle::facts
