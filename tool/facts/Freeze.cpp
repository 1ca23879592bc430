// Freezing: every table is sorted by what its rows say, ids are renumbered to the sorted order, and the buffer is written.
//
// Tables are ordered so that a row's key only uses tables that are ordered already: strings, constants, files, locations, types,
// records, functions, fields, variables, places (by depth), bodies, units.
#include "facts/Builder.h"
#include "facts/Hash.h"

#include <algorithm>
#include <numeric>

namespace heddle::facts {
namespace {

/// A permutation of a table's rows and its inverse.
struct Order {
  std::vector<uint32_t> rows; // rows[new] = old
  std::vector<uint32_t> ids;  // ids[old] = new
  uint32_t operator[](uint32_t old) const { return old == kNone ? kNone : ids[old]; }
};

template <class Less> Order sorted(size_t count, Less less) {
  Order order;
  order.rows.resize(count);
  std::iota(order.rows.begin(), order.rows.end(), 0);
  std::sort(order.rows.begin(), order.rows.end(), less);
  order.ids.resize(count);
  for (uint32_t i = 0; i < count; ++i)
    order.ids[order.rows[i]] = i;
  return order;
}

/// Sorts by `key(old id)`.
template <class Key> Order by(size_t count, Key key) {
  return sorted(count, [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
}

} // namespace

class Freezer {
public:
  explicit Freezer(const Builder &from);
  std::vector<uint8_t> write();

private:
  uint32_t list(const std::vector<uint32_t> &ids, const Order &order);
  void orderPlaces();
  uint32_t placeId(uint32_t old) const { return places_[old]; }
  uint64_t placeArgument(const Place &place) const;
  Place place(uint32_t old) const;
  void writeBody(const std::pair<uint64_t, BodyDraft> &body);
  std::set<std::pair<UnitId, VariableId>> unitVariables() const;
  Local local(const LocalDraft &l) const { return {strings_[l.name], types_[l.type], locations_[l.location], l.flags}; }

  const Builder &from_;
  Order strings_, constants_, files_, locations_, types_, records_, functions_, fields_, variables_, places_, bodies_, units_;
  std::vector<uint32_t> lists_, operands_;
  std::vector<Body> bodyRows_;
  std::vector<Block> blocks_;
  std::vector<Edge> edges_;
  std::vector<Event> events_;
  std::vector<Cleanup> cleanups_;
  std::vector<Local> locals_;
  std::vector<Capture> captures_;
  std::vector<Shape> shapes_;
};

Freezer::Freezer(const Builder &from) : from_(from) {
  strings_ = by(from.strings_.size(), [&](uint32_t i) { return from.strings_[i]; });
  constants_ = by(from.constants_.size(), [&](uint32_t i) { return from.constants_[i]; });
  files_ = by(from.files_.size(), [&](uint32_t i) { return strings_[from.files_[i].first]; });
  locations_ = by(from.locations_.size(), [&](uint32_t i) {
    const LocationDraft &l = from.locations_[i];
    return std::tuple(files_[l.file], l.line, l.column, l.end_line, l.end_column, l.offset, l.length);
  });
  types_ = by(from.types_.size(), [&](uint32_t i) { return std::tuple(strings_[from.types_[i].name], from.types_[i].kind); });
  records_ = by(from.records_.size(), [&](uint32_t i) { return strings_[from.records_[i].entity]; });
  functions_ = by(from.functions_.size(), [&](uint32_t i) { return strings_[from.functions_[i].entity]; });
  variables_ = by(from.variables_.size(), [&](uint32_t i) { return strings_[from.variables_[i].entity]; });
  fields_ = by(from.fields_.size(), [&](uint32_t i) {
    const FieldDraft &f = from.fields_[i];
    return std::tuple(records_[f.record], f.index, strings_[f.name]);
  });
  orderPlaces();
  bodies_ = by(from.bodies_.size(),
               [&](uint32_t i) { return std::tuple(functions_[from.bodies_[i].second.function], from.bodies_[i].first); });
  units_ = by(from.units_.size(),
              [&](uint32_t i) { return std::tuple(files_[from.units_[i].file], strings_[from.units_[i].command]); });
}

/// What merged facts knew of, and what stands in the file of a unit.
std::set<std::pair<UnitId, VariableId>> Freezer::unitVariables() const {
  std::set<std::pair<UnitId, VariableId>> pairs = from_.unitVariables_;
  std::multimap<FileId, UnitId> unitsOf;
  for (UnitId unit = 0; unit < from_.units_.size(); ++unit)
    unitsOf.emplace(from_.units_[unit].file, unit);
  for (VariableId id = 0; id < from_.variables_.size(); ++id) {
    const VariableDraft &v = from_.variables_[id];
    if (!has(v.flags, VariableFlag::Defined) || v.location == kNone)
      continue;
    auto [first, last] = unitsOf.equal_range(from_.locations_[v.location].file);
    for (auto it = first; it != last; ++it)
      pairs.emplace(it->second, id);
  }
  return pairs;
}

uint64_t Freezer::placeArgument(const Place &p) const {
  switch (p.kind()) {
  case PlaceKind::Global:
    return variables_[p.id()];
  case PlaceKind::Function:
    return functions_[p.id()];
  case PlaceKind::Constant:
    return constants_[p.id()];
  case PlaceKind::String:
    return strings_[p.id()];
  case PlaceKind::Field:
    return fields_[p.id()];
  case PlaceKind::Element:
    return places_[p.id()];
  case PlaceKind::Expr:
    return p.op() == ExprOp::Opaque ? constants_[p.id()] : places_[p.id()];
  default:
    return p.id();
  }
}

void Freezer::orderPlaces() {
  size_t count = from_.places_.size();
  std::vector<std::vector<uint32_t>> levels;
  for (uint32_t i = 0; i < count; ++i) {
    levels.resize(std::max<size_t>(levels.size(), from_.placeDepths_[i] + 1));
    levels[from_.placeDepths_[i]].push_back(i);
  }
  places_.ids.assign(count, kNone);
  for (std::vector<uint32_t> &level : levels) {
    auto key = [&](uint32_t i) {
      const Place &p = from_.places_[i];
      return std::tuple(p.kind(), p.op(), places_[p.parent()], placeArgument(p), types_[p.type()]);
    };
    std::sort(level.begin(), level.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
    for (uint32_t i : level) {
      places_.ids[i] = places_.rows.size();
      places_.rows.push_back(i);
    }
  }
}

Place Freezer::place(uint32_t old) const {
  const Place &p = from_.places_[old];
  return {places_[p.parent()], static_cast<uint32_t>(placeArgument(p)), types_[p.type()], p.kind(), p.op()};
}

uint32_t Freezer::list(const std::vector<uint32_t> &ids, const Order &order) {
  uint32_t first = lists_.size();
  for (uint32_t id : ids)
    lists_.push_back(order[id]);
  return first;
}

void Freezer::writeBody(const std::pair<uint64_t, BodyDraft> &body) {
  const BodyDraft &d = body.second;
  uint32_t blocks = blocks_.size(), events = events_.size(), locals = locals_.size(), captures = captures_.size(),
           cleanups = cleanups_.size(), shapes = shapes_.size();
  for (const BlockDraft &b : d.blocks) {
    blocks_.emplace_back(b.first, b.count, edges_.size(), b.edges.size(), b.flags);
    for (const EdgeDraft &e : b.edges)
      edges_.emplace_back(e.constant, e.to, places_[e.value], e.relation);
  }
  for (const EventDraft &e : d.events) {
    events_.emplace_back(places_[e.place], functions_[e.callee], places_[e.result], operands_.size(), locations_[e.location],
                         e.cleanup, e.operands.size(), e.flags, e.kind);
    for (PlaceId operand : e.operands)
      operands_.push_back(places_[operand]);
  }
  for (const LocalDraft &l : d.locals)
    locals_.push_back(local(l));
  uint32_t params = locals_.size();
  for (const LocalDraft &l : d.params)
    locals_.push_back(local(l));
  for (const CaptureDraft &c : d.captures)
    captures_.emplace_back(strings_[c.name], types_[c.type], c.flags);
  for (const CleanupDraft &c : d.cleanups)
    cleanups_.emplace_back(c.next, places_[c.place], functions_[c.callee], c.block, c.kind);
  for (const ShapeDraft &s : d.shapes)
    shapes_.emplace_back(s.event, s.other, strings_[s.edit], locations_[s.location], s.kind);
  bodyRows_.emplace_back(body.first, functions_[d.function], locations_[d.location], blocks, d.blocks.size(), events,
                         d.events.size(), locals, d.locals.size(), captures, d.captures.size(), params, d.params.size(), cleanups,
                         d.cleanups.size(), shapes, d.shapes.size(), d.flags);
}

std::vector<uint8_t> Freezer::write() {
  flatbuffers::FlatBufferBuilder out(1 << 16);
  const Builder &b = from_;
  std::vector<flatbuffers::Offset<flatbuffers::String>> text;
  for (uint32_t old : strings_.rows)
    text.push_back(out.CreateString(b.strings_[old].data(), b.strings_[old].size()));
  auto strings = out.CreateVector(text);
  std::vector<int64_t> numbers;
  for (uint32_t old : constants_.rows)
    numbers.push_back(b.constants_[old]);
  auto constants = out.CreateVector(numbers);

  std::vector<File> files;
  for (uint32_t old : files_.rows)
    files.emplace_back(strings_[b.files_[old].first], b.files_[old].second);
  std::vector<Location> locations;
  for (uint32_t old : locations_.rows) {
    const LocationDraft &l = b.locations_[old];
    locations.emplace_back(files_[l.file], l.line, l.end_line, l.column, l.end_column, l.offset, l.length);
  }
  std::vector<Type> types;
  for (uint32_t old : types_.rows) {
    const TypeDraft &t = b.types_[old];
    types.emplace_back(strings_[t.name], types_[t.pointee], records_[t.record], t.size, t.kind, t.flags);
  }
  std::vector<Record> records;
  for (uint32_t old : records_.rows) {
    const RecordDraft &r = b.records_[old];
    records.emplace_back(strings_[r.entity], strings_[r.name], strings_[r.pattern], list(r.args, types_), r.args.size(),
                         functions_[r.destructor], locations_[r.location], r.flags);
  }
  std::vector<Field> fields;
  for (uint32_t old : fields_.rows) {
    const FieldDraft &f = b.fields_[old];
    fields.emplace_back(records_[f.record], strings_[f.name], types_[f.type], locations_[f.location], f.index, f.flags);
  }
  std::vector<std::tuple<uint32_t, uint16_t, uint32_t, bool>> baseKeys;
  for (const auto &[record, index, base, isVirtual] : b.bases_)
    baseKeys.emplace_back(records_[record], index, records_[base], isVirtual);
  std::sort(baseKeys.begin(), baseKeys.end());
  std::vector<Base> bases;
  for (const auto &[record, index, base, isVirtual] : baseKeys)
    bases.emplace_back(record, base, index, isVirtual);
  std::vector<Variable> variables;
  for (uint32_t old : variables_.rows) {
    const VariableDraft &v = b.variables_[old];
    variables.emplace_back(strings_[v.entity], strings_[v.name], types_[v.type], locations_[v.location], functions_[v.owner],
                           places_[v.initializer], v.flags);
  }
  std::vector<Function> functions;
  for (uint32_t old : functions_.rows) {
    const FunctionDraft &f = b.functions_[old];
    uint32_t params = list(f.params, types_), args = list(f.args, types_);
    functions.emplace_back(strings_[f.entity], strings_[f.name], strings_[f.display], records_[f.record], types_[f.result],
                           params, args, strings_[f.pattern], locations_[f.location], f.params.size(), f.args.size(), f.flags);
  }
  std::vector<std::tuple<uint32_t, uint32_t, uint32_t>> initialKeys;
  for (const auto &[variable, part, value] : b.initials_)
    initialKeys.emplace_back(variables_[variable], places_[part], places_[value]);
  std::sort(initialKeys.begin(), initialKeys.end());
  std::vector<Initial> initials;
  for (auto [variable, part, value] : initialKeys)
    initials.emplace_back(variable, part, value);
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const auto &[overridden, function] : b.overrides_)
    pairs.emplace_back(functions_[overridden], functions_[function]);
  std::sort(pairs.begin(), pairs.end());
  std::vector<Override> overrides;
  for (auto [overridden, function] : pairs)
    overrides.emplace_back(overridden, function);

  std::vector<std::tuple<OwnerKind, uint32_t, AttributeKind, std::vector<uint32_t>, int8_t>> attributeKeys;
  for (const auto &[ownerKind, owner, kind, args, success] : b.attributes_) {
    const Order &owners = ownerKind == OwnerKind::Function ? functions_
                          : ownerKind == OwnerKind::Record ? records_
                          : ownerKind == OwnerKind::Field  ? fields_
                                                           : variables_;
    std::vector<uint32_t> places;
    for (uint32_t place : args)
      places.push_back(places_[place]);
    attributeKeys.emplace_back(ownerKind, owners[owner], kind, std::move(places), success);
  }
  std::sort(attributeKeys.begin(), attributeKeys.end());
  std::vector<Attribute> attributes;
  for (const auto &[ownerKind, owner, kind, args, success] : attributeKeys) {
    attributes.emplace_back(owner, lists_.size(), args.size(), success, ownerKind, kind);
    lists_.insert(lists_.end(), args.begin(), args.end());
  }
  std::vector<Place> places;
  for (uint32_t old : places_.rows)
    places.push_back(place(old));
  for (uint32_t old : bodies_.rows)
    writeBody(b.bodies_[old]);

  std::vector<Unit> units;
  for (uint32_t old : units_.rows) {
    const UnitDraft &u = b.units_[old];
    units.emplace_back(files_[u.file], strings_[u.command], strings_[u.detail], u.functions, u.flags);
  }
  auto pairsOf = [&](const auto &set, const Order &first, const Order &second) {
    pairs.clear();
    for (const auto &[x, y] : set)
      pairs.emplace_back(first[x], second[y]);
    std::sort(pairs.begin(), pairs.end());
  };
  pairsOf(b.unitBodies_, units_, bodies_);
  std::vector<UnitBody> unitBodies;
  for (auto [unit, body] : pairs)
    unitBodies.emplace_back(unit, body);
  pairsOf(unitVariables(), units_, variables_);
  std::vector<UnitVariable> unitVariables;
  for (auto [unit, variable] : pairs)
    unitVariables.emplace_back(unit, variable);
  pairsOf(b.unitFiles_, units_, files_);
  std::vector<UnitFile> unitFiles;
  for (auto [unit, file] : pairs)
    unitFiles.emplace_back(unit, file);
  std::vector<std::tuple<uint32_t, NolintKind, uint32_t>> nolintKeys;
  for (const auto &[location, kind, checks] : b.nolints_)
    nolintKeys.emplace_back(locations_[location], kind, strings_[checks]);
  std::sort(nolintKeys.begin(), nolintKeys.end());
  std::vector<Nolint> nolints;
  for (const auto &[location, kind, checks] : nolintKeys)
    nolints.emplace_back(location, checks, kind);

  auto structs = [&](const auto &rows) { return out.CreateVectorOfStructs(rows.data(), rows.size()); };
  auto lists = out.CreateVector(lists_);
  auto operands = out.CreateVector(operands_);
  auto oFiles = structs(files);
  auto oLocations = structs(locations);
  auto oTypes = structs(types);
  auto oRecords = structs(records);
  auto oFields = structs(fields);
  auto oBases = structs(bases);
  auto oVariables = structs(variables);
  auto oInitials = structs(initials);
  auto oFunctions = structs(functions);
  auto oOverrides = structs(overrides);
  auto oAttributes = structs(attributes);
  auto oPlaces = structs(places);
  auto oBodies = structs(bodyRows_);
  auto oBlocks = structs(blocks_);
  auto oEdges = structs(edges_);
  auto oEvents = structs(events_);
  auto oCleanups = structs(cleanups_);
  auto oLocals = structs(locals_);
  auto oCaptures = structs(captures_);
  auto oShapes = structs(shapes_);
  auto oUnits = structs(units);
  auto oUnitBodies = structs(unitBodies);
  auto oUnitVariables = structs(unitVariables);
  auto oUnitFiles = structs(unitFiles);
  auto oNolints = structs(nolints);
  auto root = CreateFactsTable(out, kVersion, strings, constants, lists, oFiles, oLocations, oTypes, oRecords, oFields, oBases,
                               oVariables, oInitials, oFunctions, oOverrides, oAttributes, oPlaces, oBodies, oBlocks, oEdges,
                               oEvents, operands, oCleanups, oLocals, oCaptures, oShapes, oUnits, oUnitBodies, oUnitVariables,
                               oUnitFiles, oNolints);
  FinishFactsTableBuffer(out, root);
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

std::vector<uint8_t> Builder::freeze() const { return Freezer(*this).write(); }

} // namespace heddle::facts
