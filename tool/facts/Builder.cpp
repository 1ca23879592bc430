#include "facts/Builder.h"
#include "facts/Hash.h"

namespace heddle::facts {

// ---- picking between two rows of one entity: by content, so that order can't matter ----------------------------------------

Builder::Hash Builder::contentOfString(StringId id) const { return id == kNone ? 0 : stringHashes_[id]; }

Builder::Hash Builder::contentOfLocation(LocationId id) const {
  if (id == kNone)
    return 0;
  const LocationDraft &l = locations_[id];
  return Mix{contentOfString(files_[l.file].first), l.line, l.end_line, l.column, l.end_column, l.offset, l.length}.hash();
}

Builder::Hash Builder::contentOfType(TypeId id) const {
  return id == kNone ? 0 : Mix{contentOfString(types_[id].name), uint64_t(types_[id].kind)}.hash();
}

uint32_t Builder::pickString(uint32_t a, uint32_t b) const {
  if (a == b || b == kNone || a == kNone)
    return a == kNone ? b : a;
  return strings_[b] < strings_[a] ? b : a;
}

uint32_t Builder::pickLocation(uint32_t a, uint32_t b) const {
  if (a == b || b == kNone || a == kNone)
    return a == kNone ? b : a;
  auto key = [&](LocationId id) {
    const LocationDraft &l = locations_[id];
    return std::tuple(strings_[files_[l.file].first], l.line, l.column, l.offset, l.length, l.end_line, l.end_column);
  };
  return key(b) < key(a) ? b : a;
}

uint32_t Builder::pickType(uint32_t a, uint32_t b) const {
  if (a == b || b == kNone || a == kNone)
    return a == kNone ? b : a;
  auto key = [&](TypeId id) { return std::pair(strings_[types_[id].name], types_[id].kind); };
  return key(b) < key(a) ? b : a;
}

std::vector<TypeId> Builder::pickTypes(std::vector<TypeId> a, std::vector<TypeId> b) const {
  if (a == b || b.empty() || a.empty())
    return a.empty() ? b : a;
  auto key = [&](const std::vector<TypeId> &list) {
    std::vector<uint64_t> hashes;
    for (TypeId id : list)
      hashes.push_back(contentOfType(id));
    return hashes;
  };
  return key(b) < key(a) ? b : a;
}

template <class Row> uint32_t Builder::pickEntity(const std::vector<Row> &rows, uint32_t a, uint32_t b) const {
  if (a == b || b == kNone || a == kNone)
    return a == kNone ? b : a;
  return strings_[rows[b].entity] < strings_[rows[a].entity] ? b : a;
}

// ---- tables ----------------------------------------------------------------------------------------------------------------

StringId Builder::string(llvm::StringRef text) {
  auto [it, fresh] = stringIds_.try_emplace(text, strings_.size());
  if (fresh) {
    strings_.push_back(it->getKey());
    stringHashes_.push_back(llvm::xxh3_64bits(text));
  }
  return it->second;
}

ConstantId Builder::constant(int64_t value) {
  auto [it, fresh] = constantIds_.try_emplace(value, constants_.size());
  if (fresh)
    constants_.push_back(value);
  return it->second;
}

FileId Builder::file(llvm::StringRef path, FileFlag flags) {
  StringId name = string(path);
  auto [it, fresh] = fileIds_.try_emplace(name, files_.size());
  if (fresh)
    files_.emplace_back(name, flags);
  else
    files_[it->second].second |= flags;
  return it->second;
}

LocationId Builder::location(const LocationDraft &draft) {
  if (draft.file == kNone)
    return kNone;
  uint32_t columns = uint32_t(draft.column) << 16 | draft.end_column;
  std::tuple key(draft.file, draft.line, draft.end_line, columns, draft.offset, draft.length);
  auto [it, fresh] = locationIds_.try_emplace(key, locations_.size());
  if (fresh)
    locations_.push_back(draft);
  return it->second;
}

TypeId Builder::type(const TypeDraft &draft) {
  auto [it, fresh] = typeIds_.try_emplace(std::pair(draft.name, unsigned(draft.kind)), types_.size());
  if (fresh) {
    types_.push_back(draft);
    return it->second;
  }
  TypeDraft &known = types_[it->second];
  known.pointee = pickType(known.pointee, draft.pointee);
  known.record = pickEntity(records_, known.record, draft.record);
  known.size = std::max(known.size, draft.size);
  known.flags |= draft.flags;
  return it->second;
}

RecordId Builder::record(const RecordDraft &draft) {
  auto [it, fresh] = recordIds_.try_emplace(draft.entity, records_.size());
  if (fresh) {
    records_.push_back(draft);
    return it->second;
  }
  RecordDraft &known = records_[it->second];
  known.name = pickString(known.name, draft.name);
  known.pattern = pickString(known.pattern, draft.pattern);
  known.args = pickTypes(std::move(known.args), draft.args);
  known.destructor = pickEntity(functions_, known.destructor, draft.destructor);
  // A definition's place beats a declaration's.
  bool knownDefined = has(known.flags, RecordFlag::Defined), draftDefined = has(draft.flags, RecordFlag::Defined);
  if (knownDefined == draftDefined)
    known.location = pickLocation(known.location, draft.location);
  else if (draftDefined)
    known.location = draft.location;
  known.flags |= draft.flags;
  return it->second;
}

FieldId Builder::field(const FieldDraft &draft) {
  bool unnamed = draft.name == kNone || strings_[draft.name].empty();
  auto [it, fresh] =
      fieldIds_.try_emplace(std::tuple(draft.record, draft.name, unnamed ? draft.index : uint16_t(0)), fields_.size());
  if (fresh) {
    fields_.push_back(draft);
    return it->second;
  }
  FieldDraft &known = fields_[it->second];
  known.type = pickType(known.type, draft.type);
  known.location = pickLocation(known.location, draft.location);
  known.index = std::min(known.index, draft.index);
  known.flags |= draft.flags;
  return it->second;
}

void Builder::base(RecordId record, RecordId base, uint16_t index, bool isVirtual) {
  bases_.emplace(record, index, base, isVirtual);
}

VariableId Builder::variable(const VariableDraft &draft) {
  auto [it, fresh] = variableIds_.try_emplace(draft.entity, variables_.size());
  if (fresh) {
    variables_.push_back(draft);
    return it->second;
  }
  VariableDraft &known = variables_[it->second];
  known.name = pickString(known.name, draft.name);
  known.type = pickType(known.type, draft.type);
  bool knownDefined = has(known.flags, VariableFlag::Defined), draftDefined = has(draft.flags, VariableFlag::Defined);
  if (knownDefined == draftDefined)
    known.location = pickLocation(known.location, draft.location);
  else if (draftDefined)
    known.location = draft.location;
  known.owner = pickEntity(functions_, known.owner, draft.owner);
  if (known.initializer != draft.initializer)
    known.initializer = known.initializer == kNone                                          ? draft.initializer
                        : draft.initializer == kNone                                        ? known.initializer
                        : placeHashes_[known.initializer] < placeHashes_[draft.initializer] ? known.initializer
                                                                                            : draft.initializer;
  known.flags |= draft.flags;
  return it->second;
}

FunctionId Builder::function(const FunctionDraft &draft) {
  auto [it, fresh] = functionIds_.try_emplace(draft.entity, functions_.size());
  if (fresh) {
    functions_.push_back(draft);
    return it->second;
  }
  FunctionDraft &known = functions_[it->second];
  known.name = pickString(known.name, draft.name);
  known.display = pickString(known.display, draft.display);
  known.record = pickEntity(records_, known.record, draft.record);
  known.result = pickType(known.result, draft.result);
  known.params = pickTypes(std::move(known.params), draft.params);
  known.args = pickTypes(std::move(known.args), draft.args);
  known.pattern = pickString(known.pattern, draft.pattern);
  known.location = pickLocation(known.location, draft.location);
  known.flags |= draft.flags;
  return it->second;
}

void Builder::initial(VariableId variable, PlaceId part, PlaceId value) { initials_.emplace(variable, part, value); }

void Builder::override_(FunctionId overridden, FunctionId function) { overrides_.emplace(overridden, function); }

void Builder::attribute(const AttributeDraft &draft) {
  attributes_.emplace(draft.owner_kind, draft.owner, draft.kind, draft.args, draft.success);
}

// ---- places ----------------------------------------------------------------------------------------------------------------

PlaceId Builder::place(PlaceKind kind, uint32_t id, TypeId type, PlaceId parent, ExprOp op) {
  if (kind == PlaceKind::Deref && places_[parent].kind() == PlaceKind::AddressOf)
    return places_[parent].parent();
  if (kind == PlaceKind::AddressOf && places_[parent].kind() == PlaceKind::Deref)
    return places_[parent].parent();
  auto [it, fresh] = placeIds_.try_emplace(std::tuple(kind, id, parent, op, type), places_.size());
  if (!fresh)
    return it->second;
  uint32_t depth = parent == kNone ? 0 : placeDepths_[parent] + 1;
  Mix mix;
  mix << kind << op << contentOfType(type) << (parent == kNone ? 1 : placeHashes_[parent]);
  switch (kind) {
  case PlaceKind::Global:
    mix << contentOfString(variables_[id].entity);
    break;
  case PlaceKind::Function:
    mix << contentOfString(functions_[id].entity);
    break;
  case PlaceKind::Constant:
    mix << uint64_t(constants_[id]);
    break;
  case PlaceKind::String:
    mix << contentOfString(id);
    break;
  case PlaceKind::Field:
    mix << contentOfString(records_[fields_[id].record].entity) << contentOfString(fields_[id].name);
    if (fields_[id].name == kNone || strings_[fields_[id].name].empty()) // then the index is its key
      mix << fields_[id].index;
    break;
  case PlaceKind::Element:
  case PlaceKind::Expr:
    if (op == ExprOp::Opaque) {
      mix << uint64_t(constants_[id]);
    } else if (id != kNone) {
      mix << placeHashes_[id];
      depth = std::max(depth, placeDepths_[id] + 1);
    }
    break;
  default:
    mix << id;
    break;
  }
  places_.emplace_back(parent, id, type, kind, op);
  placeHashes_.push_back(mix.hash());
  placeDepths_.push_back(depth);
  return it->second;
}

// ---- units and bodies ------------------------------------------------------------------------------------------------------

UnitId Builder::unit(const UnitDraft &draft) {
  auto [it, fresh] = unitIds_.try_emplace(std::pair(draft.file, draft.command), units_.size());
  if (fresh) {
    units_.push_back(draft);
    return it->second;
  }
  UnitDraft &known = units_[it->second];
  known.detail = pickString(known.detail, draft.detail);
  known.functions = std::max(known.functions, draft.functions);
  known.flags |= draft.flags;
  return it->second;
}

void Builder::unitFile(UnitId unit, FileId file) { unitFiles_.emplace(unit, file); }

void Builder::nolint(LocationId location, NolintKind kind, StringId checks) { nolints_.emplace(location, kind, checks); }

void Builder::body(UnitId unit, BodyDraft draft) {
  uint64_t hash = hashOf(draft);
  auto [it, fresh] = bodyIds_.try_emplace(std::pair(draft.function, hash), bodies_.size());
  if (fresh)
    bodies_.emplace_back(hash, std::move(draft));
  if (unit != kNone)
    unitBodies_.emplace(unit, it->second);
}

uint64_t Builder::hashOf(const BodyDraft &draft) const {
  Mix mix;
  auto place = [&](PlaceId id) { mix << (id == kNone ? 0 : placeHashes_[id]); };
  auto entity = [&](FunctionId id) { mix << (id == kNone ? 0 : contentOfString(functions_[id].entity)); };
  auto local = [&](const LocalDraft &l) {
    mix << contentOfString(l.name) << contentOfType(l.type) << contentOfLocation(l.location) << l.flags;
  };
  entity(draft.function);
  mix << contentOfLocation(draft.location) << draft.flags << draft.blocks.size();
  for (const BlockDraft &block : draft.blocks) {
    mix << block.first << block.count << block.flags << block.edges.size();
    for (const EdgeDraft &edge : block.edges) {
      mix << edge.to << edge.relation << uint64_t(edge.constant);
      place(edge.value);
    }
  }
  for (const EventDraft &event : draft.events) {
    mix << event.kind << event.flags << event.cleanup << contentOfLocation(event.location) << event.operands.size();
    place(event.place), place(event.result), entity(event.callee);
    for (PlaceId operand : event.operands)
      place(operand);
  }
  for (const LocalDraft &l : draft.locals)
    local(l);
  for (const LocalDraft &l : draft.params)
    local(l);
  for (const CaptureDraft &c : draft.captures)
    mix << contentOfString(c.name) << contentOfType(c.type) << c.flags;
  for (const CleanupDraft &c : draft.cleanups)
    mix << c.kind << c.next << c.block, place(c.place), entity(c.callee);
  for (const ShapeDraft &s : draft.shapes)
    mix << s.kind << s.event << s.other << contentOfString(s.edit) << contentOfLocation(s.location);
  return mix.hash();
}

} // namespace heddle::facts
