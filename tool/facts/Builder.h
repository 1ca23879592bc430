// Collects facts and freezes them into their one canonical form.
//
// Every table is a set: adding a row again, or a row that says more of the same entity, merges with the first. Merging picks by
// content and never by order, so it is commutative, associative and idempotent, and so is linking, which is `merge` and nothing
// else. Ids that a Builder returns are good for that Builder only; freezing renumbers all rows in the order of their content.
#pragma once

#include "facts/Draft.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <map>
#include <set>
#include <unordered_map>

namespace heddle::facts {

class Builder {
public:
  StringId string(llvm::StringRef text);
  ConstantId constant(int64_t value);
  FileId file(llvm::StringRef path, FileFlag flags = FileFlag::NONE);
  LocationId location(const LocationDraft &draft);
  TypeId type(const TypeDraft &draft);       // key: kind and name
  RecordId record(const RecordDraft &draft); // key: entity
  FieldId field(const FieldDraft &draft);    // key: record and name, then index for unnamed ones
  void base(RecordId record, RecordId base, uint16_t index, bool isVirtual);
  VariableId variable(const VariableDraft &draft); // key: entity
  FunctionId function(const FunctionDraft &draft); // key: entity
  void initial(VariableId variable, PlaceId part, PlaceId value);
  void override_(FunctionId overridden, FunctionId function);
  void attribute(const AttributeDraft &draft);

  /// Hash-consed. Deref(AddressOf(p)) and AddressOf(Deref(p)) are simplified to p.
  PlaceId place(PlaceKind kind, uint32_t id, TypeId type, PlaceId parent = kNone, ExprOp op = ExprOp::None);
  PlaceId field(PlaceId object, FieldId id, TypeId type) { return place(PlaceKind::Field, id, type, object); }
  PlaceId deref(PlaceId pointer, TypeId type) { return place(PlaceKind::Deref, kNone, type, pointer); }
  PlaceId addressOf(PlaceId object, TypeId type) { return place(PlaceKind::AddressOf, kNone, type, object); }
  const Place &place(PlaceId id) const { return places_[id]; }
  int64_t constantAt(ConstantId id) const { return constants_[id]; }
  const RecordDraft &recordAt(RecordId id) const { return records_[id]; }
  const FunctionDraft &functionAt(FunctionId id) const { return functions_[id]; }

  UnitId unit(const UnitDraft &draft); // key: file and command
  void unitFile(UnitId unit, FileId file);
  void body(UnitId unit, BodyDraft draft);
  void nolint(LocationId location, NolintKind kind, StringId checks);

  /// Adds everything `other` says.
  void merge(const Facts &other);

  /// The canonical bytes of all that was added.
  std::vector<uint8_t> freeze() const;

private:
  friend class Freezer;
  using Hash = uint64_t;

  uint64_t hashOf(const BodyDraft &draft) const;
  Hash contentOfLocation(LocationId id) const;
  Hash contentOfType(TypeId id) const;
  Hash contentOfString(StringId id) const;
  uint32_t pickString(uint32_t a, uint32_t b) const;
  uint32_t pickLocation(uint32_t a, uint32_t b) const;
  uint32_t pickType(uint32_t a, uint32_t b) const;
  std::vector<TypeId> pickTypes(std::vector<TypeId> a, std::vector<TypeId> b) const;
  template <class Row> uint32_t pickEntity(const std::vector<Row> &rows, uint32_t a, uint32_t b) const;

  llvm::StringMap<StringId> stringIds_;
  std::vector<llvm::StringRef> strings_; // keys of stringIds_
  std::vector<Hash> stringHashes_;
  std::unordered_map<int64_t, ConstantId> constantIds_;
  std::vector<int64_t> constants_;
  llvm::DenseMap<StringId, FileId> fileIds_;
  std::vector<std::pair<StringId, FileFlag>> files_;
  llvm::DenseMap<std::tuple<FileId, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t>, LocationId> locationIds_;
  std::vector<LocationDraft> locations_;
  llvm::DenseMap<std::pair<StringId, unsigned>, TypeId> typeIds_;
  std::vector<TypeDraft> types_;
  llvm::DenseMap<StringId, RecordId> recordIds_;
  std::vector<RecordDraft> records_;
  llvm::DenseMap<std::tuple<RecordId, StringId, uint16_t>, FieldId> fieldIds_;
  std::vector<FieldDraft> fields_;
  std::set<std::tuple<RecordId, uint16_t, RecordId, bool>> bases_;
  llvm::DenseMap<StringId, VariableId> variableIds_;
  std::vector<VariableDraft> variables_;
  llvm::DenseMap<StringId, FunctionId> functionIds_;
  std::vector<FunctionDraft> functions_;
  std::set<std::tuple<VariableId, PlaceId, PlaceId>> initials_;
  std::set<std::pair<FunctionId, FunctionId>> overrides_;
  std::set<std::tuple<OwnerKind, uint32_t, AttributeKind, std::vector<PlaceId>, int8_t>> attributes_;
  llvm::DenseMap<std::tuple<PlaceKind, uint32_t, PlaceId, ExprOp, TypeId>, PlaceId> placeIds_;
  std::vector<Place> places_;
  std::vector<Hash> placeHashes_;
  std::vector<uint32_t> placeDepths_;
  std::map<std::pair<FunctionId, uint64_t>, BodyId> bodyIds_;
  std::vector<std::pair<uint64_t, BodyDraft>> bodies_;
  std::map<std::pair<FileId, StringId>, UnitId> unitIds_;
  std::vector<UnitDraft> units_;
  std::set<std::pair<UnitId, BodyId>> unitBodies_;
  std::set<std::pair<UnitId, VariableId>> unitVariables_; // of merged facts; one unit's follow from what it defines
  std::set<std::pair<UnitId, FileId>> unitFiles_;
  std::set<std::tuple<LocationId, NolintKind, StringId>> nolints_;
};

} // namespace heddle::facts
